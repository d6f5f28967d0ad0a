"""How the values that a config gives for a column may be meant, before the column's type is known.

The type rule needs the whole column, and the data are read once. So each row is asked every
question that may turn out to be the right one: is its value *among* the given ones, as they stand
or converted to the column's type, or is it *above* the one that is given?
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from clarify_engine.bias.datatype import Kind
from clarify_engine.bias.plan import Value

Scalar = bool | int | float | str


@dataclass(frozen=True)
class Among:
    """The row's value is one of these, all of the column's own type."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Above:
    """The row's value is a number, and greater than the threshold.

    With ``whole``, the number's fraction is cut off first.
    """

    threshold: int | float
    whole: bool = False


Reading = Among | Above


@dataclass(frozen=True)
class Readings:
    """Every way to read the given values on a column.

    Attributes
    ----------
    given
        The given values, taken as they are; a text is equal to no number.
    converted
        The given values, converted to the column's type: what the service goes by if no row has a
        value as given. None if they cannot be.
    as_float
        The same for integers with missing cells, which pandas makes floats.
    above
        The one value that is given as a threshold. None if it is not a number.
    above_whole
        The same on whole numbers: predictions beside whole labels. None for other columns.
    """

    given: Among
    converted: Among | None
    as_float: Among | None
    above: Above | None
    above_whole: Above | None

    @classmethod
    def of(cls, values: tuple[Value, ...], kind: Kind, *, predicted: bool = False) -> Readings:
        """Return the readings of the values that are given for a column.

        Parameters
        ----------
        values
            The given values.
        kind
            What the column holds.
        predicted
            Whether it is the column of predicted labels.
        """
        converted = _converted(values, kind)
        above = _above(values) if kind != "bool" else None
        return cls(
            given=_among(_given(values, kind), kind),
            converted=None if converted is None else _among(converted, kind),
            as_float=_as_float(values) if kind == "int" else None,
            above=above,
            above_whole=replace(above, whole=True)
            if above is not None and kind == "double" and predicted
            else None,
        )

    @property
    def questions(self) -> tuple[Reading, ...]:
        """What every row is asked, each question once."""
        readings = (self.given, self.converted, self.as_float, self.above, self.above_whole)
        return tuple(dict.fromkeys(reading for reading in readings if reading is not None))


def _given(values: tuple[Value, ...], kind: Kind) -> Iterable[Scalar]:
    if kind == "bool":
        return _truths(values)
    return (value for value in values if isinstance(value, str) == (kind == "text"))


def _converted(values: tuple[Value, ...], kind: Kind) -> Iterable[Scalar] | None:
    """Convert as the service does: for integers 1.9 becomes 1, and "1.9" stays 1.9.

    For texts it goes by the first value: if that is a text already, no number becomes one.
    """
    if kind == "text":
        is_text = isinstance(next(iter(values), None), str)
        return _given(values, kind) if is_text else [str(value) for value in values]
    if kind == "bool":
        return _truths(values)
    for convert in (int, float) if kind == "int" else (float,):
        try:
            return [convert(value) for value in values]
        except (ValueError, OverflowError):
            continue
    return None


def _truths(values: tuple[Value, ...]) -> list[bool]:
    """Return what the service takes values for on a bool column: every text but "" is true."""
    return [bool(value) for value in values]


def _as_float(values: tuple[Value, ...]) -> Among | None:
    converted = _converted(values, "double")
    return None if converted is None else _among(converted, "int")


def _among(values: Iterable[Scalar], kind: Kind) -> Among:
    if kind == "int":  # no integer equals a number with a fraction
        values = (int(value) for value in values if float(value).is_integer())
    return Among(tuple(dict.fromkeys(values)))


def _above(values: tuple[Value, ...]) -> Above | None:
    if len(values) != 1:
        return None
    threshold = values[0]
    if isinstance(threshold, str):
        try:
            threshold = float(threshold)
        except ValueError:
            return None
    return None if math.isnan(threshold) else Above(threshold)
