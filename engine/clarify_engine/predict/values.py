"""Cells as text of a request: the value that the dataset has, in the words of CSV or of JSON."""

from __future__ import annotations

import json
import math

import pyarrow as pa

from clarify_engine.predict.problems import problem


def csv_cells(column: pa.Array) -> list[str]:
    """Return a column's cells as fields of a CSV line.

    Whole numbers stay whole, floats are written as short as they can be read back, text is quoted,
    truth values are `True` and `False`, and a missing value (null or NaN) is an empty field.
    """
    return [_csv_cell(value) for value in column.to_pylist()]


def json_cells(column: pa.Array, name: str) -> list[str]:
    """Return a column's cells as JSON; a missing value (null or NaN) is `null`.

    Raises
    ------
    AnalysisError
        If a cell is infinite: JSON has no word for it. The message names the column.
    """
    return [_json_cell(value, name) for value in column.to_pylist()]


def json_text(value: object) -> str:
    """Return a value as compact JSON, with letters of all scripts as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _csv_cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return str(value)


def _json_cell(value: object, name: str) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        if math.isnan(value):
            return "null"
        raise problem(
            "Unable to write a record as JSON.",
            "feature-infinite",
            "content_type",
            given=f"an infinite value in the column {name!r}",
            allowed="finite numbers and missing ones, which is what JSON can carry",
            fix="Clean the column, or send text/csv.",
        )
    return json_text(value)
