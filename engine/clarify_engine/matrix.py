"""A table of numbers as a matrix, as most models want it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Rows that are filled in at a time: the columns of the matrix then meet in the processor's cache.
_ROWS: Final = 4096


def to_matrix(batch: pa.RecordBatch) -> Floats:
    """Return the cells of numeric and boolean columns as numbers.

    Parameters
    ----------
    batch
        Rows; columns may be dictionaries.

    Returns
    -------
    array
        Shape ``(rows, columns)``, C-contiguous; truth values are 0 and 1, nulls are NaN.

    Raises
    ------
    TypeError
        If a column is neither numeric nor boolean.
    """
    matrix = np.empty((batch.num_rows, batch.num_columns))
    columns = [_values(column) for column in batch.columns]
    for at in range(0, batch.num_rows, _ROWS):
        cut = slice(at, at + _ROWS)
        for place, (values, indices) in enumerate(columns):
            matrix[cut, place] = values[cut] if indices is None else values[indices[cut]]
    return matrix


def _values(column: pa.Array) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int32]] | None]:
    """Return a column's numbers, and which of them comes where if it is a dictionary."""
    if not pa.types.is_dictionary(column.type):
        return _numbers(column), None
    if column.indices.null_count:
        return _numbers(column.dictionary_decode()), None
    return _numbers(column.dictionary), np.asarray(column.indices)


def _numbers(array: pa.Array) -> Floats:
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.int8())
    if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        raise TypeError(f"a matrix of numbers has no column of type {array.type}")
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64)
