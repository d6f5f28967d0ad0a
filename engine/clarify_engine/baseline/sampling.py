"""A random sample of a dataset's rows, taken in one pass and the memory of the sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from clarify_engine.errors import AnalysisError


class RowSample:
    """Takes in all rows and keeps some of them, each as likely as any other.

    Every row draws a number and those with the smallest are kept. The numbers come in the order of
    the rows, so that the sample does not depend on how these are cut into batches.

    Parameters
    ----------
    size
        How many rows are kept; all, if there are fewer.
    seed
        Which rows: same seed, same rows.
    tell
        Is told how many rows have been seen.
    """

    def __init__(self, size: int, seed: int, tell: Callable[[int], None]) -> None:
        self._size = size
        self._random = np.random.default_rng(seed)
        self._tell = tell
        self._batches: list[pa.RecordBatch] = []
        self._draws = np.zeros(0)
        self._limit = np.inf
        self.rows = 0

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        draws = self._random.random(batch.num_rows)
        kept = np.flatnonzero(draws < self._limit)
        if len(kept):
            self._batches.append(batch.take(pa.array(kept)))
            self._draws = np.concatenate([self._draws, draws[kept]])
        if len(self._draws) > 2 * self._size:
            self._drop()
        self.rows += batch.num_rows
        self._tell(self.rows)

    def table(self) -> pa.Table:
        """Return the sample, its rows in the order of the dataset.

        Raises
        ------
        AnalysisError
            If there was no row.
        """
        if not self.rows:
            raise AnalysisError("The dataset has no rows.")
        self._drop()
        return pa.Table.from_batches(self._batches)

    def _drop(self) -> None:
        """Drop all but the smallest draws."""
        if len(self._draws) <= self._size:
            return
        self._limit = float(np.partition(self._draws, self._size - 1)[self._size - 1])
        kept = np.flatnonzero(self._draws <= self._limit)
        table = pa.Table.from_batches(self._batches).take(pa.array(kept)).combine_chunks()
        self._batches = table.to_batches()
        self._draws = self._draws[kept]
