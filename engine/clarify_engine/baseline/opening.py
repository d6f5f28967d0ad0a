"""From a config to the rows of its baseline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from clarify_contract import AnalysisConfig
from clarify_engine.baseline.cells import typed_rows
from clarify_engine.baseline.computing import computed_baseline
from clarify_engine.baseline.given import rows_in_files, rows_in_place
from clarify_engine.baseline.problems import PATH
from clarify_engine.baseline.rows import Baseline
from clarify_engine.data import Dataset
from clarify_engine.data.roles import JSON_TYPES
from clarify_engine.errors import AnalysisError


def open_baseline(
    config: AnalysisConfig,
    dataset: Dataset,
    fetch: Callable[[str], Path],
    *,
    seed: int,
    tell: Callable[[int], None],
    schema: pa.Schema | None = None,
) -> Baseline:
    """Return the baseline that a config gives, or one computed from the dataset.

    Parameters
    ----------
    config
        The analysis config; it has the key `methods.shap`.
    dataset
        Whose features and types the baseline has. Types, and a computed baseline, need a pass over
        all rows.
    fetch
        Gives a local path for an S3 URI.
    seed
        Makes a computed baseline repeatable.
    tell
        Is told how many rows that pass has seen.
    schema
        Types of the features where a pass has settled them: a given baseline needs none then.

    Raises
    ------
    AnalysisError
        The dataset has no rows. Or a given baseline cannot be read, has no rows, or has one of
        another width or type than the dataset's: the finding names the row, and the column.
    """
    shap = config.methods.shap
    if shap is None:
        raise ValueError("config: expected one with methods.shap")
    if shap.baseline is None:
        return computed_baseline(dataset, shap.num_clusters, seed, tell)
    if schema is None:
        schema = dataset.scan(dataset.features, lambda: _Types(tell)).schema
    if not schema.names:
        raise AnalysisError("The dataset has no rows.")
    in_files = isinstance(shap.baseline, str)
    if isinstance(shap.baseline, str):
        rows = rows_in_files(config, dataset, shap.baseline, fetch)
    else:
        rows = rows_in_place(config, shap.baseline)
    record = dataset.features
    if config.dataset_type in JSON_TYPES:
        # `features` finds a whole record's values, those of excluded columns too.
        labels = (dataset.label, dataset.predicted_label)
        record = tuple(name for name in dataset.columns if name not in labels)
    csv = in_files and config.dataset_type == "text/csv"
    given = typed_rows(list(rows), schema, record, "baseline" if in_files else PATH, csv=csv)
    return Baseline(given, computed=False, clusters=None)


class _Types:
    """The types of columns, after a pass."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._rows = 0
        self.schema: pa.Schema = pa.schema([])

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        self.schema = batch.schema
        self._rows += batch.num_rows
        self._tell(self._rows)
