"""Which estimator explains rows in which so many features vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from clarify_contract import Finding
from clarify_engine.errors import AnalysisError
from clarify_engine.shap.design import Design, Estimator, Method, every_coalition
from clarify_engine.shap.exact import Exact
from clarify_engine.shap.least_squares import LeastSquares
from clarify_engine.shap.multilinear import Multilinear, predictions_of_each
from clarify_engine.shap.permutation import Permutation

#: Above this number of coalitions nobody can mean to try them all.
MOST_COALITIONS: Final = 2**20

#: How many single predictions, spread over the baseline rows, do what coalitions do that are each
#: tried with all baseline rows: _EACH / (_COMMON + (1 - _COMMON) / B) for B baseline rows. Baseline
#: rows have about a tenth of the variance in common that coalitions bring; the other nine tenths
#: they average out. Measured with 12 features, logistic regression and gradient boosting, 2 to 100
#: baseline rows: errors are then those of shap's KernelExplainer, or smaller.
_EACH: Final = 0.6
_COMMON: Final = 0.1

_SEED_BITS: Final = 2**128 - 1


def default_samples(features: int) -> int:
    """Return the service's number of coalitions where `num_samples` is not given."""
    return 2 * features + 2048


@dataclass(frozen=True, slots=True)
class Choice:
    """What decides on the estimator, apart from the number of features that vary.

    Attributes
    ----------
    estimator
        What the caller asks for.
    samples
        How many coalitions may be tried for a row.
    baseline_rows
        How many baseline rows there are.
    logit
        Whether log-odds are explained.
    seed
        What coalitions are drawn with.
    """

    estimator: Estimator
    samples: int
    baseline_rows: int
    logit: bool
    seed: int

    def method(self, size: int) -> Method:
        """Return the estimator for rows in which `size` features vary.

        - All coalitions, where the budget covers them.
        - Where several baseline rows make each coalition cost several predictions, and the link
          is the identity: what spreads them over the baseline rows, if it takes no more
          predictions than least squares. That is the quadrature, or else chains.
        - Least squares on some coalitions otherwise.

        Raises
        ------
        AnalysisError
            If what the caller asks for is impossible.
        """
        every = every_coalition(size)
        if self.estimator == "exact" and every > MOST_COALITIONS:
            raise _too_many(size)
        if self.estimator != "auto":
            return self.estimator
        if self.samples >= every:
            return "exact"
        if self.baseline_rows > 1 and not self.logit:
            if predictions_of_each(size, self._pairs(size)) <= self.samples:
                return "multilinear"
            if self._chains(size) * (size - 1) <= self.samples:
                return "permutation"
        return "least_squares"

    def design(self, size: int) -> Design:
        """Return how rows in which `size` features vary are explained; the same each time."""
        method = self.method(size)
        random = np.random.default_rng([self.seed & _SEED_BITS, size])
        if method == "exact":
            return Exact(size)
        if method == "multilinear":
            return Multilinear(size, self.baseline_rows, self._pairs(size), random)
        if method == "permutation":
            return Permutation(size, self.baseline_rows, self._chains(size), random)
        return LeastSquares(size, min(self.samples, every_coalition(size)), random)

    def _pairs(self, size: int) -> int:
        """Return how many pairs of coalitions each baseline row has if predictions are spread."""
        samples = _EACH * min(self.samples, every_coalition(size))
        return round(samples / (2 * (_COMMON * self.baseline_rows + 1 - _COMMON)))

    def _chains(self, size: int) -> int:
        """Return how many chains each baseline row has, the reverses among them."""
        return 2 * max(1, self._pairs(size) // (size - 1))


def refuse_impossible(estimator: Estimator, *, logit: bool, baseline_rows: int) -> None:
    """Refuse chains under a link that applies to the mean over several baseline rows."""
    if estimator == "permutation" and logit and baseline_rows > 1:
        raise AnalysisError(
            "The permutation estimator cannot explain log-odds of a mean.",
            [
                Finding(
                    "shap-estimator",
                    "$.methods.shap.use_logit",
                    f"true, with the permutation estimator and {baseline_rows} baseline rows",
                    "false, one baseline row, or another estimator",
                    "Leave the choice of the estimator to the engine.",
                )
            ],
        )


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
