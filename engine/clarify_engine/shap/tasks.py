"""The predictions that rows need, cut so that none of them asks for more than a block at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from clarify_engine.shap.design import Design, Ints, Part


@dataclass(slots=True)
class Task:
    """Explained rows, and what is asked about each of them.

    Attributes
    ----------
    rows
        Shape ``(rows,)``: their positions.
    places
        Shape ``(rows, features)``: at which place of the design a feature is; the design's size
        where the feature does not vary.
    design
        How the rows are explained; None where only their own predictions are asked for.
    part
        Some coalitions of it; of no features where `design` is None.
    baseline
        The baseline rows that each coalition is combined with, where the part does not say it.
    begins, ends
        Whether these are the first coalitions of the rows, and the last baseline rows of the
        coalitions.
    """

    rows: Ints
    places: Ints
    design: Design | None
    part: Part
    baseline: range
    begins: bool = True
    ends: bool = True

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, coalitions, and baseline rows of each coalition."""
        spread = self.part.baseline is not None
        return len(self.rows), len(self.part.members), 1 if spread else len(self.baseline)

    @property
    def predictions(self) -> int:
        """How many predictions it asks for."""
        return int(np.prod(self.shape))


#: The one coalition that is the explained row itself.
ITSELF = Part(np.zeros((1, 0), np.bool_), np.zeros(1, np.intp), np.zeros((1, 0)))


def own_predictions(rows: Ints, features: int, block_rows: int) -> Iterator[Task]:
    """Yield the tasks that ask what the model says of rows as they are."""
    for chunk in _chunks(rows, block_rows):
        yield Task(chunk, np.full((len(chunk), features), -1), None, ITSELF, range(1))


def coalition_predictions(
    rows: Ints,
    places: Ints,
    design: Design,
    whole: Part | None,
    baseline_rows: int,
    block_rows: int,
) -> Iterator[Task]:
    """Yield the tasks that explain rows; the cuts depend on nothing but design and block.

    Parameters
    ----------
    rows, places
        As in `Task`.
    design
        How these rows are explained.
    whole
        All of its coalitions, where one row's predictions fit a block.
    baseline_rows
        How many baseline rows there are.
    block_rows
        How many predictions a task asks for at most.
    """
    together = 1 if design.spread else baseline_rows
    if whole is not None:
        count = max(1, block_rows // (design.coalitions * together))
        for at in range(0, len(rows), count):
            cut = slice(at, at + count)
            yield Task(rows[cut], places[cut], design, whole, range(baseline_rows))
        return
    count = max(1, block_rows // together)
    for row in range(len(rows)):
        one = slice(row, row + 1)
        for at in range(0, design.coalitions, count):
            part = design.part(at, min(at + count, design.coalitions))
            for first in range(0, together, block_rows):
                last = min(first + block_rows, together)
                yield Task(
                    rows[one],
                    places[one],
                    design,
                    part,
                    range(first, last),
                    begins=at == 0,
                    ends=last == together,
                )


def packed(tasks: Iterable[Task], block_rows: int) -> Iterator[list[Task]]:
    """Put tasks together into blocks, in their order."""
    block: list[Task] = []
    room = block_rows
    for task in tasks:
        if task.predictions > room and block:
            yield block
            block, room = [], block_rows
        block.append(task)
        room -= task.predictions
    if block:
        yield block


def _chunks(rows: Ints, length: int) -> Iterator[Ints]:
    for at in range(0, len(rows), length):
        yield rows[at : at + length]
