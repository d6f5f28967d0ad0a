"""Tables and anchors in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, and an empty line behind it."""
    yield _row(header)
    yield _row(["---"] * len(header))
    yield from map(_row, rows)
    yield ""


def plain(text: str) -> str:
    """Return text that a browser shows as it is: no tag, no emphasis; code stays code."""
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"([\\*_<>\[\]])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def prose(text: str) -> str:
    """Return the text of a docstring or a description: code in single backticks, on one line."""
    return " ".join(text.replace("``", "`").split())


def anchor(name: str) -> str:
    """Return an anchor that links may lead to, inside of a line."""
    return f'<a id="{name}"></a>'


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
