"""The report as a notebook of Markdown cells: it opens in Jupyter, and there is nothing to run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from clarify_engine.report.blocks import (
    Bar,
    Block,
    Cell,
    Code,
    Document,
    Facts,
    Figures,
    Matrices,
    Matrix,
    Name,
    Picture,
    Points,
    Prose,
    Section,
    Table,
    Text,
)
from clarify_engine.report.wording import count

#: What Markdown, or HTML within it, might take for something else.
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!|~$>-])")


def notebook(document: Document) -> str:
    """Return the notebook, as JSON of the notebook format 4.5."""
    cells = [f"# {escaped(document.title)}\n\n{escaped(document.subtitle)}"]
    for part in document.sections:
        cells += _section(part, 2)
    return (
        json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "markdown",
                        "id": f"cell-{index}",
                        "metadata": {},
                        "source": source.splitlines(keepends=True),
                    }
                    for index, source in enumerate(cells)
                ],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 5,
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )


def escaped(text: str) -> str:
    """Return a text so that Markdown shows it letter for letter."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ")
    return _SPECIAL.sub(r"\\\1", plain)


def _section(part: Section, level: int) -> Iterator[str]:
    texts = [f"{'#' * level} {escaped(part.title)}", *map(_block, part.blocks)]
    yield "\n\n".join(text for text in texts if text)
    for child in part.sections:
        yield from _section(child, level + 1)


def _block(block: Block) -> str:
    match block:
        case Text():
            return escaped(block.text)
        case Points():
            return "\n".join(f"- {escaped(item)}" for item in block.items)
        case Facts(large=True):
            return ", ".join(f"{escaped(term)} **{escaped(text)}**" for term, text in block.items)
        case Facts():
            return "\n".join(
                f"- {escaped(term)}: **{escaped(text)}**" for term, text in block.items
            )
        case Table():
            return _table(block)
        case Matrices():
            return "\n\n".join(map(_matrix, block.matrices))
        case Figures():
            return "\n\n".join(_table(figure.data) for figure in block.figures)
        case Code():
            return f"{escaped(block.title)}:\n\n{_fenced(block.text)}"


def _table(table: Table) -> str:
    kept = [i for i, column in enumerate(table.columns) if column.kind not in ("bar", "picture")]
    head = [escaped(table.columns[i].title) for i in kept]
    rule = ["---:" if table.columns[i].kind == "number" else "---" for i in kept]
    rows = [[_cell(row[i]) for i in kept] for row in table.rows]
    return f"**{escaped(table.caption)}**\n\n" + "\n".join(map(_line, [head, rule, *rows]))


def _matrix(matrix: Matrix) -> str:
    rows = [
        ["", "predicted positive", "predicted other"],
        ["---", "---:", "---:"],
        ["label positive", count(matrix.tp), count(matrix.fn)],
        ["label other", count(matrix.fp), count(matrix.tn)],
    ]
    return f"**{escaped(matrix.caption)}**\n\n" + "\n".join(map(_line, rows))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    match cell:
        case Name() | Prose():
            joint = " " if isinstance(cell, Prose) else ": "
            more = f"{joint}{escaped(cell.more)}" if cell.more else ""
            return f"{escaped(cell.text.rstrip())}{more}"
        case Bar():
            return ""
        case Picture():
            return escaped(cell.words)
        case _:
            return escaped(cell)


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}json\n{text}\n{fence}"
