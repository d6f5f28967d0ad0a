"""Shapley values by their formula, over every coalition."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from clarify_engine.shap.design import Bools, Floats, Method, Part


class Exact:
    """Every coalition, weighted as Shapley's formula weighs it.

    A feature's value is the mean of what it adds to the coalitions of the others, each size of
    coalition weighing the same: a coalition of s features has the weight s! (M - s - 1)! / M!.

    Parameters
    ----------
    size
        How many features vary, at least 2.
    """

    method: Final[Method] = "exact"

    def __init__(self, size: int) -> None:
        self.size: Final = size
        self.coalitions: Final = 2**size - 2
        self.at_row: Final[Floats] = np.full(size, 1 / size)
        self.at_baseline: Final[Floats] = -self.at_row
        weights = np.array([1 / (size * math.comb(size - 1, s)) for s in range(size)])
        self._joined: Final = np.append(0.0, weights)  # by the size of a coalition with the feature
        self._stayed: Final = np.append(weights, 0.0)  # and of one without it

    def part(self, start: int, stop: int) -> Part:
        """Return some coalitions: the binary digits of their number are their members."""
        numbers = np.arange(start + 1, stop + 1)
        members: Bools = (numbers[:, None] >> np.arange(self.size)) & 1 == 1
        sizes = members.sum(axis=1)
        projection = np.where(members, self._joined[sizes, None], -self._stayed[sizes, None])
        return Part(members, projection)
