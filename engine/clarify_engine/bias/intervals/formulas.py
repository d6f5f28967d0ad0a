"""The metrics as functions of many tables at a time, and of which counts each is a function.

The formulas are those of `pre_training`, `post_training` and `conditional_disparity`; tests hold
them equal. A stack of tables has one more axis, the last, along which the tables lie. Its cells are
above zero, and may be shares, counts, or anything in proportion to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Stack = NDArray[np.float64]

#: Which counts of a `Table`: its rows by facet; its labels or predictions, by facet; all of its
#: counts; its labels or predictions by group and facet.
Source = Literal[
    "facets", "labels", "predictions", "confusions", "grouped labels", "grouped predictions"
]


@dataclass(frozen=True)
class Formula:
    """How one metric follows from a stack of tables.

    Attributes
    ----------
    source
        The counts that it is a function of.
    function
        The metric; of a distance its root, with the sign of the difference that it measures: 0
        where the groups are equal, and as smooth there as elsewhere.
    power
        To which a distance's root is raised; None for what is no distance.
    """

    source: Source
    function: Callable[[Stack], Stack]
    power: int | None = None


def imbalance(facets: Stack) -> Stack:
    """CI of a stack of shape ``(2, n)``: facet."""
    a, d = facets
    found: Stack = (a - d) / (a + d)
    return found


def share_difference(outcomes: Stack) -> Stack:
    """DPL or DPPL of a stack of shape ``(2, 2, n)``: facet, outcome. Its size is TVD and KS."""
    q_a, q_d = _positive_shares(outcomes)
    found: Stack = q_a - q_d
    return found


def share_ratio(outcomes: Stack) -> Stack:
    """DI of a stack of shape ``(2, 2, n)``: facet, outcome."""
    q_a, q_d = _positive_shares(outcomes)
    found: Stack = q_d / q_a
    return found


def signed_norm(outcomes: Stack) -> Stack:
    """LP of a stack of shape ``(2, 2, n)``, with the sign of DPL."""
    found: Stack = np.sqrt(2) * share_difference(outcomes)
    return found


def signed_root_kl(outcomes: Stack) -> Stack:
    """Square root of KL of a stack of shape ``(2, 2, n)``, with the sign of DPL."""
    q_a, q_d = _positive_shares(outcomes)
    return _signed_root(_divergence(q_a, q_d), q_a - q_d)


def signed_root_js(outcomes: Stack) -> Stack:
    """Square root of JS of a stack of shape ``(2, 2, n)``, with the sign of DPL."""
    q_a, q_d = _positive_shares(outcomes)
    middle = (q_a + q_d) / 2
    divergence = (_divergence(q_a, middle) + _divergence(q_d, middle)) / 2
    return _signed_root(divergence, q_a - q_d)


def disparity(groups: Stack) -> Stack:
    """CDDL or CDDPL of a stack of shape ``(G, 2, 2, n)``: group, facet, outcome."""
    outcomes = groups.sum(axis=1)
    shares = groups[:, 1] / outcomes
    sizes = outcomes.sum(axis=1)
    found: Stack = (sizes * (shares[:, 0] - shares[:, 1])).sum(axis=0) / sizes.sum(axis=0)
    return found


def entropy(confusions: Stack) -> Stack:
    """GE of a stack of shape ``(2, 2, 2, n)``: facet, observed label, predicted label."""
    (tn, fp), (fn, tp) = confusions.sum(axis=0)
    rows = tn + fp + fn + tp
    mean = (rows - fn + fp) / rows
    mean_square = (rows - fn + 3 * fp) / rows
    found: Stack = (mean_square / mean**2 - 1) / 2
    return found


#: What a metric compares of the two facets, from their TN, FP, FN and TP.
_OfFacet = Callable[[Stack, Stack, Stack, Stack], Stack]


def _a_minus_d(measure: _OfFacet) -> Callable[[Stack], Stack]:
    def function(confusions: Stack) -> Stack:
        a, d = (measure(tn, fp, fn, tp) for (tn, fp), (fn, tp) in confusions)
        return a - d

    return function


def _d_minus_a(measure: _OfFacet) -> Callable[[Stack], Stack]:
    difference = _a_minus_d(measure)
    return lambda confusions: -difference(confusions)


def _positive_shares(outcomes: Stack) -> Stack:
    shares: Stack = outcomes[:, 1] / outcomes.sum(axis=1)
    return shares


def _divergence(p: Stack, q: Stack) -> Stack:
    return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))


def _signed_root(distance: Stack, sign: Stack) -> Stack:
    # Where the groups are all but equal, rounding may leave a distance just below zero.
    return np.copysign(np.sqrt(np.maximum(distance, 0.0)), sign)


#: The formulas by metric code: all metrics but the flip test, which is no function of counts.
FORMULAS: Final[Mapping[str, Formula]] = MappingProxyType(
    {
        "CI": Formula("facets", imbalance),
        "DPL": Formula("labels", share_difference),
        "KL": Formula("labels", signed_root_kl, power=2),
        "JS": Formula("labels", signed_root_js, power=2),
        "LP": Formula("labels", signed_norm, power=1),
        "TVD": Formula("labels", share_difference, power=1),
        "KS": Formula("labels", share_difference, power=1),
        "CDDL": Formula("grouped labels", disparity),
        "DPPL": Formula("predictions", share_difference),
        "DI": Formula("predictions", share_ratio),
        "DCA": Formula("confusions", _a_minus_d(lambda tn, fp, fn, tp: (tp + fn) / (tp + fp))),
        "DCR": Formula("confusions", _d_minus_a(lambda tn, fp, fn, tp: (tn + fp) / (tn + fn))),
        "SD": Formula("confusions", _d_minus_a(lambda tn, fp, fn, tp: tn / (tn + fp))),
        "RD": Formula("confusions", _a_minus_d(lambda tn, fp, fn, tp: tp / (tp + fn))),
        "DAR": Formula("confusions", _a_minus_d(lambda tn, fp, fn, tp: tp / (tp + fp))),
        "DRR": Formula("confusions", _d_minus_a(lambda tn, fp, fn, tp: tn / (tn + fn))),
        "AD": Formula(
            "confusions", _a_minus_d(lambda tn, fp, fn, tp: (tp + tn) / (tn + fp + fn + tp))
        ),
        "TE": Formula("confusions", _d_minus_a(lambda tn, fp, fn, tp: fn / fp)),
        "CDDPL": Formula("grouped predictions", disparity),
        "GE": Formula("confusions", entropy),
    }
)
