"""The drift of attributions: NDCG as in the developer guide and in scikit-learn, label by label."""

from __future__ import annotations

import itertools
import json
import math
from random import Random
from typing import Any

import pytest
from sklearn.metrics import ndcg_score

from clarify_lambda.check.ndcg import ndcg
from clarify_lambda.check.outcome import passed
from clarify_lambda.check.violations import violations
from support_lambda.judging import broken, drift, judged, shap
from support_real import real

#: The developer guide's college admission: the ranking reverses.
TRAINING = {"SAT score": 0.70, "GPA": 0.50, "Class rank": 0.05}
LIVE = {"SAT score": 0.10, "GPA": 0.20, "Class rank": 0.70}
#: (0.05 + 0.50 / log2(3) + 0.70 / 2) / (0.70 + 0.50 / log2(3) + 0.05 / 2), by hand.
REVERSED = 0.7154649 / 1.0404649
OUTPUTS = ("shap_analysis.json", "shap_analysis_endpoint.json")


def test_reversed_ranking_of_the_guide_has_drifted() -> None:
    assert ndcg(TRAINING, LIVE) == pytest.approx(REVERSED, abs=1e-6)
    outcomes = judged(shap(label0=LIVE), drift(), baseline=shap(label0=TRAINING))
    (outcome,) = outcomes
    assert outcome.value == pytest.approx(REVERSED, abs=1e-6)
    assert outcome.minimum == 0.9
    assert not passed(outcomes)
    # Word for word as in the guide's example of the file.
    assert violations(outcomes) == {
        "version": "1.0",
        "violations": [
            {
                "label": "label0",
                "metric_name": "shap",
                "constraint_check_type": "feature_attribution_drift_check",
                "description": f"Feature attribution drift {outcome.value} exceeds threshold 0.9",
            }
        ],
    }


def test_score_is_that_of_scikit_learn_ties_included() -> None:
    random = Random(3)
    compared = 0
    for count in range(2, 15):
        for _ in range(30):
            names = [f"f{index}" for index in range(count)]
            before = {name: random.choice([0.0, 0.1, random.random()]) for name in names}
            now = {name: random.choice([0.0, 0.2, random.random()]) for name in names}
            if not any(before.values()):
                continue
            expected = ndcg_score([[*before.values()]], [[*now.values()]])
            assert ndcg(before, now) == pytest.approx(expected, abs=1e-12)
            compared += 1
    assert compared > 300


@pytest.mark.parametrize(("before", "now"), [*itertools.permutations(OUTPUTS, 2)])
def test_repeated_real_analysis_has_not_drifted(before: str, now: str) -> None:
    former, latter = (
        json.loads(real(f"adult_linear_learner/{name}").read_text()) for name in (before, now)
    )
    (outcome,) = judged(latter, drift(min=0.999), baseline=former)
    assert outcome.held
    assert outcome.value is not None
    values = [
        [*document["explanations"]["kernel_shap"]["label0"]["global_shap_values"].values()]
        for document in (former, latter)
    ]
    assert outcome.value == pytest.approx(ndcg_score([values[0]], [values[1]]), abs=1e-12)


def test_same_ranking_with_other_values_is_1() -> None:
    assert ndcg(TRAINING, {name: value**2 for name, value in TRAINING.items()}) == 1.0


def test_greatest_doubles_have_a_score() -> None:
    score = ndcg(dict.fromkeys("abc", 1.7e308), {"a": 1.0, "b": 2.0, "c": 3.0})
    assert score == pytest.approx(1.0)
    assert not math.isnan(score or math.nan)


def test_attributions_count_without_their_signs() -> None:
    baseline = shap(label0={"Age": -0.6, "Sex": 0.3})
    assert passed(judged(shap(label0={"Age": 0.6, "Sex": -0.3}), drift(), baseline=baseline))


def test_each_label_is_compared_with_its_own_baseline() -> None:
    now = shap(yes=TRAINING, no=LIVE)
    baseline = shap(yes=TRAINING, no=TRAINING)
    (where, _), *others = broken(judged(now, drift(), baseline=baseline))
    assert where == "explanations.kernel_shap.{1}.global_shap_values"
    assert others == []
    assert passed(judged(now, drift(label="yes"), baseline=baseline))


@pytest.mark.parametrize(
    ("baseline", "reason"),
    [
        (None, "there is no baseline"),
        ({}, "the baseline has no attributions of this label"),
        (shap(other=TRAINING), "the baseline has no attributions of this label"),
        (shap(label0={}), "in the baseline, they are not all finite numbers"),
        (shap(label0=TRAINING | {"GPA": None}), "in the baseline, they are not all finite numbers"),
        (
            shap(label0=TRAINING | {"GPA": "Infinity"}),
            "in the baseline, they are not all finite numbers",
        ),
        (shap(label0=TRAINING | {"Sport": 0.1}), "the baseline has other features"),
        (shap(label0={"SAT score": 0.7, "GPA": 0.5}), "the baseline has other features"),
        (
            shap(label0=dict.fromkeys(TRAINING, 0.0)),
            "in the baseline, all attributions are exactly 0",
        ),
    ],
)
def test_what_is_no_baseline_is_not_evaluated(baseline: Any, reason: str) -> None:
    outcomes = judged(shap(label0=TRAINING), drift(), baseline=baseline)
    assert [why for _, why in broken(outcomes)] == [f"not evaluated: {reason}"]
    assert violations(outcomes) is None


@pytest.mark.parametrize("minimum", [0, -1, None, "0.9", True])
def test_rule_without_a_minimum_judges_nothing(minimum: Any) -> None:
    outcomes = judged(shap(label0=LIVE), drift(min=minimum), baseline=shap(label0=LIVE))
    assert [outcome.rule for outcome in outcomes] == ["rules"]
