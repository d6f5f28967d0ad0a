"""Explains the rows of one pass, slice by slice, and keeps what the results need of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clarify_engine.report.sample import SAMPLE_ROWS, ShapSample
from clarify_engine.shap import Aggregate, KernelShap, LocalValues
from clarify_engine.steps.meter import Meter

# Rows of a slice share the work on a coalition design, and their values are in memory together.
_SLICE: Final = 8192


class ExplainRows:
    """Takes in rows and explains each.

    Parameters
    ----------
    kernel
        What explains them.
    features
        The columns that are sent to the model.
    places
        Which of them are reported, as positions.
    aggregate, sample
        Take in the values.
    local, join
        Where to write each row's values and the column that identifies it; `None` for nowhere and
        for none.
    meter
        Is told how many rows are explained.
    """

    def __init__(
        self,
        kernel: KernelShap,
        features: Sequence[str],
        places: Sequence[int],
        *,
        aggregate: Aggregate,
        sample: Sample,
        local: LocalValues | None,
        join: str | None,
        meter: Meter,
    ) -> None:
        self._kernel = kernel
        self._features = list(features)
        self._places = list(places)
        self._local = local
        self._join = join
        self._meter = meter
        self._rows = 0
        self.aggregate = aggregate
        self.sample = sample

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        for start in range(0, batch.num_rows, _SLICE):
            rows = batch.slice(start, _SLICE)
            explained = rows.select(self._features)
            values = self._kernel.explain(explained)[:, self._places]
            self.aggregate.update(values)
            self.sample.update(explained.select(self._places), values)
            if self._local is not None:
                self._local.write(values, None if self._join is None else rows.column(self._join))
            self._rows += rows.num_rows
            self._meter.rows(self._rows)


class Sample:
    """Keeps some rows, drawn before the first is seen, with their values.

    Parameters
    ----------
    rows
        How many rows there will be.
    seed
        What is drawn with.
    """

    def __init__(self, rows: int, seed: int) -> None:
        drawn = np.random.default_rng(seed).choice(rows, min(rows, SAMPLE_ROWS), replace=False)
        self._chosen = np.sort(drawn)
        self._seen = 0
        self._rows: list[pa.RecordBatch] = []
        self._values: list[NDArray[np.float64]] = []

    def update(self, rows: pa.RecordBatch, values: NDArray[np.float64]) -> None:
        """Take in the next rows, and their values of shape ``(rows, features, classes)``."""
        ends = np.searchsorted(self._chosen, [self._seen, self._seen + rows.num_rows])
        places = self._chosen[slice(*ends.tolist())] - self._seen
        self._seen += rows.num_rows
        if len(places):
            self._rows.append(rows.take(pa.array(places)))
            self._values.append(values[places])

    def taken(self, labels: Sequence[str]) -> ShapSample:
        """Return the sample, whose classes have these keys."""
        table: Any = pa.Table.from_batches(self._rows).combine_chunks()
        return ShapSample.of(table.to_batches()[0], np.concatenate(self._values), labels)
