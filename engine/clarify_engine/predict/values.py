"""Cells as text of a request: the value that the dataset has, in the words of CSV or of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clarify_engine.predict.problems import problem


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a column as texts.

    What an explanation asks about repeats few values many times, and comes as dictionary-encoded
    columns: each of their values is written once, however often it is sent.

    Parameters
    ----------
    column
        The values, or which of the known texts stands in each row; with nulls.
    write
        Writes a value.
    missing
        The text of a missing value.
    known
        Texts, the last of them `missing`; `None` if the column holds values.
    """

    column: pa.Array
    write: Callable[[Any], str]
    missing: str
    known: np.ndarray[Any, Any] | None = None

    @classmethod
    def of(cls, column: pa.Array, write: Callable[[Any], str], missing: str) -> Cells:
        """Take a plain or a dictionary-encoded column."""
        if not pa.types.is_dictionary(column.type):
            return cls(column, write, missing)
        known = [*_texts(column.dictionary, write, missing), missing]
        indices = column.indices.cast(pa.int64()).fill_null(len(known) - 1)
        return cls(indices, write, missing, np.array(known, dtype=object))

    def texts(self, start: int, stop: int) -> list[str]:
        """Return the cells of some rows."""
        part = self.column.slice(start, stop - start)
        if self.known is None:
            return _texts(part, self.write, self.missing)
        return self.known[part.to_numpy()].tolist()  # type: ignore[no-any-return]


def csv_cells(column: pa.Array) -> Cells:
    """Return a column's cells as fields of a CSV line.

    Whole numbers stay whole, floats are written as short as they can be read back, text is quoted,
    truth values are `True` and `False`, and a missing value (null or NaN) is an empty field.
    """
    text = pa.types.is_string(_values(column).type)
    return Cells.of(column, _csv_text if text else str, missing="")


def json_cells(column: pa.Array, name: str) -> Cells:
    """Return a column's cells as JSON; a missing value (null or NaN) is `null`.

    Raises
    ------
    AnalysisError
        If a cell is infinite: JSON has no word for it. The finding names the column.
    """
    values = _values(column)
    if pa.types.is_floating(values.type) and pc.any(pc.is_inf(values)).as_py():
        raise problem(
            "Unable to write a record as JSON.",
            "feature-infinite",
            "content_type",
            given=f"an infinite value in the column {name!r}",
            allowed="finite numbers and missing ones, which is what JSON can carry",
            fix="Clean the column, or send text/csv.",
        )
    # Python writes finite numbers as JSON does, and much faster than its JSON encoder.
    number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    return Cells.of(column, str if number else json_text, missing="null")


def json_text(value: object) -> str:
    """Return a value as compact JSON, with letters of all scripts as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _values(column: pa.Array) -> pa.Array:
    return column.dictionary if pa.types.is_dictionary(column.type) else column


def _texts(column: pa.Array, write: Callable[[Any], str], missing: str) -> list[str]:
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if column.null_count:
        return [missing if value is None else write(value) for value in column.to_pylist()]
    return list(map(write, column.to_numpy(zero_copy_only=False).tolist()))


def _csv_text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
