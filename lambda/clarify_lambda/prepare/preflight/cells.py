"""Which type the cells of a CSV column have, as pandas decides it, and how the service reads it.

The engine reads whole columns by these rules; here they say what the first rows show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["int", "double", "bool", "text"]

# The texts that pandas.read_csv reads as a missing cell.
_MISSING = frozenset(
    (
        "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
        "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
    )
)  # fmt: skip
_BLANK = r"[ \t\n\v\f\r]*"
_INTEGER = re.compile(rf"{_BLANK}[+-]?[0-9]+{_BLANK}")
_FLOAT = re.compile(rf"{_BLANK}[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?{_BLANK}")
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
_BOOLEAN = re.compile(r"true|false", re.IGNORECASE)
_INT64 = range(-(2**63), 2**63)
#: Share of distinct values from which integers are continuous (smclarify: UNIQUENESS_THRESHOLD).
_UNIQUENESS = 0.05


@dataclass(frozen=True)
class Cells:
    """Cells of one column that have a value.

    Attributes
    ----------
    kind
        The type of them all.
    texts
        Their texts.
    missing
        Number of cells without a value.
    """

    kind: Kind
    texts: tuple[str, ...]
    missing: int

    @property
    def numbers(self) -> tuple[float, ...]:
        """The values of a column of numbers, or of texts that are integers."""
        return tuple(map(float, self.texts))

    def is_continuous(self, *, several: bool) -> bool:
        """Tell whether a value given for the column is read as a threshold, by these rows alone.

        Parameters
        ----------
        several
            More than one value is given: then they are categories.
        """
        if several or self.kind == "bool" or not self.texts:
            return False
        if self.kind == "text" and (self.missing or not all(map(_is_integer, self.texts))):
            return False
        if self.kind == "double" or self.missing:  # pandas makes such integers floats
            return True
        return len(set(self.numbers)) / len(self.texts) >= _UNIQUENESS


def cells_of(texts: Sequence[str]) -> Cells:
    """Return the cells of a column, given as they stand in the file, without quotes."""
    filled = tuple(text for text in texts if text not in _MISSING)
    return Cells(_kind(filled), filled, len(texts) - len(filled))


def cells_of_values(values: Sequence[Any]) -> Cells:
    """Return the cells of a column, given as JSON has them."""
    filled = [value for value in values if value is not None]
    texts = tuple(map(str, filled))
    types = set(map(type, filled))
    kind: Kind = "text"
    if types <= {int}:
        kind = "int" if all(map(_is_integer, texts)) else "text"
    elif types <= {int, float}:
        kind = "double"
    elif types == {bool}:
        kind = "bool"
    return Cells(kind, texts, len(values) - len(filled))


def json_of(texts: Sequence[str], most: int) -> list[str]:
    """Return the first cells of a CSV column as JSON, by the type of all that are given."""
    read: dict[Kind, Callable[[str], Any]] = {
        "int": int,
        "double": float,
        "bool": lambda text: text.lower() == "true",
        "text": str,
    }
    value = read[cells_of(texts).kind]
    return [json_of_value(None if text in _MISSING else value(text)) for text in texts[:most]]


def json_of_value(value: Any) -> str:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def _is_integer(text: str) -> bool:
    return _INTEGER.fullmatch(text) is not None and int(text) in _INT64


def is_number(text: str) -> bool:
    """Tell whether a cell's text is a number to pandas."""
    return any(pattern.fullmatch(text) for pattern in (_INTEGER, _FLOAT, _INFINITE))


def _kind(texts: Sequence[str]) -> Kind:
    if all(map(_INTEGER.fullmatch, texts)):
        return "int" if all(map(_is_integer, texts)) else "text"
    if all(map(is_number, texts)):
        return "double"
    return "bool" if all(map(_BOOLEAN.fullmatch, texts)) else "text"
