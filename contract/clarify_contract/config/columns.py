"""Which columns a config speaks of: names, positions, and what is sent to the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clarify_contract.config.keys import AnalysisKeys

TABLES = ("text/csv", "application/x-parquet")
JSON_KINDS = ("application/jsonlines", "application/json")


def has_columns(config: AnalysisKeys) -> bool:
    """Return whether the dataset is a table with feature columns, in whatever format."""
    kinds = (*TABLES, *JSON_KINDS)
    return config.dataset_type in kinds and config.time_series_data_config is None


def name_of(column: str | int, columns: Sequence[str]) -> str | None:
    """Return the name of a column given by name or index, or None where there is no such column."""
    if isinstance(column, int):
        return columns[column] if column < len(columns) else None
    return column if column in columns else None


def sent_columns(config: AnalysisKeys, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the features: the columns that are sent to the model, in the dataset's order.

    Parameters
    ----------
    columns
        All columns of the dataset. The JSON kinds have features, then label, then predicted label.

    Returns
    -------
    tuple of str
        Without label, predicted label, join column and excluded columns.
    """
    if config.dataset_type in TABLES:
        apart = [config.label, config.joinsource_name_or_index, *(config.excluded_columns or ())]
        if config.predicted_label_dataset_uri is None:
            apart.append(config.predicted_label)
        features: Sequence[str] = columns
    else:
        apart = [config.joinsource_name_or_index, *(config.excluded_columns or ())]
        labels = sum(key is not None for key in (config.label, config.predicted_label))
        features = columns[: len(columns) - labels]
    left_out = {name_of(column, columns) for column in apart if column is not None}
    return tuple(name for name in features if name not in left_out)


def labels_in(config: AnalysisKeys) -> Iterator[tuple[str, str | int]]:
    """Yield key and column of the labels that a table holds in columns of its own."""
    if config.dataset_type not in TABLES:
        return
    if config.label is not None:
        yield "label", config.label
    if config.predicted_label is not None and config.predicted_label_dataset_uri is None:
        yield "predicted_label", config.predicted_label
