"""Given cells as columns of the dataset's types."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from clarify_engine.baseline.given import GivenRow
from clarify_engine.baseline.problems import no_rows, not_text, wrong_type, wrong_width
from clarify_engine.data.expressions import kind_of
from clarify_engine.data.json_values import array_of
from clarify_engine.data.kinds import Kind
from clarify_engine.data.text import kinds_of, values_of

_NUMBERS = Kind.NULL | Kind.INT | Kind.HUGE | Kind.FLOAT | Kind.ODD
_TRUTH = {"true": True, "false": False}
_INT64 = range(-(2**63), 2**63)


def typed_rows(
    rows: Sequence[GivenRow], schema: pa.Schema, record: Sequence[str], place: str, *, csv: bool
) -> pa.RecordBatch:
    """Return given rows with the dataset's types.

    Parameters
    ----------
    rows
        Rows as they were found.
    schema
        Names and types of the columns that are sent to the model.
    record
        All columns that a record of the dataset may have: a row of this width is cut down to the
        columns of `schema`.
    place
        Where the baseline is, for findings.
    csv
        Whether numbers are texts, as in a CSV file.

    Raises
    ------
    AnalysisError
        There is no row, a row has another width, or a cell is not of its column's type.
    """
    if not rows:
        raise no_rows(place)
    table = [_cut(row, schema.names, record) for row in rows]
    columns = zip(*table, strict=True)
    return pa.record_batch(
        {
            field.name: _column(field, list(cells), [row.place for row in rows], csv=csv)
            for field, cells in zip(schema, columns, strict=True)
        }
    )


def _cut(row: GivenRow, features: Sequence[str], record: Sequence[str]) -> Sequence[Any]:
    if len(row.cells) == len(features):
        return row.cells
    if len(row.cells) == len(record):
        cells = dict(zip(record, row.cells, strict=True))
        return [cells[name] for name in features]
    raise wrong_width(row.place, len(row.cells), len(features))


def _column(field: pa.Field, cells: list[Any], places: list[str], *, csv: bool) -> pa.Array:
    if pa.types.is_string(field.type):
        return _texts(field.name, cells, places)
    cells = _numbers_in(cells) if csv else cells
    if pa.types.is_boolean(field.type):
        return pa.array(_each(cells, places, field.name, _truth, "true or false"), pa.bool_())
    numbers = _each(cells, places, field.name, _number, "a number")
    if pa.types.is_integer(field.type) and all(map(_is_int, numbers)):
        return pa.array([None if cell is None else int(cell) for cell in numbers], pa.int64())
    return pa.array([None if cell is None else float(cell) for cell in numbers], pa.float64())


def _texts(name: str, cells: list[Any], places: list[str]) -> pa.Array:
    _each(cells, places, name, _single, "text")
    try:
        return array_of(cells, pa.string())
    except UnicodeEncodeError:
        raise not_text(places[0].rpartition(" row ")[0], name) from None


def _each(
    cells: Sequence[Any],
    places: Sequence[str],
    column: str,
    convert: Callable[[Any], Any],
    allowed: str,
) -> list[Any]:
    """Return the converted cells; `convert` raises ValueError, with what was given, for others."""
    converted = []
    for cell, place in zip(cells, places, strict=True):
        try:
            converted.append(None if cell is None else convert(cell))
        except ValueError as error:
            raise wrong_type(place, column, str(error), allowed) from None
    return converted


def _number(cell: Any) -> int | float | None:
    if type(cell) not in (int, float):
        raise ValueError(kind_of(cell))
    try:
        size = float(cell)
    except OverflowError:
        size = math.inf
    if math.isinf(size):
        raise ValueError("an infinite number")
    return None if math.isnan(size) else cell


def _truth(cell: Any) -> bool:
    if type(cell) is str and (truth := _TRUTH.get(cell.lower())) is not None:
        return truth
    if type(cell) in (bool, int) and cell in (0, 1):
        return bool(cell)
    raise ValueError(kind_of(cell))


def _single(cell: Any) -> Any:
    if isinstance(cell, list | dict):
        raise ValueError(kind_of(cell))
    return cell


def _is_int(number: int | float | None) -> bool:
    return number is None or (number == int(number) and int(number) in _INT64)


def _numbers_in(texts: Sequence[str | None]) -> list[Any]:
    """Return a CSV column's texts as numbers; those that pandas takes for no number stay texts."""
    cells = pa.array(texts, pa.string())
    if kinds_of(cells) in _NUMBERS:
        return _parsed(cells)
    return [
        _parsed(cell)[0] if kinds_of(cell) in _NUMBERS else cell[0].as_py()
        for cell in (cells.slice(place, 1) for place in range(len(cells)))
    ]


def _parsed(cells: pa.Array) -> list[Any]:
    exact = not kinds_of(cells) & (Kind.FLOAT | Kind.HUGE)
    parsed: list[Any] = values_of(cells, pa.int64() if exact else pa.float64()).to_pylist()
    return parsed
