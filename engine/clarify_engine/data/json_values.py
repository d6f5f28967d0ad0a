"""Values out of JSON: their kinds, and columns made of them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from clarify_engine.data.kinds import NONE, Kind
from clarify_engine.data.problems import NO_FEATURES, problem

_INT64 = range(-(2**63), 2**63)
_CONSTANTS = {"NaN": None, "Infinity": math.inf, "-Infinity": -math.inf}
_DECODER = json.JSONDecoder(parse_constant=_CONSTANTS.__getitem__)


def parse(text: str) -> Any:
    """Return a JSON document. ``NaN``, which Python and pandas write, is a missing value.

    Raises
    ------
    ValueError
        It is not JSON; the error may quote the text and must not be passed on.
    """
    return _DECODER.decode(text)


def kinds_of_values(values: Sequence[Any], path: str) -> Kind:
    """Return the kinds of value in a column.

    Raises
    ------
    AnalysisError
        A value is a list or an object.
    """
    types = set(map(type, values))
    kinds = NONE
    if type(None) in types:
        kinds |= Kind.NULL
    if bool in types:
        kinds |= Kind.BOOL
    if float in types:
        kinds |= Kind.FLOAT
    if str in types:
        kinds |= Kind.TEXT
    if int in types:
        huge = any(type(value) is int and value not in _INT64 for value in values)
        kinds |= Kind.INT | (Kind.HUGE if huge else NONE)
    if types & {list, dict}:
        raise problem(
            NO_FEATURES,
            "features-nested",
            path,
            given="a list or an object where one value of a record should be",
            allowed="numbers, texts, booleans and nulls",
            fix="Let the JMESPath expressions give one flat list of values for each record.",
        )
    return kinds


def array_of(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """Return a column of a type that `column_type` gave for its values.

    Numbers and booleans in a text column are written as Python writes them, as pandas' objects are.
    """
    if pa.types.is_string(type_):
        values = [value if value is None else str(value) for value in values]
    elif pa.types.is_floating(type_):
        values = [value if value is None else _float(value) for value in values]
    return pa.array(values, type_)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer beyond all floats: infinite, as the CSV reader takes it
        return math.inf if value > 0 else -math.inf
