"""The exact median of each column of more rows than memory holds."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from clarify_engine.shap.design import Floats

Keys = NDArray[np.uint64]

#: Bytes that are read back at a time.
_READ: Final = 1 << 22
#: Bits that one pass over the file settles, from the highest on.
_BITS: Final = 16
#: Columns of which values are counted in one pass; each takes 2 counts of 2^16 integers.
_COLUMNS: Final = 32
_SIGN: Final = np.uint64(1 << 63)


class ColumnMedians:
    """Medians of columns, from a file without a name that ends with the process.

    Found by radix selection: numbers are read as integers of the same order, and each pass counts
    their next 16 bits, so four passes find the number of any rank in memory that no number of rows
    makes grow.

    Parameters
    ----------
    columns
        How many columns rows have.
    """

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._rows = 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        weakref.finalize(self, self._file.close)

    def update(self, rows: Floats) -> None:
        """Take in rows, shape ``(rows, columns)``."""
        self._file.write(np.ascontiguousarray(rows).data)
        self._rows += len(rows)

    def result(self) -> Floats:
        """Return the medians, shape ``(columns,)``; of an even number, the mean of the middle two.

        NaN if there are no rows.
        """
        if not self._rows:
            return np.full(self._columns, np.nan)
        low = self._ranked((self._rows - 1) // 2)
        high = low if self._rows % 2 else self._ranked(self._rows // 2)
        return np.asarray((low + high) / 2)

    def _ranked(self, rank: int) -> Floats:
        """Return the value of each column that has so many before it in order."""
        found = np.zeros(self._columns, dtype=np.uint64)
        for first in range(0, self._columns, _COLUMNS):
            some = slice(first, first + _COLUMNS)
            found[some] = self._select(some, rank)
        return np.where(found & _SIGN, found & ~_SIGN, ~found).view(np.float64)

    def _select(self, some: slice, rank: int) -> Keys:
        """Return the keys of that rank, 16 bits in each pass."""
        width = len(range(*some.indices(self._columns)))
        prefix = np.zeros(width, dtype=np.uint64)
        left = np.full(width, rank)
        for shift in range(64 - _BITS, -1, -_BITS):
            counts = np.zeros((width, 1 << _BITS), dtype=np.int64)
            for keys in self._read(some):
                for column in range(width):
                    digits = keys[:, column] >> np.uint64(shift)
                    if shift + _BITS < 64:
                        alike = digits >> np.uint64(_BITS) == prefix[column]
                        digits = digits[alike] & np.uint64((1 << _BITS) - 1)
                    counts[column] += np.bincount(digits.astype(np.intp), minlength=1 << _BITS)
            before = np.cumsum(counts, axis=1)
            digit = (before <= left[:, None]).sum(axis=1)
            each = np.arange(width)
            left -= before[each, digit] - counts[each, digit]
            prefix = prefix << np.uint64(_BITS) | digit.astype(np.uint64)
        return prefix

    def _read(self, some: slice) -> Iterator[Keys]:
        """Yield some columns of all rows as integers of the same order as the numbers."""
        self._file.seek(0)
        row = 8 * self._columns
        while block := self._file.read(max(1, _READ // row) * row):
            bits = np.frombuffer(block, dtype=np.uint64).reshape(-1, self._columns)[:, some]
            yield np.where(bits & _SIGN, ~bits, bits | _SIGN)
        self._file.seek(0, 2)
