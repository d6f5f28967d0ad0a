"""The orders in which the players of one stage join, all of them or a sample."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import factorial
from typing import Protocol

import numpy as np


class Orders(Protocol):
    """The orders of the players 0, 1, … of a stage."""

    @property
    def between(self) -> Sequence[Sequence[int]]:
        """The coalitions that are needed, but for the first of all and the last: their players."""
        ...

    def scores(self, forecasts: np.ndarray) -> np.ndarray:
        """Return what each player adds on average: shape (players, horizon).

        Parameters
        ----------
        forecasts
            For nobody, for each coalition of `between`, and for everybody: shape
            (coalitions, horizon).
        """
        ...


def orders_of(players: int, num_samples: int, random: np.random.Generator) -> Orders:
    """Return all orders where that needs no more predictions than a sample of them, else a sample.

    Parameters
    ----------
    players
        Number of players.
    num_samples
        Number of orders of a sample.
    random
        Where the sample comes from.
    """
    if 2**players - 2 <= num_samples * (players - 1):
        return all_orders(players)
    return SampledOrders(players, num_samples, random)


@cache
def all_orders(players: int) -> AllOrders:
    """Return the one `AllOrders` of some players."""
    return AllOrders(players)


class AllOrders:
    """Every order: the Shapley values of a stage, from all of its coalitions.

    A player joins a coalition of s others among n players in s! (n - s - 1)! of the n! orders.
    """

    def __init__(self, players: int) -> None:
        coalitions = range(2**players)
        self.between = [_members(coalition, players) for coalition in coalitions[1:-1]]
        self._weights = np.zeros((players, len(coalitions)))
        for coalition in coalitions[:-1]:
            size = coalition.bit_count()
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            for player in set(range(players)).difference(_members(coalition, players)):
                self._weights[player, coalition | 1 << player] += weight
                self._weights[player, coalition] -= weight

    def scores(self, forecasts: np.ndarray) -> np.ndarray:
        """See `Orders.scores`."""
        return np.asarray(self._weights @ forecasts)


class SampledOrders:
    """Random orders in pairs, one the other's reverse, which cancels errors of first order."""

    def __init__(self, players: int, num_samples: int, random: np.random.Generator) -> None:
        self._orders: list[list[int]] = []
        while len(self._orders) < num_samples:
            order = random.permutation(players).tolist()
            self._orders += [order, order[::-1]]
        del self._orders[num_samples:]
        everybody = 2**players - 1
        ways = [_on_the_way(order) for order in self._orders]
        places = {0: 0}
        for way in ways:
            for coalition in way[1:-1]:
                places.setdefault(coalition, len(places))
        self.between = [_members(coalition, players) for coalition in list(places)[1:]]
        places[everybody] = len(places)
        self._ways = [[places[coalition] for coalition in way] for way in ways]

    def scores(self, forecasts: np.ndarray) -> np.ndarray:
        """See `Orders.scores`."""
        scores = np.zeros((len(self._orders[0]), forecasts.shape[1]))
        for order, way in zip(self._orders, self._ways, strict=True):
            scores[order] += np.diff(forecasts[way], axis=0)
        return scores / len(self._orders)


def _members(coalition: int, players: int) -> list[int]:
    return [player for player in range(players) if coalition >> player & 1]


def _on_the_way(order: Sequence[int]) -> list[int]:
    """Return the coalitions of an order, from nobody to everybody, as bits."""
    coalitions = [0]
    for player in order:
        coalitions.append(coalitions[-1] | 1 << player)
    return coalitions
