"""Local values become global ones: one number for each feature and class."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from clarify_engine.shap.design import Floats
from clarify_engine.shap.median import ColumnMedians

Aggregation = Literal["mean_abs", "median", "mean_sq"]

#: Rows that are summed at a time, however they come: so the sums do not depend on that.
_ROWS: Final = 4096


class Aggregate:
    """The mean or median of local values over all rows, in memory of one batch.

    Parameters
    ----------
    method
        `mean_abs`: mean of absolute values. `mean_sq`: mean of squares. `median`: median of the
        values themselves, signs and all, exact; values wait for it in a temporary file.
    """

    def __init__(self, method: Aggregation) -> None:
        self.method: Final = method
        self._shape: tuple[int, ...] | None = None
        self._rows = 0
        self._waiting: list[Floats] = []
        self._sums: Floats
        self._medians: ColumnMedians

    def update(self, values: Floats) -> None:
        """Take in the values of some rows, shape ``(rows, features, classes)``."""
        if self._shape is None:
            self._shape = values.shape[1:]
            self._sums = np.zeros(self._shape)
            if self.method == "median":
                self._medians = ColumnMedians(self._sums.size)
        self._rows += len(values)
        if self.method == "median":
            self._medians.update(values.reshape(len(values), self._sums.size))
            return
        self._waiting.append(np.abs(values) if self.method == "mean_abs" else np.square(values))
        if sum(map(len, self._waiting)) >= _ROWS:
            rows = np.concatenate(self._waiting)
            whole = len(rows) // _ROWS * _ROWS
            for at in range(0, whole, _ROWS):
                self._sums += rows[at : at + _ROWS].sum(axis=0)
            self._waiting = [rows[whole:]]

    def result(self) -> Floats:
        """Return the global values, shape ``(features, classes)``.

        Raises
        ------
        ValueError
            If there have been no rows.
        """
        if self._shape is None or not self._rows:
            raise ValueError("no values to aggregate")
        if self.method == "median":
            return self._medians.result().reshape(self._shape)
        rest = np.concatenate(self._waiting).sum(axis=0)
        return np.asarray((self._sums + rest) / self._rows)
