"""Shapley values by quadrature over the sizes of coalitions, spread over the baseline rows."""

from __future__ import annotations

import math
from itertools import count
from typing import Final

import numpy as np

from clarify_engine.shap.coalitions import subsets
from clarify_engine.shap.design import Bools, Floats, Method, Part
from clarify_engine.shap.hadamard import hadamard, is_order

#: From this order on a larger array is hardly better than two.
_LARGEST: Final = 128

#: A second outer size takes away the quadrature's own error. It is worth its coalitions where that
#: error would be the larger part: as measured, where as many pairs as ten times the features are
#: left for arrays. Of fewer features than 5 the two sizes would be all there are.
_ARRAYS_OF_TWO: Final = 10
_SIZE_OF_TWO: Final = 5


class Multilinear:
    """Quadrature over the sizes of coalitions: the outer ones complete, the middle by arrays.

    A feature's value is the mean, over the sizes of coalition that it may join, of what it adds to
    them on average; this is the integral over Owen's multilinear extension (Owen 1972,
    "Multilinear extensions of games"; sampled by Okhrati and Lipani 2021, "A multilinear sampling
    algorithm to estimate Shapley values"). In a game of interactions of at most n features that is
    a polynomial of degree n - 1 in the size. So few points give it: the outermost sizes, of which
    all coalitions are taken, and the mean over all coalitions, each as likely as the others, which
    is estimated by the rows of a Hadamard matrix and of its negative, an orthogonal array of
    strength 3. Their weights make it exact for interactions of two features; what arrays make of
    larger ones is another thing for each baseline row, as each has other columns and signs, and
    mostly cancels out. What is missing from f(row) - E f(baseline) is shared equally.

    It is linear in single predictions: under a link other than the identity, which applies to the
    mean over the baseline, it is valid for one baseline row only.

    Parameters
    ----------
    size
        How many features vary, at least 2.
    baseline_rows
        How many baseline rows there are.
    pairs
        How many pairs of complementary coalitions each baseline row has at most; but not fewer
        than the outermost sizes and the smallest array take.
    random
        Draws columns and signs.
    """

    method: Final[Method] = "multilinear"
    spread: Final = True

    def __init__(
        self, size: int, baseline_rows: int, pairs: int, random: np.random.Generator
    ) -> None:
        self.size: Final = size
        complete, order, self._arrays = _plan(size, pairs)
        self._matrix = hadamard(order)
        self._outer, self._of_outer, middle = _outer(size, complete)
        self._of_row = middle / (self._arrays * order)
        many = baseline_rows * self._arrays
        columns = np.tile(np.arange(order, dtype=np.int32), (many, 1))
        self._columns = random.permuted(columns, axis=1)[:, :size].copy()
        self._signs = 2 * random.integers(2, size=(many, size), dtype=np.int8) - 1
        self._baseline_rows = baseline_rows
        self._pairs = len(self._outer) + self._arrays * order
        self.coalitions: Final = 2 * baseline_rows * self._pairs
        self.at_row: Final[Floats] = np.full(size, 1 / size)

    def at_baseline(self, each: Floats, mean: Floats) -> Floats:
        """Return what the predictions on the baseline rows add."""
        return np.broadcast_to(-mean / self.size, (self.size, len(mean)))

    def part(self, start: int, stop: int) -> Part:
        """Return some coalitions: a baseline row's come together, each before its complement."""
        number, complement = np.divmod(np.arange(start, stop), 2)
        baseline, pair = np.divmod(number, self._pairs)
        members = np.empty((stop - start, self.size), dtype=np.bool_)
        projection = np.empty((stop - start, self.size))
        is_outer = pair < len(self._outer)
        members[is_outer] = self._outer[pair[is_outer]]
        projection[is_outer] = self._of_outer[pair[is_outer]]
        array, row = np.divmod(pair[~is_outer] - len(self._outer), len(self._matrix))
        array += baseline[~is_outer] * self._arrays
        signs = self._matrix[row[:, None], self._columns[array]] * self._signs[array]
        members[~is_outer] = signs > 0
        projection[~is_outer] = signs * self._of_row
        members ^= complement[:, None] == 1
        projection *= ((1 - 2 * complement) / self._baseline_rows)[:, None]
        return Part(members, baseline, projection - projection.mean(axis=1, keepdims=True))


def predictions_of_each(size: int, pairs: int) -> int:
    """Return how many predictions each baseline row takes, if about so many pairs are asked for."""
    complete, order, arrays = _plan(size, pairs)
    outer = sum(math.comb(size, k) for k in range(1, complete + 1))
    return 2 * (outer + arrays * order)


def _plan(size: int, pairs: int) -> tuple[int, int, int]:
    """Return how many outer sizes are complete, and order and number of the arrays.

    Of an array of order n, three features share 1 / (n - 3) of their interaction's square with
    each other feature on average, so fewer and larger arrays are better than many small ones.
    """
    left = pairs - size - math.comb(size, 2)
    complete = 2 if size >= _SIZE_OF_TWO and left >= _ARRAYS_OF_TWO * size else 1
    if complete == 1:
        left = pairs - size
    orders = [n for n in range(size, max(size, _LARGEST) + 1) if is_order(n) and n <= left]
    if not orders:
        return complete, next(n for n in count(size) if is_order(n)), 1
    order = max(orders, key=lambda n: left // n * (n - 3))
    return complete, order, left // order


def _outer(size: int, complete: int) -> tuple[Bools, Floats, float]:
    """Return all coalitions of the outer sizes, what they add, and the weight of the middle.

    The weights of the sizes a feature joins, 0 to `complete` - 1 and their mirrors, and of the
    mean over all coalitions give the mean of 1, t^2, t^4, ... over all sizes, t from the middle.
    """
    joined = np.arange(size)
    t = joined - (size - 1) / 2
    binomial = np.array([math.comb(size - 1, s) for s in joined]) / 2.0 ** (size - 1)
    powers = (t / t[-1]) ** (2 * np.arange(complete + 1)[:, None])
    points = np.column_stack([2 * powers[:, :complete], powers @ binomial])
    # Least squares, as two features have one distance from the middle, and any weights do.
    *weights, middle = np.linalg.lstsq(points, powers.mean(axis=1))[0]
    each = [w / math.comb(size - 1, s) for s, w in enumerate(weights)] + [0.0]
    members = [subsets(size, k, np.arange(math.comb(size, k))) for k in range(1, complete + 1)]
    projection = [np.where(some, each[k - 1], -each[k]) for k, some in enumerate(members, start=1)]
    return np.concatenate(members), np.concatenate(projection), float(middle)
