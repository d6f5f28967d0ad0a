"""Who joins when: the players of an item, by granularity and direction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clarify_contract.config.asymmetric import Direction
from clarify_engine.forecast.series import Series
from clarify_engine.forecast.walk import Player

Stages = Sequence[Sequence[Player]]


def timewise(series: Series, direction: Direction) -> list[Stages]:
    """Return the walks in which each time step is one player, with all series in it.

    Its slot is its step. Steps after the target's last value hold related series only.

    Parameters
    ----------
    series
        The item.
    direction
        In which order the steps join: one walk, or for `bidirectional` one in each order.
    """
    steps = len(series.times)
    target, related = _cells(series)
    forward: Stages = [
        [Player(t, np.concatenate([target[t : t + 1], related[:, t]]))] for t in range(steps)
    ]
    backward = forward[::-1]
    walks: dict[Direction, list[Stages]] = {
        "chronological": [forward],
        "anti_chronological": [backward],
        "bidirectional": [forward, backward],
    }
    return walks[direction]


def fine_grained(series: Series, *, with_static: bool) -> list[Stages]:
    """Return the one walk in which each value is a player; its slot is its cell.

    Static covariates join first, then the values of the first time step, and so on.

    Parameters
    ----------
    series
        The item.
    with_static
        Whether static covariates are players.
    """
    target, related = _cells(series)
    first = target.size + related.size
    stages = [range(first, first + len(series.static))] if with_static and series.static else []
    by_time = [[*target[t : t + 1], *related[:, t]] for t in range(len(series.times))]
    return [[[Player(cell, np.array([cell])) for cell in cells] for cells in [*stages, *by_time]]]


def _cells(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells of the target, shape (T,), and of the related series, shape (S, N)."""
    target = np.arange(len(series.target))
    shape = len(series.related), len(series.times) if series.related else 0
    related = len(target) + np.arange(shape[0] * shape[1]).reshape(shape)
    return target, related if series.related else np.empty((0, len(series.times)), dtype=int)
