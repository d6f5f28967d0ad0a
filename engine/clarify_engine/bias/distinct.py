"""How many distinct integers a column has, in one pass and bounded memory."""

from __future__ import annotations

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

#: Width of the range of values up to which every value has a mark of its own (one byte each).
DENSE_RANGE: Final = 1 << 22
#: Values that are held, once the range is wider; beyond, only a sample of the values is.
SAMPLE_SIZE: Final = 1 << 20

Ints = NDArray[np.int64]


class DistinctInts:
    """A set of integers that only tells its size.

    The size is exact for a range of up to `DENSE_RANGE` values and for up to `sample_size` values
    of any range. Beyond that it is an estimate from those values whose hash ends in n zero bits, n
    growing so that at most `sample_size` are held (adaptive sampling, Flajolet 1990): with 2**20 of
    them its error is about 0.1 %. Which values are sampled depends on the values only, so that
    neither order nor merging changes the size.

    Parameters
    ----------
    sample_size
        Values that are held at most.
    """

    def __init__(self, sample_size: int = SAMPLE_SIZE) -> None:
        self._sample_size = sample_size
        self._dense = True
        self._low = 0
        self._marks = np.zeros(0, dtype=np.bool_)
        self._sample = np.zeros(0, dtype=np.int64)
        self._pending: list[Ints] = []
        self._zero_bits = 0

    def __len__(self) -> int:
        """Return the number of distinct values, exact or estimated."""
        if self._dense:
            return int(np.count_nonzero(self._marks))
        self._settle()
        return len(self._sample) << self._zero_bits

    def add(self, values: Ints) -> None:
        """Add values."""
        if not len(values):
            return
        low, high = int(values.min()), int(values.max())
        self._make_room(low, high)
        if not self._dense:
            self._add_to_sample(values)
            return
        marks = self._marks[low - self._low : high - self._low + 1]
        # A narrow range is soon complete, and then there is nothing to do for its values.
        if high - low >= len(values) or not marks.all():
            marks[values - low] = True

    def merge(self, other: Self) -> None:
        """Add the values of another set, which must have the same `sample_size`."""
        if other._dense:
            self.add(np.flatnonzero(other._marks) + other._low)
            return
        self._give_up_marks()
        self._zero_bits = max(self._zero_bits, other._zero_bits)
        self._pending += [other._sample, *other._pending]
        self._settle()

    def _make_room(self, low: int, high: int) -> None:
        """Have marks for a range, or go over to a sample if it is too wide."""
        if not self._dense:
            return
        size = len(self._marks)
        if size:
            low, high = min(low, self._low), max(high, self._low + size - 1)
        if high - low >= DENSE_RANGE:
            self._give_up_marks()
        elif high - low >= size:
            marks = np.zeros(high - low + 1, dtype=np.bool_)
            marks[self._low - low : self._low - low + size] = self._marks
            self._low, self._marks = low, marks

    def _give_up_marks(self) -> None:
        self._add_to_sample(np.flatnonzero(self._marks) + self._low)
        self._marks = np.zeros(0, dtype=np.bool_)
        self._dense = False

    def _add_to_sample(self, values: Ints) -> None:
        self._pending.append(np.unique(self._sampled(values)))
        if sum(map(len, self._pending)) > max(len(self._sample), 1 << 16):
            self._settle()

    def _settle(self) -> None:
        self._sample = self._sampled(np.unique(np.concatenate([self._sample, *self._pending])))
        self._pending = []
        while len(self._sample) > self._sample_size:
            self._zero_bits += 1
            self._sample = self._sampled(self._sample)

    def _sampled(self, values: Ints) -> Ints:
        if self._zero_bits == 0:
            return values
        # The finalizer of splitmix64: every bit of a value moves every bit of its hash.
        mixed = values.astype(np.uint64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
        kept: Ints = values[mixed & np.uint64((1 << self._zero_bits) - 1) == 0]
        return kept
