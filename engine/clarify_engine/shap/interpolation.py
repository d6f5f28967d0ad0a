"""Shapley values from an interpolation of the game between the coalitions that are tried."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from clarify_engine.shap.coalitions import drawn_pairs, pairs_of, sampled_coalitions
from clarify_engine.shap.design import Bools, Floats, Ints, Method, Part

#: Added to the variance of each coalition, as a part of it: keeps the equations solvable.
_JITTER: Final = 1e-12
#: Nodes that integrate polynomials of a degree of more than a hundred exactly.
_NODES: Final = 64
#: Among how many candidates coalitions are picked.
_CANDIDATES: Final = 2_000


class Interpolation:
    """The values of the likeliest game that agrees with all coalitions that are tried.

    A game is a sum of interactions of k features. They are taken for independent and normal, with
    a variance that falls with k as z^k, and features alone for anything: then the mean of the
    values, given what the model says, is linear in it (Gaussian process regression; Rasmussen and
    Williams 2006, sections 2.2 and 2.7). It is exact for interactions of two features, and for any
    where all coalitions are tried; higher interactions, which least squares takes for noise, are
    interpolated.

    Coalitions come with their complements, and only the difference of the two counts: interactions
    of an even number of features are shared equally and drop out of it. For +1 for members and -1
    for others, coalitions that differ in h of M features covary as the sum over odd k of
    z^k times the elementary symmetric polynomial of degree k in M - h ones and h minus ones, which
    is ((1-z)^h (1+z)^(M-h) - (1+z)^h (1-z)^(M-h)) / 2. A feature's value takes 2/k of each of its
    interactions, so its covariance is an integral over z.

    Parameters
    ----------
    size
        How many features vary, at least 2.
    pairs
        How many pairs of coalitions at most; at least `size`.
    random
        Draws them.
    """

    method: Final[Method] = "interpolation"

    def __init__(self, size: int, pairs: int, random: np.random.Generator) -> None:
        self.size: Final = size
        one = _pairs(size, pairs, random)
        of_pairs = _regression(one) / 2
        of_pairs -= of_pairs.mean(axis=0)  # rounding apart, the values sum to the prediction's
        self._members = np.stack([one, ~one], axis=1).reshape(-1, size)
        self._projection = np.stack([of_pairs[:, :-1].T, -of_pairs[:, :-1].T], axis=1).reshape(
            -1, size
        )
        self.coalitions: Final = len(self._members)
        self.at_row: Final[Floats] = 1 / size + of_pairs[:, -1]
        self.at_baseline: Final[Floats] = -self.at_row

    def part(self, start: int, stop: int) -> Part:
        """Return some coalitions."""
        return Part(self._members[start:stop], self._projection[start:stop])


def _regression(one: Bools) -> Floats:
    """Return what half the difference of each pair, the whole and the empty one last, tells.

    Shape ``(size, pairs + 1)``.
    """
    size = one.shape[1]
    z = min(0.3, 3 / size)  # what is expected of interactions of k features falls with k anyway
    signs = np.vstack([one, np.ones(size, dtype=np.bool_)]) * 2.0 - 1
    h = np.arange(size + 1)
    by_distance = (_every(z, h, size) - _every(-z, h, size)) / 2
    nodes, weights = np.polynomial.legendre.leggauss(min(size // 2 + 1, _NODES))
    t = z / 2 * (nodes + 1)
    even = (_every(t, h[:-1, None], size - 1) + _every(-t, h[:-1, None], size - 1)) / 2
    by_absent = 2 * even @ (z / 2 * weights)
    distance = ((size - signs @ signs.T) / 2).round().astype(np.intp)
    covariance = by_distance[distance] + _JITTER * by_distance[0] * np.eye(len(signs))
    others_absent = (signs < 0).sum(axis=1)[:, None] - (signs < 0)
    of_values = signs * by_absent[others_absent]
    solved = np.linalg.solve(covariance, np.hstack([signs, of_values]))
    of_signs, of_values = solved[:, :size], solved[:, size:]
    alone = np.linalg.pinv(signs.T @ of_signs, hermitian=True) @ of_signs.T
    return np.asarray(2 * alone + of_values.T - of_values.T @ signs @ alone)


def _every(z: float | Floats, h: Ints, size: int) -> Floats:
    """Sum, over all k, z^k times the symmetric polynomial of degree k in h minus ones and ones."""
    return np.asarray((1 - z) ** h * (1 + z) ** (size - h))


def _pairs(size: int, pairs: int, random: np.random.Generator) -> Bools:
    """Return one coalition of each pair.

    Few pairs tell most about single features and coalitions of half the size, far from one another
    (Simpson's rule over the size of coalitions, for interactions of three); as many as there are
    interactions of three tell more in the proportions of the Shapley kernel.
    """
    half = size // 2
    rest = pairs - size
    if rest <= 0 or pairs >= math.comb(size, 3) or rest > pairs_of(size, half) // 2:
        return sampled_coalitions(size, 2 * pairs, random)[0][::2]
    return np.vstack([np.eye(size, dtype=np.bool_), _far_apart(size, half, rest, random)])


def _far_apart(size: int, half: int, count: int, random: np.random.Generator) -> Bools:
    """Choose different coalitions of half the size, each the least like those before it."""
    candidates = min(pairs_of(size, half), max(_CANDIDATES, 2 * count))
    signs = drawn_pairs(size, half, candidates, random) * np.float32(2) - 1
    alike = np.zeros(candidates, dtype=np.float32)
    picks = []
    for _ in range(count):
        picks.append(int(alike.argmin()))
        alike += np.abs(signs @ signs[picks[-1]]) ** 3
        alike[picks[-1]] = np.inf
    return signs[picks] > 0
