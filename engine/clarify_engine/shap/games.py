"""The games that explain rows: each row against its baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from clarify_engine.shap.columns import differing_each
from clarify_engine.shap.design import Bools, Floats, Ints


@dataclass(frozen=True)
class Games:
    """Explained rows, each against a baseline row, or against all of them at once.

    Attributes
    ----------
    rows
        Shape ``(games,)``: positions of the explained rows.
    baseline
        Shape ``(games, 1)`` or ``(1, baseline rows)``: the baseline rows that coalitions are
        completed with; the value of a coalition is the mean over them.
    varies
        Shape ``(games, features)``: the features whose cells differ.
    expected
        Shape ``(games or 1, classes)``: the mean prediction on these baseline rows, linked.
    covered
        Shape ``(games,)``: whether the budget covers all coalitions of the row's features.
    """

    rows: Ints
    baseline: Ints
    varies: Bools
    expected: Floats
    covered: Bools

    def of(self, some: Ints) -> Self:
        """Return some of the games."""
        alike = len(self.baseline) == 1 < len(self.rows)
        return type(self)(
            self.rows[some],
            self.baseline if alike else self.baseline[some],
            self.varies[some],
            self.expected if alike else self.expected[some],
            self.covered[some],
        )


def against_all(varies: Bools, covered: Bools, baseline_rows: int, expected: Floats) -> Games:
    """Return one game for each row, against all baseline rows at once."""
    every = np.arange(baseline_rows)[None]
    return Games(np.arange(len(varies)), every, varies, expected[None], covered)


def against_each(
    baseline: Sequence[pa.Array],
    rows: Sequence[pa.Array],
    covered: Bools,
    expected: Floats,
    games: int,
) -> Iterator[tuple[slice, Games]]:
    """Yield a game for each baseline row and row, about so many at a time, and whose they are.

    In such a game only the features are players that differ from that one baseline row: these are
    fewer, and all games together have the values of the one game against all, if the link is the
    identity.
    """
    many = len(baseline[0])
    at_once = max(1, games // many)
    for first in range(0, len(covered), at_once):
        cut = slice(first, min(first + at_once, len(covered)))
        length = cut.stop - cut.start
        for start in range(0, many, games):
            some = np.arange(start, min(start + games, many))
            varies = differing_each(
                [of.slice(start, len(some)) for of in baseline],
                [cells.slice(first, length) for cells in rows],
            )
            of = np.repeat(some, length)
            which = np.tile(np.arange(cut.start, cut.stop), len(some))
            yield (
                cut,
                Games(
                    which, of[:, None], varies.reshape(len(of), -1), expected[of], covered[which]
                ),
            )
