"""Comparisons with a baseline: alike in Python and JSON, resolved whole, refused if pointless."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import (
    AcceptedError,
    AnalysisConfig,
    AttributionDrift,
    Baseline,
    NoWorse,
    Refused,
    Rules,
    load_rules,
    resolve_checks,
)

JSON: dict[str, Any] = {
    "baseline": {"uri": "s3://models/loans/analysis.json"},
    "no_worse": [
        {
            "metrics": ["DI", "DPL"],
            "facet": "Sex",
            "group": "0",
            "distance": "zero",
            "tolerance": 0.02,
        },
        {},
    ],
    "attributions": [{"min_ndcg": 0.95, "label": "label0"}],
}
PYTHON = Rules(
    baseline=Baseline(uri="s3://models/loans/analysis.json"),
    no_worse=(
        NoWorse(metrics=("DI", "DPL"), facet="Sex", group="0", distance="zero", tolerance=0.02),
        NoWorse(),
    ),
    attributions=(AttributionDrift(minimum=0.95, label="label0"),),
)
ANY = Baseline(uri="s3://models/loans/analysis.json")


def config(**changes: Any) -> AnalysisConfig:
    """Return a config with both bias stages and SHAP."""
    given = {
        "dataset_type": "text/csv",
        "headers": ["Target", "Age", "Sex", "Guess"],
        "label": "Target",
        "label_values_or_threshold": [1],
        "facet": [
            {"name_or_index": "Sex", "value_or_threshold": [0]},
            {"name_or_index": "Age", "value_or_threshold": [40]},
        ],
        "excluded_columns": ["Guess"],
        "methods": {
            "pre_training_bias": {"methods": ["KL", "DPL"]},
            "post_training_bias": {"methods": ["DI", "FT"]},
            "shap": {"num_clusters": 1},
        },
        "predictor": {"endpoint_name": "live", "content_type": "text/csv"},
        **changes,
    }
    return AnalysisConfig.load({key: value for key, value in given.items() if value is not None})


def refusals(**rules: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        resolve_checks(config(), rules=Rules(**rules))
    return [(finding.id, finding.path) for finding in caught.value.findings]


def test_rules_in_json_are_those_in_python() -> None:
    assert load_rules(JSON) == load_rules(json.dumps(JSON)) == PYTHON
    assert load_rules({"baseline": {"job_name": "clarify-nightly-0123"}}) == Rules(
        baseline=Baseline(job_name="clarify-nightly-0123")
    )


def test_neutral_value_and_range_are_rendered_for_the_check() -> None:
    rules = resolve_checks(config(), rules=PYTHON)
    sex = {"facet": "Sex", "group": "0", "tolerance": 0.02}
    every = {"facet": None, "group": None, "tolerance": 0.0}
    pre, post = "pre_training_bias_metrics", "post_training_bias_metrics"
    ratio = {"section": post, "metric": "DI", "min": 0.0, "max": None}
    label = {"section": pre, "metric": "DPL", "min": -1.0, "max": 1.0}
    assert rules["no_worse"] == [
        {**ratio, **sex, "neutral": 0.0},
        {**label, **sex, "neutral": 0.0},
        {**label, **every, "neutral": 0.0},
        {
            "section": pre,
            "metric": "KL",
            "min": pytest.approx(-0.3678794),
            "max": None,
            **every,
            "neutral": 0.0,
        },
        {**ratio, **every, "neutral": 1.0},
        {"section": post, "metric": "FT", "min": -1.0, "max": 1.0, **every, "neutral": 0.0},
    ]
    assert rules["attributions"] == [{"kind": "drift", "min": 0.95, "label": "label0"}]
    assert json.loads(json.dumps(rules, allow_nan=False)) == rules


def test_rules_without_a_comparison_are_as_they_were() -> None:
    assert set(resolve_checks(config())) == {"complete", "limits", "attributions"}


def test_least_ranking_is_model_monitors_unless_another_is_given() -> None:
    rules = Rules(attributions=[AttributionDrift()])
    assert resolve_checks(config(), rules=rules)["attributions"][0]["min"] == 0.9


@pytest.mark.parametrize(
    ("rule", "identifier", "place"),
    [
        (NoWorse(metrics=["DIX"]), "limit-metric-unknown", ".metrics"),
        (NoWorse(metrics=["AD"]), "limit-metric-not-computed", ".metrics"),
        (NoWorse(facet="Region"), "limit-facet-unknown", ".facet"),
        (NoWorse(group="0"), "limit-group-without-facet", ".group"),
        (NoWorse(facet="Sex", group="1"), "limit-group-unknown", ".group"),
        (
            NoWorse(distance="far"),  # type: ignore[arg-type]
            "no-worse-distance-unknown",
            ".distance",
        ),
        (NoWorse(tolerance=-0.1), "no-worse-tolerance", ".tolerance"),
        (NoWorse(metrics=["DPL"], tolerance=1), "no-worse-tolerance", ".tolerance"),
        (NoWorse(tolerance=float("nan")), "limit-not-a-number", ".tolerance"),
        (NoWorse(tolerance="0"), "limit-not-a-number", ".tolerance"),  # type: ignore[arg-type]
    ],
)
def test_comparison_that_could_never_be_made_is_refused(
    rule: NoWorse, identifier: str, place: str
) -> None:
    assert refusals(no_worse=[rule]) == [(identifier, f"no_worse[0]{place}")]


def test_tolerance_of_metrics_without_a_bound_may_be_large() -> None:
    rule = NoWorse(metrics=["DI", "KL"], tolerance=5.0)
    assert len(resolve_checks(config(), rules=Rules(no_worse=[rule]))["no_worse"]) == 2


def test_comparison_of_metrics_that_are_not_computed_is_refused() -> None:
    shap_alone = config(
        methods={"shap": {"num_clusters": 1}}, facet=None, label_values_or_threshold=None
    )
    with pytest.raises(Refused, match="no-worse-not-computed"):
        resolve_checks(shap_alone, rules=Rules(no_worse=[NoWorse()]))


@pytest.mark.parametrize("minimum", [0, 1, 1.5, -0.1])
def test_ranking_that_is_always_met_or_never_is_refused(minimum: float) -> None:
    assert refusals(attributions=[AttributionDrift(minimum=minimum)]) == [
        ("attribution-drift-out-of-range", "attributions[0].minimum")
    ]


def test_drift_of_attributions_without_shap_is_refused() -> None:
    plain = config(methods={"pre_training_bias": {"methods": "all"}}, predictor=None)
    with pytest.raises(Refused, match="attribution-not-computed"):
        resolve_checks(plain, rules=Rules(attributions=[AttributionDrift()]))


def test_error_cannot_be_accepted_of_a_metric_that_is_compared() -> None:
    accepted = [AcceptedError(metric="FT", error="FlipTest does not support")]
    expected = [("accepted-error-has-limit", "accepted_errors[0]")]
    assert refusals(no_worse=[NoWorse()], accepted_errors=accepted) == expected
    rules = Rules(no_worse=[NoWorse(metrics=["DPL"])], accepted_errors=accepted)
    assert len(resolve_checks(config(), rules=rules)["no_worse"]) == 1


@pytest.mark.parametrize(
    ("baseline", "place"),
    [
        (Baseline(), ""),
        (Baseline(uri="s3://b/analysis.json", job_name="clarify-1"), ""),
        (Baseline(uri="models/analysis.json"), ".uri"),
        (Baseline(uri="s3://models"), ".uri"),
        (Baseline(uri="s3://models/loans/"), ".uri"),
        (Baseline(uri="s3://models/*/analysis.json"), ".uri"),
        (Baseline(uri="s3://models/${aws:username}/analysis.json"), ".uri"),
        (Baseline(job_name="../other"), ".job_name"),
        (Baseline(job_name=""), ".job_name"),
    ],
)
def test_baseline_that_names_no_object_is_refused(baseline: Baseline, place: str) -> None:
    assert refusals(baseline=baseline, no_worse=[NoWorse()]) == [
        ("baseline-wrong", f"baseline{place}")
    ]


def test_baseline_that_is_known_at_deployment_only_is_taken() -> None:
    for text in ("${Token[Uri.1]}", "s3://${Token[Bucket.2]}/analysis.json"):
        rules = Rules(baseline=Baseline(uri=text), no_worse=[NoWorse()])
        assert resolve_checks(config(), rules=rules)["no_worse"]


def test_baseline_that_no_rule_asks_for_is_refused() -> None:
    assert refusals(baseline=ANY) == [("baseline-unused", "baseline")]
    for rules in (
        Rules(baseline=ANY, no_worse=[NoWorse()]),
        Rules(baseline=ANY, attributions=[AttributionDrift()]),
    ):
        assert resolve_checks(config(), rules=rules)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"baseline": "s3://b/analysis.json"}, [("rules-wrong", "rules.baseline")]),
        ({"baseline": {"url": "x"}}, [("rules-unknown-key", "rules.baseline.url")]),
        ({"no_worse": {}}, [("rules-wrong", "rules.no_worse")]),
        ({"no_worse": ["DPL"]}, [("rules-wrong", "rules.no_worse[0]")]),
        ({"no_worse": [{"metrics": "DPL"}]}, [("rules-wrong", "rules.no_worse[0].metrics")]),
        ({"no_worse": [{"metric": "DPL"}]}, [("rules-unknown-key", "rules.no_worse[0].metric")]),
    ],
)
def test_what_no_comparison_is_is_refused_where_it_stands(
    source: Any, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as caught:
        load_rules(source)
    assert [(finding.id, finding.path) for finding in caught.value.findings] == expected
