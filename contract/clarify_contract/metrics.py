"""The 21 bias metrics of Clarify: code, text, stage, neutral value, range, direction, needs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Stage = Literal["pre_training_bias", "post_training_bias"]
Worse = Literal["away-from-neutral", "higher"]
Need = Literal["label", "predictions", "group_variable", "numeric_features"]

_PRE: Final[Stage] = "pre_training_bias"
_POST: Final[Stage] = "post_training_bias"


@dataclass(frozen=True, slots=True)
class Metric:
    """One bias metric, as the service computes and prints it.

    Attributes
    ----------
    code
        The name in a config's ``methods`` list and in ``analysis.json``.
    description
        The service's text, letter for letter.
    stage
        The analysis that computes it.
    neutral
        The value at which both groups fare the same.
    minimum, maximum
        The values that the computation can give, infinite where it has no bound. Where the
        developer guide names another range than the computation has, the computation counts.
    worse
        ``away-from-neutral``: both directions are bias, against one group or the other.
        ``higher``: the metric is a distance, and only more of it is worse.
    needs
        What the value is computed from, besides the facet.
    """

    code: str
    description: str
    stage: Stage
    neutral: float
    minimum: float
    maximum: float
    worse: Worse
    needs: frozenset[Need]


def _signed(code: str, description: str, stage: Stage, *needs: Need, bound: float = 1.0) -> Metric:
    return Metric(
        code, description, stage, 0.0, -bound, bound, "away-from-neutral", frozenset(needs)
    )


def _distance(
    code: str, description: str, stage: Stage, *needs: Need, maximum: float, minimum: float = 0.0
) -> Metric:
    return Metric(code, description, stage, 0.0, minimum, maximum, "higher", frozenset(needs))


_CATALOGUE: Final[tuple[Metric, ...]] = (
    _signed("CI", "Class Imbalance (CI)", _PRE),
    _signed("DPL", "Difference in Positive Proportions in Labels (DPL)", _PRE, "label"),
    # The service keeps only outcomes that both groups have and does not renormalise, so that the
    # sum may fall below zero; its least value is that of p ln p.
    _distance(
        "KL",
        "Kullback-Liebler Divergence (KL)",
        _PRE,
        "label",
        minimum=-1 / math.e,
        maximum=math.inf,
    ),
    _distance("JS", "Jensen-Shannon Divergence (JS)", _PRE, "label", maximum=math.log(2)),
    _distance("LP", "L-p Norm (LP)", _PRE, "label", maximum=math.sqrt(2)),
    _distance("TVD", "Total Variation Distance (TVD)", _PRE, "label", maximum=1.0),
    _distance("KS", "Kolmogorov-Smirnov Distance (KS)", _PRE, "label", maximum=1.0),
    _signed(
        "CDDL",
        "Conditional Demographic Disparity in Labels (CDDL)",
        _PRE,
        "label",
        "group_variable",
    ),
    _signed(
        "DPPL",
        "Difference in Positive Proportions in Predicted Labels (DPPL)",
        _POST,
        "predictions",
    ),
    # The only ratio: equal treatment is 1, and it cannot be negative.
    Metric(
        "DI",
        "Disparate Impact (DI)",
        _POST,
        neutral=1.0,
        minimum=0.0,
        maximum=math.inf,
        worse="away-from-neutral",
        needs=frozenset({"predictions"}),
    ),
    _signed(
        "DCA",
        "Difference in Conditional Acceptance (DCA)",
        _POST,
        "label",
        "predictions",
        bound=math.inf,
    ),
    _signed(
        "DCR",
        "Difference in Conditional Rejection (DCR)",
        _POST,
        "label",
        "predictions",
        bound=math.inf,
    ),
    _signed("SD", "Specificity Difference (SD)", _POST, "label", "predictions"),
    _signed("RD", "Recall Difference (RD)", _POST, "label", "predictions"),
    _signed("DAR", "Difference in Acceptance Rates (DAR)", _POST, "label", "predictions"),
    _signed("DRR", "Difference in Rejection Rates (DRR)", _POST, "label", "predictions"),
    _signed("AD", "Accuracy Difference (AD)", _POST, "label", "predictions"),
    _signed("TE", "Treatment Equality (TE)", _POST, "label", "predictions", bound=math.inf),
    _signed(
        "CDDPL",
        "Conditional Demographic Disparity in Predicted Labels (CDDPL)",
        _POST,
        "predictions",
        "group_variable",
    ),
    _signed("FT", "Flip Test (FT)", _POST, "predictions", "numeric_features"),
    # The developer guide says 0.5 at most; many false negatives exceed it.
    _distance("GE", "Generalized Entropy (GE)", _POST, "label", "predictions", maximum=math.inf),
)

#: Every metric by its code, pre-training first, in the developer guide's order.
METRICS: Final[Mapping[str, Metric]] = MappingProxyType({m.code: m for m in _CATALOGUE})
#: Codes of the 8 metrics of ``pre_training_bias``.
PRE_TRAINING: Final[tuple[str, ...]] = tuple(m.code for m in _CATALOGUE if m.stage == _PRE)
#: Codes of the 13 metrics of ``post_training_bias``.
POST_TRAINING: Final[tuple[str, ...]] = tuple(m.code for m in _CATALOGUE if m.stage == _POST)
