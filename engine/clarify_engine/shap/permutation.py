"""Shapley values from orders in which features join, spread over the baseline rows."""

from __future__ import annotations

from typing import Final

import numpy as np

from clarify_engine.shap.design import Floats, Method, Part


class Permutation:
    """Means of what features add when they join one after the other.

    A chain goes from a baseline row to the explained row, one feature at a time. Each feature's
    value is the mean of what it adds, over the chains. Orders come with their reverses (antithetic
    permutations: Mitchell and others 2022, "Sampling Permutations for Shapley Value Estimation"),
    which makes them exact for all interactions of two features. Each baseline row has as many
    chains as the others and other orders than they, so that the values sum to
    f(row) - E f(baseline).

    It is linear in single predictions: under a link other than the identity, which applies to the
    mean over the baseline, it is valid for one baseline row only.

    Parameters
    ----------
    size
        How many features vary, at least 2.
    baseline_rows
        How many baseline rows there are.
    chains
        How many chains each baseline row has; an odd one more has no reverse.
    random
        Draws the orders.
    """

    method: Final[Method] = "permutation"
    spread: Final = True

    def __init__(
        self, size: int, baseline_rows: int, chains: int, random: np.random.Generator
    ) -> None:
        self.size: Final = size
        pairs = -(-chains // 2)
        features = np.tile(np.arange(size, dtype=np.int32), (baseline_rows * pairs, 1))
        forward = random.permuted(features, axis=1).reshape(baseline_rows, pairs, 1, size)
        both = np.concatenate([forward, forward[..., ::-1]], axis=2)
        self._orders = both.reshape(baseline_rows, -1, size)[:, :chains].reshape(-1, size)
        self._ranks = np.empty_like(self._orders)
        places = np.broadcast_to(np.arange(size, dtype=np.int32), self._orders.shape)
        np.put_along_axis(self._ranks, self._orders, places, axis=1)
        self._baseline = np.repeat(np.arange(baseline_rows), chains)
        self._weight = 1 / len(self._orders)
        self.coalitions: Final = len(self._orders) * (size - 1)
        self.at_row: Final[Floats] = self._weight * np.bincount(
            self._orders[:, -1], minlength=size
        ).astype(np.float64)

    def at_baseline(self, each: Floats, mean: Floats) -> Floats:
        """Return what the predictions on the baseline rows add."""
        added = np.zeros((self.size, each.shape[1]))
        np.subtract.at(added, self._orders[:, 0], each[self._baseline])
        return added * self._weight

    def part(self, start: int, stop: int) -> Part:
        """Return some coalitions: those of a chain come together, the smallest first."""
        chain, joined = np.divmod(np.arange(start, stop), self.size - 1)
        members = self._ranks[chain] <= joined[:, None]
        projection = np.zeros((stop - start, self.size))
        each = np.arange(stop - start)
        projection[each, self._orders[chain, joined]] = self._weight
        projection[each, self._orders[chain, joined + 1]] = -self._weight
        return Part(members, self._baseline[chain], projection)
