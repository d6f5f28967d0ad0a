"""Rows as points, and the centre of some of them as a row."""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The categories of a column that get a coordinate each, the most frequent ones; the rest share
#: one, so that a column of names does not outweigh all others.
MAX_CATEGORIES: Final = 20


class Encoding(Protocol):
    """One column of a sample."""

    def coordinates(self) -> Floats:
        """Return shape ``(rows, coordinates)``."""
        ...

    def centre(self, members: NDArray[np.bool_]) -> Any:
        """Return the value that stands for some of the rows, as the column could hold it."""
        ...


def encoding(cells: pa.Array) -> Encoding:
    """Return how a column is turned into coordinates and back."""
    if pa.types.is_string(cells.type) or pa.types.is_boolean(cells.type):
        return Categories(cells)
    return Numbers(cells)


class Numbers:
    """A column of numbers: one coordinate, with mean 0 and variance 1.

    Missing and infinite cells lie at the mean. The centre is the mean of the members' own numbers;
    of integers it is rounded, so that a model that reads integers gets one.
    """

    def __init__(self, cells: pa.Array) -> None:
        numbers = cells.to_numpy(zero_copy_only=False).astype(np.float64)
        self._is_int = pa.types.is_integer(cells.type)
        self._filled = np.isfinite(numbers)
        # In units of the largest number sums cannot overflow.
        self._unit = float(np.max(np.abs(numbers), where=self._filled, initial=0)) or 1.0
        self._numbers = np.where(self._filled, numbers, 0) / self._unit

    def coordinates(self) -> Floats:
        """Return the scaled numbers."""
        if not self._filled.any():
            return np.zeros((len(self._numbers), 1))
        known = self._numbers[self._filled]
        centred = np.where(self._filled, self._numbers - known.mean(), 0)
        spread: float = known.std()
        return (centred / spread if spread else centred)[:, np.newaxis]

    def centre(self, members: NDArray[np.bool_]) -> int | float | None:
        """Return the mean; that of all rows where the members have no number; None without any."""
        chosen = members & self._filled
        if not chosen.any():
            chosen = self._filled
        if not chosen.any():
            return None
        mean = float(self._numbers[chosen].mean()) * self._unit
        return round(mean) if self._is_int else mean


class Categories:
    """A column of texts or booleans: a coordinate of 0 or 1 for each category.

    Missing cells count as the most frequent category. The centre is the members' most frequent
    category, the smaller one of two that are equally frequent.
    """

    def __init__(self, cells: pa.Array) -> None:
        encoded = cells.dictionary_encode()
        values = encoded.dictionary.to_pylist()
        order = sorted(range(len(values)), key=values.__getitem__)
        self._values = [values[place] for place in order]
        rank = np.argsort(order)
        codes = encoded.indices.fill_null(-1).to_numpy()
        self._codes = np.where(codes < 0, -1, rank[codes]) if values else np.full(len(codes), -1)

    def coordinates(self) -> Floats:
        """Return zeros and ones."""
        if not self._values:
            return np.zeros((len(self._codes), 1))
        counts = np.bincount(self._codes[self._codes >= 0], minlength=len(self._values))
        frequent = np.argsort(-counts, kind="stable")
        places = np.empty(len(frequent), np.int64)
        places[frequent] = np.minimum(np.arange(len(frequent)), MAX_CATEGORIES)
        filled = np.where(self._codes < 0, frequent[0], self._codes)
        return np.eye(int(places.max()) + 1)[places[filled]]

    def centre(self, members: NDArray[np.bool_]) -> Any:
        """Return the most frequent category; of all rows where the members have none; else None."""
        codes = self._codes[members & (self._codes >= 0)]
        if not len(codes):
            codes = self._codes[self._codes >= 0]
        return self._values[int(np.bincount(codes).argmax())] if len(codes) else None
