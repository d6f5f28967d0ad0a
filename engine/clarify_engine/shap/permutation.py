"""Shapley values from orders in which features join."""

from __future__ import annotations

from typing import Final

import numpy as np

from clarify_engine.shap.design import Floats, Method, Part


class Permutation:
    """Means of what features add when they join one after the other.

    A chain goes from the baseline to the explained row, one feature at a time. Each feature's value
    is the mean of what it adds, over the chains. Orders come with their reverses (antithetic
    permutations: Mitchell and others 2022, "Sampling Permutations for Shapley Value Estimation"),
    which makes them exact for all interactions of two features.

    Parameters
    ----------
    size
        How many features vary, at least 2.
    pairs
        How many orders are drawn; each makes a chain, and its reverse another.
    random
        Draws the orders.
    """

    method: Final[Method] = "permutation"

    def __init__(self, size: int, pairs: int, random: np.random.Generator) -> None:
        self.size: Final = size
        orders = random.permuted(np.tile(np.arange(size, dtype=np.int32), (pairs, 1)), axis=1)
        self._orders = np.concatenate([orders, orders[:, ::-1]])
        self._ranks = np.empty_like(self._orders)
        places = np.broadcast_to(np.arange(size, dtype=np.int32), self._orders.shape)
        np.put_along_axis(self._ranks, self._orders, places, axis=1)
        self._weight = 1 / len(self._orders)
        self.coalitions: Final = len(self._orders) * (size - 1)
        last, first = self._orders[:, -1], self._orders[:, 0]
        self.at_row: Final[Floats] = self._weight * np.eye(size)[last].sum(axis=0)
        self.at_baseline: Final[Floats] = -self._weight * np.eye(size)[first].sum(axis=0)

    def part(self, start: int, stop: int) -> Part:
        """Return some coalitions: those of a chain come together, the smallest first."""
        chain, joined = np.divmod(np.arange(start, stop), self.size - 1)
        members = self._ranks[chain] <= joined[:, None]
        projection = np.zeros((stop - start, self.size))
        each = np.arange(stop - start)
        projection[each, self._orders[chain, joined]] = self._weight
        projection[each, self._orders[chain, joined + 1]] = -self._weight
        return Part(members, projection)
