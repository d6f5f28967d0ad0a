"""The cells of one column in one block of rows, ready to be asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from clarify_engine.bias.datatype import Kind
from clarify_engine.bias.readings import Above, Reading

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_INT64: Final = np.iinfo(np.int64)
_ARROW_TYPES: Final[dict[Kind, pa.DataType]] = {
    "int": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "text": pa.string(),
}


def kind_of(data_type: pa.DataType) -> Kind:
    """Return what a column of an Arrow type holds.

    Raises
    ------
    TypeError
        The type is none of integer, float, bool and string.
    """
    if pa.types.is_dictionary(data_type):
        return kind_of(data_type.value_type)
    if pa.types.is_integer(data_type):
        return "int"
    if pa.types.is_floating(data_type) or pa.types.is_null(data_type):
        return "double"
    if pa.types.is_boolean(data_type):
        return "bool"
    if pa.types.is_string(data_type) or pa.types.is_large_string(data_type):
        return "text"
    raise TypeError(f"no bias metric is defined for a column of type {data_type}")


def plain(array: pa.Array, kind: Kind) -> pa.Array:
    """Return a column's cells in the one Arrow type of its kind."""
    wanted = _ARROW_TYPES[kind]
    if array.type != wanted:
        array = array.cast(wanted)
    return array


@dataclass(frozen=True)
class Block:
    """Cells of one column.

    Attributes
    ----------
    cells
        The cells themselves, missing ones too.
    numbers
        Shape ``(n,)``: their values as numbers, any number where a cell is missing. None for texts
        that are not all integers.
    valid
        Shape ``(n,)``: which cells have a value; None if all have.
    keys
        Integers, as many distinct ones as there are distinct values; None where nobody asks.
    castable
        False for texts that are not all integers.
    parsable
        False for texts that Python takes for integers and a CSV reader does not (``1_000``).
    """

    cells: pa.Array
    numbers: NDArray[Any] | None
    valid: Bools | None
    keys: Ints | None = None
    castable: bool = True
    parsable: bool = True

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def filled(self) -> int:
        """Number of cells that have a value."""
        return len(self) if self.valid is None else int(np.count_nonzero(self.valid))

    def range(self) -> tuple[int | float, int | float] | None:
        """Return the least and the greatest number, or None if there is none."""
        if self.numbers is None or self.numbers.dtype == np.bool_:
            return None
        numbers = self.numbers if self.valid is None else self.numbers[self.valid]
        return (numbers.min().item(), numbers.max().item()) if len(numbers) else None

    def answers(self, reading: Reading) -> Bools:
        """Return for each cell whether a reading holds; never for a missing one."""
        if isinstance(reading, Above):
            found = self._above(reading)
        elif pa.types.is_string(self.cells.type):
            return _as_bools(pc.is_in(self.cells, value_set=pa.array(reading.values, pa.string())))
        else:
            found = self._among(reading.values)
        return found if self.valid is None else found & self.valid

    def _among(self, values: tuple[Any, ...]) -> Bools:
        if self.numbers is None or not values:
            return np.zeros(len(self), dtype=np.bool_)
        if len(values) > 4:
            return np.isin(self.numbers, np.array(values))
        return reduce(np.logical_or, (self.numbers == value for value in values))

    def _above(self, reading: Above) -> Bools:
        threshold = reading.threshold
        if self.numbers is None:
            return np.zeros(len(self), dtype=np.bool_)
        if self.numbers.dtype == np.int64 and math.isfinite(threshold):
            # Compared as integers: as floats, integers from 2**53 would be rounded first.
            threshold = math.floor(threshold)
            if not _INT64.min <= threshold <= _INT64.max:
                return np.full(len(self), threshold < 0)
        numbers = np.trunc(self.numbers) if reading.whole else self.numbers
        above: Bools = numbers > threshold
        return above


def read_block(array: pa.Array, kind: Kind, *, integers: bool) -> Block:
    """Return the cells of one column.

    Parameters
    ----------
    array
        The cells.
    kind
        What the column holds.
    integers
        Whether anybody asks if the column's texts are integers.
    """
    cells = plain(array, kind)
    if kind == "text":
        return _read_texts(cells) if integers else Block(cells, None, _valid(cells), castable=False)
    if kind == "double":
        numbers = cells.to_numpy(zero_copy_only=False)  # missing cells are NaN here
        missing = np.isnan(numbers)
        return Block(cells, numbers, ~missing if missing.any() else None)
    valid = _valid(cells)
    filled = cells if valid is None else cells.fill_null(0 if kind == "int" else False)
    numbers = filled.to_numpy(zero_copy_only=False)
    keys = (numbers if valid is None else numbers[valid]) if kind == "int" else None
    return Block(cells, numbers, valid, keys)


def _read_texts(cells: pa.Array) -> Block:
    valid = _valid(cells)
    texts = cells if valid is None else cells.drop_null()
    integers = _as_integers(texts)
    if integers is None:
        return Block(cells, None, valid, castable=False)
    values, keys, parsable = integers
    numbers = values
    if valid is not None:
        numbers = np.zeros(len(cells), dtype=np.int64)
        numbers[valid] = values
    return Block(cells, numbers, valid, keys, parsable=parsable)


def _as_integers(texts: pa.Array) -> tuple[Ints, Ints, bool] | None:
    """Return texts as integers, a key for each distinct text, and whether a CSV reader agrees."""
    if len(texts) and _integer(texts[0].as_py()) is None:
        return None  # the usual end: one text tells that the column is no column of integers
    try:
        numbers = texts.cast(pa.int64())
    except pa.ArrowInvalid:
        return _spelled_integers(texts)
    if not pc.all(pc.equal(numbers.cast(pa.string()), texts)).as_py() and len(texts):
        return _spelled_integers(texts)
    values = numbers.to_numpy()
    return values, values, True


def _spelled_integers(texts: pa.Array) -> tuple[Ints, Ints, bool] | None:
    """Do the same for texts such as ``007``, ``+1`` and `` 1``, one distinct text after another."""
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    values = [_integer(text) for text in distinct]
    if None in values:
        return None
    # Two spellings of one number are two values: a text that is not its number's own has a hash.
    keys = [
        value if str(value) == text else _hash(text)
        for text, value in zip(distinct, values, strict=True)
    ]
    numbers = np.array(values, dtype=np.int64)[encoded.indices.to_numpy()]
    return numbers, np.array(keys, dtype=np.int64), not any("_" in text for text in distinct)


def _integer(text: str) -> int | None:
    try:
        value = int(text)
    except ValueError:
        return None
    return value if _INT64.min <= value <= _INT64.max else None


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _valid(cells: pa.Array) -> Bools | None:
    return None if cells.null_count == 0 else _as_bools(cells.is_valid())


def _as_bools(array: pa.Array) -> Bools:
    bools: Bools = array.to_numpy(zero_copy_only=False)
    return bools
