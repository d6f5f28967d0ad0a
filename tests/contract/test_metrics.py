"""The catalogue says of each metric what the service prints and computes."""

from __future__ import annotations

import json
import math

import pytest

from clarify_contract import METRICS, POST_TRAINING, PRE_TRAINING
from support_real import real

INF = math.inf
# Typed from section 4.1 and 4.2 of the specification: text, range. The ranges of KL, JS, LP, TVD,
# GE are the computation's, from 4.1, 4.2 and 4.4.
PRINTED = {
    "CI": ("Class Imbalance (CI)", -1, 1),
    "DPL": ("Difference in Positive Proportions in Labels (DPL)", -1, 1),
    "KL": ("Kullback-Liebler Divergence (KL)", -0.3678794411714423, INF),
    "JS": ("Jensen-Shannon Divergence (JS)", 0, 0.6931471805599453),
    "LP": ("L-p Norm (LP)", 0, 1.4142135623730951),
    "TVD": ("Total Variation Distance (TVD)", 0, 1),
    "KS": ("Kolmogorov-Smirnov Distance (KS)", 0, 1),
    "CDDL": ("Conditional Demographic Disparity in Labels (CDDL)", -1, 1),
    "DPPL": ("Difference in Positive Proportions in Predicted Labels (DPPL)", -1, 1),
    "DI": ("Disparate Impact (DI)", 0, INF),
    "DCA": ("Difference in Conditional Acceptance (DCA)", -INF, INF),
    "DCR": ("Difference in Conditional Rejection (DCR)", -INF, INF),
    "SD": ("Specificity Difference (SD)", -1, 1),
    "RD": ("Recall Difference (RD)", -1, 1),
    "DAR": ("Difference in Acceptance Rates (DAR)", -1, 1),
    "DRR": ("Difference in Rejection Rates (DRR)", -1, 1),
    "AD": ("Accuracy Difference (AD)", -1, 1),
    "TE": ("Treatment Equality (TE)", -INF, INF),
    "CDDPL": ("Conditional Demographic Disparity in Predicted Labels (CDDPL)", -1, 1),
    "FT": ("Flip Test (FT)", -1, 1),
    "GE": ("Generalized Entropy (GE)", 0, INF),
}


def test_stages_hold_the_8_and_13_metrics_of_the_developer_guide() -> None:
    assert tuple(PRINTED)[:8] == PRE_TRAINING
    assert tuple(PRINTED)[8:] == POST_TRAINING
    assert tuple(METRICS) == PRE_TRAINING + POST_TRAINING
    assert all(METRICS[code].stage == "pre_training_bias" for code in PRE_TRAINING)
    assert all(METRICS[code].stage == "post_training_bias" for code in POST_TRAINING)


@pytest.mark.parametrize("code", PRINTED)
def test_description_and_range_are_the_specified_ones(code: str) -> None:
    description, minimum, maximum = PRINTED[code]
    assert METRICS[code].code == code
    assert METRICS[code].description == description
    assert METRICS[code].minimum == pytest.approx(minimum)
    assert METRICS[code].maximum == pytest.approx(maximum)


def test_only_disparate_impact_is_neutral_at_one() -> None:
    neutral = {code: metric.neutral for code, metric in METRICS.items()}
    assert neutral == dict.fromkeys(METRICS, 0) | {"DI": 1}


def test_distances_are_worse_upwards_and_all_others_in_both_directions() -> None:
    higher = {code for code, metric in METRICS.items() if metric.worse == "higher"}
    assert higher == {"KL", "JS", "LP", "TVD", "KS", "GE"}
    assert {metric.worse for metric in METRICS.values()} == {"higher", "away-from-neutral"}


@pytest.mark.parametrize(
    ("need", "codes"),
    [
        ("group_variable", {"CDDL", "CDDPL"}),
        ("numeric_features", {"FT"}),
        ("predictions", set(POST_TRAINING)),
        (
            "label",
            {*PRE_TRAINING, "DCA", "DCR", "SD", "RD", "DAR", "DRR", "AD", "TE", "GE"} - {"CI"},
        ),
    ],
)
def test_needs_are_the_columns_of_the_specified_tables(need: str, codes: set[str]) -> None:
    assert {code for code, metric in METRICS.items() if need in metric.needs} == codes


@pytest.mark.parametrize(
    ("code", "value"), [("KL", -0.347), ("KL", -0.366), ("GE", 8.59), ("TVD", 0.25)]
)
def test_values_seen_outside_the_documented_range_are_inside_ours(code: str, value: float) -> None:
    assert METRICS[code].minimum <= value <= METRICS[code].maximum


def test_real_output_has_these_descriptions_and_values_within_these_ranges() -> None:
    document = json.loads(real("adult_linear_learner/bias_analysis.json").read_text())
    seen = set()
    for stage in ("pre_training_bias", "post_training_bias"):
        for entry in document[f"{stage}_metrics"]["facets"]["Sex"][0]["metrics"]:
            metric = METRICS[entry["name"]]
            assert metric.description == entry["description"]
            assert metric.stage == stage
            assert metric.minimum <= entry["value"] <= metric.maximum
            seen.add(metric.code)
    assert seen == set(METRICS)
