"""What a report is made of, whichever way it is written: sections of texts, tables and pictures.

All texts here are plain: whoever writes them out escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: What a bar stands for; each has a colour.
Tone = Literal["plain", "positive", "negative", "group", "rest"]

#: What the cells of a column hold, which decides how they are set: ``name`` heads its row, ``note``
#: is what few rows have.
Kind = Literal["name", "number", "bar", "picture", "prose", "note"]


@dataclass(frozen=True)
class Name:
    """A row's name, and what it is in more words."""

    text: str
    more: str = ""


@dataclass(frozen=True)
class Prose:
    """A sentence, and what is said more quietly after it."""

    text: str
    more: str = ""


@dataclass(frozen=True)
class Stretch:
    """A part of a bar, from one share of its length (0 to 1) to another."""

    start: float
    end: float
    tone: Tone


@dataclass(frozen=True)
class Bar:
    """A drawn number; what it says stands in the row as text too.

    Attributes
    ----------
    parts
        From left to right.
    zero
        Where on the bar a mark stands; None for no mark.
    """

    parts: tuple[Stretch, ...]
    zero: float | None = None


@dataclass(frozen=True)
class Picture:
    """An SVG that names itself, and its content in words for where there are no pictures."""

    svg: str
    words: str


Cell = str | Name | Prose | Bar | Picture


@dataclass(frozen=True)
class Column:
    """A column's heading and what its cells hold."""

    title: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A table; the first column's cells head the rows.

    Attributes
    ----------
    caption
        What it shows.
    columns
        Its columns.
    rows
        A cell for each column.
    legend
        Names of tones.
    gradient
        Whether points are coloured from low to high.
    wide
        Whether it is scrolled sideways where it is too wide; else its rows are stacked there.
    folded
        Whether it is only shown to who asks for it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    legend: tuple[tuple[Tone, str], ...] = ()
    gradient: bool = False
    wide: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix: counts by observed and predicted label."""

    caption: str
    tp: int
    fp: int
    fn: int
    tn: int


@dataclass(frozen=True)
class Matrices:
    """Confusion matrices side by side."""

    matrices: tuple[Matrix, ...]


@dataclass(frozen=True)
class Figure:
    """A picture with its data."""

    title: str
    picture: Picture
    data: Table


@dataclass(frozen=True)
class Figures:
    """Pictures of one kind side by side, and the names of their lines."""

    figures: tuple[Figure, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    note: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Terms and what they are here; ``large`` where each is a number that leads the report."""

    items: tuple[tuple[str, str], ...]
    large: bool = False


@dataclass(frozen=True)
class Code:
    """A text to be shown letter for letter."""

    title: str
    text: str


Block = Text | Points | Facts | Table | Matrices | Figures | Code


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole report."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


def section(
    title: str, blocks: Sequence[Block] = (), sections: Sequence[Section | None] = ()
) -> Section | None:
    """Return a section, or None if there is nothing in it."""
    parts = tuple(part for part in sections if part is not None)
    return Section(title, tuple(blocks), parts) if blocks or parts else None
