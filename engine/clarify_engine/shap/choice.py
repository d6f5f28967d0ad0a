"""Which estimator solves games of so many features."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from clarify_contract import Finding
from clarify_engine.errors import AnalysisError
from clarify_engine.shap.design import Design, Estimator, Ints, Method
from clarify_engine.shap.exact import Exact
from clarify_engine.shap.interpolation import Interpolation
from clarify_engine.shap.least_squares import LeastSquares
from clarify_engine.shap.permutation import Permutation

#: Above this number of coalitions nobody can mean to try them all.
MOST_COALITIONS: Final = 2**20

#: An interpolation's equations for more pairs of coalitions take seconds. With 16 features this
#: number has smaller errors than least squares with four times as many (logistic regression).
_MOST_PAIRS: Final = 2**11

#: Interpolation needs fewer coalitions than least squares, and several baseline rows average out
#: most of what it errs: for mean errors below those of shap's KernelExplainer, which tries each
#: coalition with all B baseline rows, _EACH / (B + _COMMON) of its coalitions do in each game.
#: Measured with 12 features, logistic regression and gradient boosting, 1 to 100 baseline rows.
_EACH: Final = 5.5
_COMMON: Final = 10

_SEED_BITS: Final = 2**128 - 1


class Need(NamedTuple):
    """What games have in common that are solved alike.

    Attributes
    ----------
    size
        How many features vary, at least 2.
    covered
        Whether the budget covers all coalitions of the features that vary against any baseline row.
    """

    size: int
    covered: bool


def every_coalition(size: int) -> int:
    """Return how many coalitions there are, without the empty and the whole one."""
    return (1 << size) - 2


@dataclass(frozen=True, slots=True)
class Choice:
    """What decides on the estimator, apart from the features that vary.

    Attributes
    ----------
    estimator
        What the caller asks for.
    samples
        How many coalitions may be tried for a row, each with all baseline rows; None for the
        service's number of them.
    features
        How many features rows have.
    games
        How many games a row has: one for each baseline row, or one against all of them.
    seed
        What coalitions are drawn with.
    """

    estimator: Estimator
    samples: int | None
    features: int
    games: int
    seed: int

    def covers(self, size: int) -> bool:
        """Return whether the budget covers all coalitions of so many features."""
        return self._most >= every_coalition(size)

    def method(self, need: Need) -> Method:
        """Return the estimator for games.

        - All coalitions, where the budget covers them; or where they are no more than an estimate
          would try.
        - Interpolation between some coalitions, where there are pairs enough to tell the features
          apart.
        - Least squares on some coalitions otherwise, whose values are then a rough guess.

        Raises
        ------
        AnalysisError
            If what the caller asks for is impossible.
        """
        every = every_coalition(need.size)
        if self.estimator == "exact" and every > MOST_COALITIONS:
            raise _too_many(need.size)
        if self.estimator != "auto":
            return self.estimator
        pairs = self._pairs(need)
        if need.covered or every <= 2 * pairs:
            return "exact"
        return "interpolation" if need.size <= pairs else "least_squares"

    def design(self, need: Need) -> Design:
        """Return how games are solved; the same each time."""
        method = self.method(need)
        random = np.random.default_rng([self.seed & _SEED_BITS, need.size])
        if method == "exact":
            return Exact(need.size)
        pairs = self._pairs(need)
        if method == "permutation":
            return Permutation(need.size, max(1, pairs // (need.size - 1)), random)
        if method == "interpolation":
            return Interpolation(need.size, pairs, random)
        return LeastSquares(need.size, 2 * pairs, random)

    def orders(self, need: Need) -> Ints:
        """Return in which order features take the places of a design, for each game of a row.

        Shape ``(games, size + 1)``; the last is the place of features that do not vary.
        """
        each = np.tile(np.arange(need.size + 1), (self.games, 1))
        if self.games > 1 and self.method(need) != "exact":
            random = np.random.default_rng([self.seed & _SEED_BITS, need.size, 1])
            each[:, :-1] = random.permuted(each[:, :-1], axis=1)
        return each

    @property
    def _most(self) -> int:
        """What is asked for, or the service's number: 2F + 2^11 for F features."""
        return self.samples or 2 * self.features + 2**11

    def _pairs(self, need: Need) -> int:
        """Return how many pairs of complementary coalitions are tried in each game."""
        samples = self._most
        interpolates = self.estimator in ("auto", "interpolation")
        if (self.games > 1 or (interpolates and self.samples is None)) and not need.covered:
            enough = math.ceil(_EACH * samples / (self.games + _COMMON))
            samples = min(samples, max(enough, 4 * need.size))
        pairs = max(1, min(samples, every_coalition(need.size)) // 2)
        return min(pairs, _MOST_PAIRS) if interpolates else pairs


def _too_many(size: int) -> AnalysisError:
    return AnalysisError(
        "There are too many coalitions of features to try them all.",
        [
            Finding(
                "shap-estimator",
                "$.methods.shap.num_samples",
                f"the exact estimator, and rows in which {size} features vary",
                f"at most {MOST_COALITIONS.bit_length() - 1} features that vary",
                "Leave the choice of the estimator to the engine.",
            )
        ],
    )
