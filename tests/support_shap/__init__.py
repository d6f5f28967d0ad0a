"""Shapley values by their definition, cell by cell, and models as plain functions of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
import pyarrow as pa

Row = Mapping[str, Any]
Model = Callable[[Row], Sequence[float]]


def table(**columns: Sequence[Any] | pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({name: pa.array(cells) for name, cells in columns.items()})


def scores(model: Model) -> Callable[[pa.RecordBatch], np.ndarray]:
    """Ask a model about each row, as Python's values."""
    return lambda batch: np.array([model(row) for row in batch.to_pylist()], dtype=float)


def by_definition(
    model: Model, row: Row, baseline: Sequence[Row], link: Callable[[Any], Any] = lambda mean: mean
) -> np.ndarray:
    """Return what each feature adds when it joins, over all orders; shape (features, classes)."""

    @cache
    def value(joined: frozenset[str]) -> np.ndarray:
        mixed = [{name: (row if name in joined else of)[name] for name in row} for of in baseline]
        return np.asarray(link(np.mean([model(one) for one in mixed], axis=0)))

    orders = list(permutations(row))
    added = {name: np.zeros_like(value(frozenset())) for name in row}
    for order in orders:
        joined: frozenset[str] = frozenset()
        for name in order:
            before, joined = joined, joined | {name}
            added[name] += value(joined) - value(before)
    return np.array([added[name] / len(orders) for name in row])


def all_by_definition(model: Model, rows: pa.RecordBatch, baseline: pa.RecordBatch) -> np.ndarray:
    return np.array([by_definition(model, row, baseline.to_pylist()) for row in rows.to_pylist()])


def numbers(rng: np.random.Generator, rows: int, features: int) -> pa.RecordBatch:
    """Make rows of which no cell comes twice."""
    return pa.RecordBatch.from_arrays(
        [pa.array(rng.normal(size=rows)) for _ in range(features)],
        names=[f"x{place}" for place in range(features)],
    )


class Watched:
    """A model that remembers what it was asked."""

    def __init__(self, ask: Callable[[pa.RecordBatch], np.ndarray]) -> None:
        self._ask = ask
        self.batches: list[pa.RecordBatch] = []

    def __call__(self, batch: pa.RecordBatch) -> np.ndarray:
        self.batches.append(batch)
        return self._ask(batch)

    @property
    def rows(self) -> list[int]:
        return [len(batch) for batch in self.batches]
