"""Which type a column has, decided over all of its cells as pandas decides it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Flag, auto

import pyarrow as pa


class Kind(Flag):
    """The kinds of cell that a column holds; kinds of parts of a column add up with ``|``."""

    NULL = auto()
    BOOL = auto()
    INT = auto()
    HUGE = auto()  # an integer that int64 cannot hold
    FLOAT = auto()
    TEXT = auto()
    ODD = auto()  # a number written so that Arrow's CSV reader does not take it, and pandas does


NONE = Kind(0)


def column_type(kinds: Kind) -> pa.DataType:
    """Return the type of a column that holds these kinds of cell.

    This is pandas' rule, said in Arrow's types:

    - integers are ``int64``. With missing cells too: pandas makes them floats, and the consumer of
      an ``int64`` column that has nulls does the same. A column of nothing but missing cells is
      such a column.
    - numbers of which one is not an integer are ``double``;
    - booleans are ``bool``; with missing cells pandas keeps them as objects, which are booleans
      still;
    - anything else is ``string``. Integers beyond int64 too, unless the column also holds a float:
      pandas has unsigned or unbounded integers for some of them, which are no numbers to count with
      either.
    """
    held = kinds & ~(Kind.NULL | Kind.ODD)
    if held in (NONE, Kind.INT):
        return pa.int64()
    if held == Kind.BOOL:
        return pa.bool_()
    if Kind.FLOAT in held and held in (Kind.INT | Kind.HUGE | Kind.FLOAT):
        return pa.float64()
    return pa.string()


class Widened(Exception):  # noqa: N818 - it reads as what happened; the pass begins again
    """A later block changed a column's type, so what this pass has given out is void."""


class Kinds:
    """What is known about the cells of each column; it only grows, so restarts come to an end."""

    def __init__(self) -> None:
        self._known: dict[str, Kind] = {}

    def __getitem__(self, column: str) -> Kind:
        """Return the kinds of cell seen in a column so far."""
        return self._known.get(column, NONE)

    def add(self, seen: Mapping[str, Kind]) -> bool:
        """Add what was seen, and say whether that changes how a known column is read."""
        changed = False
        for column, kinds in seen.items():
            before = self[column]
            after = before | kinds
            self._known[column] = after
            changed |= before != NONE and reading(before) != reading(after)
        return changed


def reading(kinds: Kind) -> tuple[pa.DataType, bool]:
    """Return a column's type, and whether its cells are turned into it from their text by us.

    That is so for numbers in a notation that is pandas' and not Arrow's.
    """
    type_ = column_type(kinds)
    return type_, Kind.ODD in kinds and not pa.types.is_string(type_)
