"""What each column is for: the config's names and indices as column names, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clarify_contract import AnalysisConfig
from clarify_engine.data.problems import (
    NO_FACET,
    NO_FEATURES,
    NO_GROUP,
    NO_JOIN,
    NO_LABEL,
    NO_NAMES,
    problem,
)

JSON_TYPES = ("application/json", "application/jsonlines")
PREDICTED_LABEL = "predicted_label"  # its name in a side dataset, unless the config gives another


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of a dataset by what they are for; all are names of `Dataset.columns`.

    Attributes
    ----------
    label
        The true outcome; None where the config has no label.
    predicted_label
        The outcome that a model has predicted already; None where it has to be asked, or is not
        needed.
    facets
        The columns of the config's facets, in their order.
    group_variable
        The column of subgroups, or None.
    features
        The columns that are sent to a model, in file order: all but label, predicted label, join
        column, excluded columns and the columns of side datasets.
    """

    label: str | None
    predicted_label: str | None
    facets: tuple[str, ...]
    group_variable: str | None
    features: tuple[str, ...]


def locate(
    name_or_index: str | int, columns: Sequence[str], message: str, path: str, dataset: str
) -> str:
    """Return the name of a column that is given by name or 0-based index.

    Raises
    ------
    AnalysisError
        With `message`: there is no such column.
    """
    if isinstance(name_or_index, int):
        if 0 <= name_or_index < len(columns):
            return columns[name_or_index]
        allowed = f"an index from 0 to {len(columns) - 1}"
    elif name_or_index in columns:
        return name_or_index
    else:
        allowed = f"one of the {len(columns)} columns of the {dataset}"
    raise problem(
        message,
        "column-not-found",
        path,
        given=repr(name_or_index),
        allowed=allowed,
        fix="Check the name's spelling and case, headers, and the file's header row.",
    )


def named_columns(config: AnalysisConfig) -> tuple[str, ...]:
    """Return the columns of the main dataset that the config addresses by name."""
    given: list[str | int | None] = [
        config.label,
        config.group_variable,
        config.joinsource_name_or_index,
        *(config.excluded_columns or ()),
    ]
    if config.predicted_label_dataset_uri is None:
        given.append(config.predicted_label)
    if config.facet_dataset_uri is None:
        given += [facet.name_or_index for facet in config.facet or ()]
    return tuple(name for name in given if isinstance(name, str))


def label_columns(config: AnalysisConfig, columns: Sequence[str]) -> tuple[str | None, str | None]:
    """Return label and predicted label among the main dataset's columns.

    In JSON datasets ``label`` and ``predicted_label`` are JMESPath expressions: their columns are
    the last ones, in this order.
    """
    in_main = config.predicted_label_dataset_uri is None
    predicted = config.predicted_label if in_main else None
    if config.dataset_type in JSON_TYPES:
        last = iter(reversed(columns))
        predicted_name = next(last) if predicted is not None else None
        return next(last) if config.label is not None else None, predicted_name
    return (
        None
        if config.label is None
        else locate(config.label, columns, NO_LABEL, "$.label", "dataset"),
        None
        if predicted is None
        else locate(predicted, columns, NO_LABEL, "$.predicted_label", "dataset"),
    )


def facet_columns(config: AnalysisConfig, columns: Sequence[str], dataset: str) -> tuple[str, ...]:
    """Return the facets' columns in the dataset that holds them."""
    return tuple(
        locate(facet.name_or_index, columns, NO_FACET, f"$.facet[{i}].name_or_index", dataset)
        for i, facet in enumerate(config.facet or ())
    )


def group_column(
    config: AnalysisConfig, columns: Sequence[str], facet_dataset: Sequence[str] = ()
) -> str | None:
    """Return the group variable's column: the main dataset's, or by name the facet dataset's."""
    variable = config.group_variable
    if variable is None:
        return None
    if isinstance(variable, str) and variable in facet_dataset and variable not in columns:
        return variable
    return locate(variable, columns, NO_GROUP, "$.group_variable", "dataset")


def join_column(config: AnalysisConfig, columns: Sequence[str]) -> str | None:
    """Return the column that identifies rows, or None."""
    key = config.joinsource_name_or_index
    if key is None:
        return None
    return locate(key, columns, NO_JOIN, "$.joinsource_name_or_index", "dataset")


def feature_columns(
    config: AnalysisConfig, columns: Sequence[str], without: Iterable[str | None]
) -> tuple[str, ...]:
    """Return the main dataset's columns that are sent to a model.

    Raises
    ------
    AnalysisError
        An excluded column does not exist, or none is left.
    """
    excluded = {
        locate(name, columns, NO_NAMES, f"$.excluded_columns[{i}]", "dataset")
        for i, name in enumerate(config.excluded_columns or ())
    }
    features = tuple(name for name in columns if name not in {*excluded, *without})
    if not features:
        raise problem(
            NO_FEATURES,
            "features-none",
            "dataset",
            given=f"{len(columns)} columns, all of them labels, join columns or excluded",
            allowed="one feature or more",
            fix="Check label, predicted_label and excluded_columns.",
        )
    return features
