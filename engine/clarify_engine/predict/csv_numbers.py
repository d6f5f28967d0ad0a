"""Scores in CSV as an array, without a Python object for each: a fast way with narrow doors."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

_WIDEST: Final = 1000
"""Columns beyond this are read faster by the careful way."""
_OF_NUMBERS: Final = b"0123456789eE+-.,\r\n "


def csv_numbers(body: bytes, count: int) -> np.ndarray[Any, Any] | None:
    """Return a CSV body of finite numbers as an array, shape (records, columns).

    `0.6,0.3` is two records of one number if two records were sent, else one record of two.

    Parameters
    ----------
    body
        A response.
    count
        Number of records that were sent.

    Returns
    -------
    numpy.ndarray or None
        `None` if the body is anything else than plain finite numbers, as many in each of `count`
        lines: quotes, empty cells, words such as `nan`. The careful way then finds out what it is.
    """
    if body.translate(None, _OF_NUMBERS):
        return None
    body = body.strip(b"\r\n")
    if b"\n" not in body and count > 1:
        if b"\r" in body or body.count(b",") + 1 != count:
            return None
        body = body.replace(b",", b"\n")
    width = body.partition(b"\n")[0].count(b",") + 1
    if not body or width > _WIDEST:
        return None
    names = [str(index) for index in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(body),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False),
            pyarrow.csv.ParseOptions(quote_char=False),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.float64()), null_values=[]
            ),
        )
    except pa.ArrowInvalid:
        return None
    numbers = np.column_stack([column.to_numpy() for column in table.columns])
    return numbers if len(numbers) == count and np.isfinite(numbers).all() else None
