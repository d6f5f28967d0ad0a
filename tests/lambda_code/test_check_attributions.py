"""Rules on SHAP values: how much one feature may matter, which may not lead, how many there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, FeatureShare, ForbiddenFeatures, Rules, resolve_checks
from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import passed
from support_lambda.judging import attribution, broken, judged, rules_of, shap
from support_real import real

WHERE = "explanations.kernel_shap.{0}.global_shap_values"


def forbidden(*features: str, top: int = 1, label: str | None = None) -> dict[str, Any]:
    rule = {"kind": "forbidden", "features": list(features), "top": top, "label": label}
    return rules_of(attributions=[rule])


VALUES = {"Age": -0.6, "Sex": 0.3, "Job": 0.1}


@pytest.mark.parametrize(
    ("rules", "share", "holds"),
    [
        (attribution(max=0.61), 0.6, True),
        (attribution(max=0.59), 0.6, False),
        (attribution(feature="Sex", max=0.31), 0.3, True),
        (attribution(feature="Sex", max=0.29), 0.3, False),
    ],
)
def test_share_is_the_absolute_value_over_the_sum_of_all(
    rules: dict[str, Any], share: float, holds: bool
) -> None:
    outcomes = judged(shap(label0=VALUES), rules)
    assert [outcome.value for outcome in outcomes] == [pytest.approx(share)]
    assert passed(outcomes) == holds


def test_share_of_the_greatest_doubles_is_a_share() -> None:
    outcomes = judged(shap(label0=dict.fromkeys("abc", 1.7e308)), attribution(max=0.5))
    assert outcomes[0].value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("features", "top", "holds"),
    [
        (("Age",), 1, False),
        (("Sex",), 1, True),
        (("Sex", "Job"), 2, False),
        (("Job",), 2, True),
        (("Job",), 9, False),
    ],
)
def test_forbidden_feature_must_not_be_among_the_first(
    features: tuple[str, ...], top: int, holds: bool
) -> None:
    assert passed(judged(shap(label0=VALUES), forbidden(*features, top=top))) == holds


def test_forbidden_feature_that_equals_the_last_of_the_first_counts_too() -> None:
    values = {"Age": 0.3, "Sex": -0.3, "Job": 0.1}
    assert broken(judged(shap(label0=values), forbidden("Sex"))) == [
        (WHERE, "Sex is among the first 1 features")
    ]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Age": 0.0, "Sex": 0, "Job": 0}, "all attributions are exactly 0"),
        ({"Age": 0.6, "Job": 0.1}, "the feature Sex is missing"),
        (VALUES | {"Job": None}, "they are not all finite numbers"),
        (VALUES | {"Job": "0.1"}, "they are not all finite numbers"),
        ({}, "they are not all finite numbers"),
        ([1], "they are not all finite numbers"),
    ],
)
def test_attributions_that_prove_nothing_pass_nothing(values: Any, reason: str) -> None:
    rules = attribution(feature="Sex", max=0.9)
    assert broken(judged(shap(label0=values), rules)) == [(WHERE, reason)]


def test_forbidden_feature_that_is_missing_passes_nothing() -> None:
    """Under another name it might lead."""
    assert broken(judged(shap(label0=VALUES), forbidden("Gender"))) == [
        (WHERE, "the feature Gender is missing")
    ]


def test_rule_is_for_every_label_or_for_one() -> None:
    analysis = shap(low=VALUES, high={"Age": 0.1, "Sex": 0.6, "Job": 0.3})
    assert [where for where, _ in broken(judged(analysis, forbidden("Sex")))] == [
        "explanations.kernel_shap.{1}.global_shap_values"
    ]
    assert passed(judged(analysis, forbidden("Sex", label="low")))
    assert broken(judged(analysis, forbidden("Sex", label="other"))) == [
        ("explanations.kernel_shap", "the label of the rule is missing")
    ]


@pytest.mark.parametrize("analysis", [{}, {"explanations": []}, shap()])
def test_no_attributions_pass_nothing(analysis: Any) -> None:
    assert broken(judged(analysis, forbidden("Sex"))) == [
        ("explanations.kernel_shap", "the section is missing or empty")
    ]


def test_number_of_features_must_be_the_one_of_the_rule() -> None:
    count = {"kind": "count", "label": None}
    assert passed(judged(shap(label0=VALUES), rules_of(attributions=[{**count, "features": 3}])))
    rules = rules_of(attributions=[{**count, "features": 4}])
    assert broken(judged(shap(label0=VALUES), rules)) == [
        (WHERE, "3 features are there, 4 are expected")
    ]


def test_real_attributions_are_judged_by_their_own_numbers() -> None:
    path = real("adult_linear_learner/shap_analysis.json")
    config = AnalysisConfig(
        dataset_type="text/csv",
        methods={"shap": {"baseline": [[0.0]], "num_samples": 10}},
        predictor={"endpoint_name": "live"},
    )
    values = json.loads(path.read_bytes())["explanations"]["kernel_shap"]["label0"]
    first = max(values["global_shap_values"], key=lambda name: values["global_shap_values"][name])
    share = values["global_shap_values"][first] / sum(values["global_shap_values"].values())
    for bound, holds in ((share + 0.01, True), (share - 0.01, False)):
        rules = resolve_checks(config, rules=Rules(attributions=[FeatureShare(maximum=bound)]))
        assert passed(judge(path.read_bytes(), rules)) == holds
    rules = resolve_checks(
        config, rules=Rules(attributions=[ForbiddenFeatures(features=[first], top=1)])
    )
    assert not passed(judge(path.read_bytes(), rules))
