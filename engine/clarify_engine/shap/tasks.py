"""The predictions that games need, cut so that none of them asks for more than a block at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clarify_engine.shap.design import Ints, Part
from clarify_engine.shap.designs import Prepared
from clarify_engine.shap.games import Games


@dataclass(frozen=True)
class Task:
    """Games of one size, and which coalitions the model is asked about.

    Attributes
    ----------
    rows
        Shape ``(games,)``: positions of the explained rows.
    baseline
        Shape ``(games, 1)`` or ``(1, some baseline rows)``: what completes coalitions.
    games
        Shape ``(games,)``: the games' positions.
    places
        Shape ``(games, features)``: at which place of the design a feature is; the design's size
        where the feature does not vary.
    prepared
        The design.
    part
        Some coalitions of it.
    begins, ends
        Whether these are the first coalitions of the games, and the last baseline rows of the
        coalitions.
    """

    rows: Ints
    baseline: Ints
    games: Ints
    places: Ints
    prepared: Prepared
    part: Part
    begins: bool = True
    ends: bool = True

    @property
    def shape(self) -> tuple[int, int, int]:
        """Games, coalitions, and baseline rows of each coalition."""
        return len(self.games), len(self.part.members), self.baseline.shape[1]

    @property
    def predictions(self) -> int:
        """How many predictions it asks for."""
        return int(np.prod(self.shape))

    def arranged(self, flat: NDArray[Any]) -> NDArray[Any]:
        """Return what there is of each synthetic row by game, coalition and baseline row.

        Rows that follow one another should share most cells: models of trees answer them faster.
        Where all features vary, one coalition of all games comes after another; where games differ
        in the features that vary, one game after another.
        """
        games, coalitions, each = self.shape
        if self.places.shape[1] == self.prepared.design.size:
            return flat.reshape(coalitions, games, each, *flat.shape[1:]).swapaxes(0, 1)
        return flat.reshape(*self.shape, *flat.shape[1:])


def tasks_of(games: Games, some: Ints, prepared: Prepared, block_rows: int) -> Iterator[Task]:
    """Yield the tasks that solve games of one size; the cuts depend on nothing but the design.

    Parameters
    ----------
    games
        All games.
    some
        The positions of those of that size.
    prepared
        Their design.
    block_rows
        How many predictions a task asks for at most.
    """
    design = prepared.design
    together = games.baseline.shape[1]

    def task(at: int, count: int, part: Part, **more: bool) -> Task:
        chosen = some[at : at + count]
        of = games.of(chosen)
        places = prepared.places(of.varies, of.baseline[:, 0])
        return Task(of.rows, of.baseline, chosen, places, prepared, part, **more)

    if design.coalitions * together <= block_rows:
        count = block_rows // (design.coalitions * together)
        for at in range(0, len(some), count):
            yield task(at, count, prepared.whole)
        return
    count = max(1, block_rows // together)
    for at in range(len(some)):
        for first in range(0, design.coalitions, count):
            part = design.part(first, min(first + count, design.coalitions))
            one = task(at, 1, part, begins=first == 0)
            for start in range(0, together, block_rows):
                cut = one.baseline[:, start : start + block_rows]
                yield replace(one, baseline=cut, ends=start + block_rows >= together)


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
