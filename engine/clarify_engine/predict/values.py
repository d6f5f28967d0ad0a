"""Cells as text of a request: the value that the dataset has, in the words of CSV or of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from clarify_engine.predict.problems import problem


def csv_cells(column: pa.Array) -> list[str]:
    """Return a column's cells as fields of a CSV line.

    Whole numbers stay whole, floats are written as short as they can be read back, text is quoted,
    truth values are `True` and `False`, and a missing value (null or NaN) is an empty field.
    """
    return _cells(column, _csv_text if pa.types.is_string(column.type) else str, missing="")


def json_cells(column: pa.Array, name: str) -> list[str]:
    """Return a column's cells as JSON; a missing value (null or NaN) is `null`.

    Raises
    ------
    AnalysisError
        If a cell is infinite: JSON has no word for it. The finding names the column.
    """
    if pa.types.is_floating(column.type) and pc.any(pc.is_inf(column)).as_py():
        raise problem(
            "Unable to write a record as JSON.",
            "feature-infinite",
            "content_type",
            given=f"an infinite value in the column {name!r}",
            allowed="finite numbers and missing ones, which is what JSON can carry",
            fix="Clean the column, or send text/csv.",
        )
    # Python writes finite numbers as JSON does, and much faster than its JSON encoder.
    number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    return _cells(column, str if number else json_text, missing="null")


def json_text(value: object) -> str:
    """Return a value as compact JSON, with letters of all scripts as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _cells(column: pa.Array, write: Callable[[Any], str], missing: str) -> list[str]:
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if column.null_count:
        return [missing if value is None else write(value) for value in column.to_pylist()]
    return list(map(write, column.to_numpy(zero_copy_only=False).tolist()))


def _csv_text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
