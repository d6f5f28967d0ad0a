"""A baseline, however it came about."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from clarify_contract.findings import Finding


@dataclass(frozen=True, slots=True)
class Baseline:
    """Rows that say what it means that a feature is absent.

    Attributes
    ----------
    rows
        The columns that are sent to the model, in their order and with the dataset's types, but
        for one: a column of integers for which the baseline gives a fraction is ``double``, since
        column means are a usual baseline. Cells may be null.
    computed
        Whether the rows were computed from the dataset, and not given.
    clusters
        How many clusters the dataset was cut into; None if the rows were given.
    warnings
        What may mislead.
    """

    rows: pa.RecordBatch
    computed: bool
    clusters: int | None
    warnings: tuple[Finding, ...] = ()

    def write_csv(self, path: Path) -> None:
        """Write a header row and the rows, features only, as `csv.excel`; null is an empty cell."""
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(self.rows.schema.names)
            writer.writerows(row.values() for row in self.rows.to_pylist())
