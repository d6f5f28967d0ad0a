"""Cells as text: what pandas takes them for, and their values."""

from __future__ import annotations

from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from clarify_engine.data.kinds import NONE, Kind

# The texts that pandas.read_csv reads as a missing cell.
MISSING = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip


def _spellings(word: str) -> tuple[str, ...]:
    """Return a word in every mix of upper and lower case: pandas takes them all."""
    return tuple(map("".join, product(*((letter.lower(), letter.upper()) for letter in word))))


TRUE = _spellings("true")
FALSE = _spellings("false")

_BLANK = r"[ \t\n\v\f\r]*"
_INTEGER = rf"\A{_BLANK}[+-]?[0-9]+{_BLANK}\z"
# A number that Arrow's reader takes for what pandas takes it for: no plus sign, no blanks but
# these.
_PLAIN_INTEGER = r"\A[ \t]*-?[0-9]+[ \t]*\z"
_FLOAT = rf"\A{_BLANK}[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?{_BLANK}\z"
_PLAIN_FLOAT = r"\A[ \t]*[^ \t\n\v\f\r]+[ \t]*\z"
_INFINITE = r"(?i)\A[+-]?inf(inity)?\z"
_BOOLEAN = r"(?i)\A(true|false)\z"


def kinds_of(cells: pa.Array | pa.ChunkedArray) -> Kind:
    """Return the kinds of cell in a string column, by the rules of ``pandas.read_csv``.

    Missing cells are nulls already. Blanks around a number are part of no number's text; quotes are
    gone.
    """
    # A column repeats itself: each text is looked at once.
    texts = pc.unique(cells)
    kinds = Kind.NULL if cells.null_count else NONE
    texts = texts.drop_null()

    integers, texts = _part(texts, _INTEGER)
    if len(integers):
        kinds |= _fits_int64(integers)
        kinds |= NONE if _all(integers, _PLAIN_INTEGER) else Kind.ODD
    floats, texts = _part(texts, _FLOAT)
    if len(floats):
        kinds |= Kind.FLOAT if _all(floats, _PLAIN_FLOAT) else Kind.FLOAT | Kind.ODD
    infinite, texts = _part(texts, _INFINITE)
    if len(infinite):
        kinds |= Kind.FLOAT
    booleans, texts = _part(texts, _BOOLEAN)
    if len(booleans):
        kinds |= Kind.BOOL
    return kinds | (Kind.TEXT if len(texts) else NONE)


def values_of(cells: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return the numbers of a string column; `type_` is `column_type` of the column's kinds."""
    return pc.cast(_bare(cells), type_)


def _bare(numbers: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.ascii_trim_whitespace(numbers), r"\A\+", "")


def _fits_int64(integers: pa.Array) -> Kind:
    try:
        pc.cast(_bare(integers), pa.int64())
    except pa.ArrowInvalid:  # they are integers: only their size is left to be wrong
        return Kind.HUGE
    return Kind.INT


def _part(texts: pa.Array, pattern: str) -> tuple[pa.Array, pa.Array]:
    """Part texts into those that match and the rest."""
    if not len(texts):
        return texts, texts
    matches = pc.match_substring_regex(texts, pattern)
    return texts.filter(matches), texts.filter(pc.invert(matches))


def _all(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())
