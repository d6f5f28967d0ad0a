"""The second pass of partial dependence: what the model says of every row at every value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clarify_contract.findings import Finding
from clarify_engine.pdp.curve import Curve
from clarify_engine.predict.scores import Scores

#: Rows made up for one call of the model: one call of 600,000 was slower than blocks like these.
BLOCK_ROWS: Final = 65_536

Tell = Callable[[int, int], None]
"""Is told how many rows have been seen, and how many predictions made."""


class PdpPredictions:
    """Takes in all rows and gives the partial dependence of a model on single features.

    The dependence on feature j at value v is the mean over all rows of the prediction for the row
    with v in the place of its own value of j (Friedman 2001, "Greedy function approximation",
    section 8.2; the method ``brute`` of scikit-learn). Memory is that of one block of rows.

    Values of an int column are asked for as floats, as they are: the centre of a bucket is seldom
    an integer, and a rounded one would be another point than the one written in the results.

    Parameters
    ----------
    curves
        What to compute, from `PdpGrid.curves`.
    features
        All columns that are sent to the model, in their order.
    scores
        The model.
    tell
        Is called after each call of the model.
    block_rows
        Rows made up for one call of the model, at most.
    """

    def __init__(
        self,
        curves: Sequence[Curve],
        features: Sequence[str],
        scores: Scores,
        tell: Tell = lambda rows, predictions: None,
        *,
        block_rows: int = BLOCK_ROWS,
    ) -> None:
        self._curves = tuple(curves)
        self._features = list(features)
        self._scores = scores
        self._tell = tell
        self._block_rows = block_rows
        self._counts = [np.zeros(len(curve.values), np.int64) for curve in self._curves]
        self._sums: list[NDArray[np.float64] | None] = [None] * len(self._curves)
        self.rows = 0
        self.predictions = 0

    @property
    def predictions_per_row(self) -> int:
        """How many predictions each row of the dataset costs."""
        return sum(len(curve.values) for curve in self._curves)

    @property
    def classes(self) -> int:
        """How many scores the model gives for a row; 0 where it was not asked."""
        return next((sums.shape[1] for sums in self._sums if sums is not None), 0)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Which features have no curve."""
        return tuple(_no_curve(curve) for curve in self._curves if curve.error is not None)

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        rows = batch.select(self._features)
        for place, curve in enumerate(self._curves):
            self._counts[place] += curve.counts(rows.column(curve.feature))
            self._predict(rows, place)
        self.rows += rows.num_rows
        self._tell(self.rows, self.predictions)

    def section(self, label_headers: Sequence[str]) -> list[dict[str, Any]]:
        """Return the section ``explanations.pdp`` of `analysis.json`.

        ``data_distribution`` has the shares of the rows that have a value, so that it adds up to 1.

        Parameters
        ----------
        label_headers
            A name for each of the `classes`.
        """
        return [
            self._entry(place, curve, list(label_headers))
            for place, curve in enumerate(self._curves)
        ]

    def _predict(self, rows: pa.RecordBatch, place: int) -> None:
        curve = self._curves[place]
        # Few rows with all values, not many rows with one: a call renders each of its rows' cells
        # once, however many values they are asked with.
        values_at_once = min(max(1, len(curve.values)), self._block_rows)
        rows_at_once = self._block_rows // values_at_once
        for first in range(0, len(curve.values), values_at_once):
            values = curve.values.slice(first, values_at_once)
            for start in range(0, rows.num_rows, rows_at_once):
                some = rows.slice(start, rows_at_once)
                scores = self._scores(_crossed(some, curve.feature, values))
                sums = scores.reshape(len(values), some.num_rows, -1).sum(axis=1)
                self._add(place, first, sums)
                self.predictions += len(scores)
                self._tell(self.rows, self.predictions)

    def _add(self, place: int, first: int, sums: NDArray[np.float64]) -> None:
        """Add the scores of some values, from the one at `first` on."""
        total = self._sums[place]
        if total is None:
            total = np.zeros((len(self._curves[place].values), sums.shape[1]))
            self._sums[place] = total
        total[first : first + len(sums)] += sums

    def _entry(self, place: int, curve: Curve, label_headers: list[str]) -> dict[str, Any]:
        entry: dict[str, Any] = {"feature_name": curve.feature, "data_type": curve.data_type}
        sums, counts = self._sums[place], self._counts[place]
        if sums is None:
            return {**entry, "error": curve.error}
        return {
            **entry,
            "feature_values": curve.values.to_pylist(),
            "data_distribution": (counts / counts.sum()).tolist(),
            "model_predictions": (sums / self.rows).T.tolist(),
            "label_headers": label_headers,
        }


def _crossed(rows: pa.RecordBatch, feature: str, values: pa.Array) -> pa.RecordBatch:
    """Return all rows with the first value, then all with the second, and so on.

    Columns are dictionaries of the cells that they repeat, so that a request renders a cell once.
    """
    every_row = pa.array(np.tile(np.arange(rows.num_rows, dtype=np.int32), len(values)))
    every_value = pa.array(np.repeat(np.arange(len(values), dtype=np.int32), rows.num_rows))
    return pa.record_batch(
        {
            name: pa.DictionaryArray.from_arrays(every_value, values)
            if name == feature
            else pa.DictionaryArray.from_arrays(every_row, cells)
            for name, cells in zip(rows.schema.names, rows.columns, strict=True)
        }
    )


def _no_curve(curve: Curve) -> Finding:
    return Finding(
        "pdp-no-curve",
        f"$.methods.pdp, column {curve.feature!r}",
        f"a column read as {curve.data_type}, without values to plot",
        "numbers, booleans, or texts that repeat",
        "Leave the column out of methods.pdp.features, or group its values.",
        severity="warning",
    )
