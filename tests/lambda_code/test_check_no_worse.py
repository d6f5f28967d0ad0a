"""Metrics against a baseline: what is worse, what is the same group, and what is no baseline."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import passed
from clarify_lambda.check.violations import violations
from support_lambda import passing_analysis
from support_lambda.judging import BIAS, broken, group, judged, no_worse

SEX = "pre_training_bias_metrics.facets.Sex[0].DPL"


def with_dpl(value: Any, facet: str = "Sex") -> dict[str, Any]:
    analysis = passing_analysis()
    group(analysis, facet)["metrics"][1]["value"] = value
    return analysis


@pytest.mark.parametrize(
    ("now", "before", "changes", "holds"),
    [
        (0.2, 0.2, {}, True),
        (-0.2, 0.2, {}, True),
        (0.1, -0.2, {}, True),
        (-0.3, 0.2, {}, False),  # the developer guide's example: farther from 0 than 0.2
        (0.2001, 0.2, {}, False),
        (0.2001, 0.2, {"tolerance": 0.001}, True),
        (0.202, 0.2, {"tolerance": 0.001}, False),
        # A ratio: 0.5 is nearer to 0 than 0.8 is, and farther from 1.
        (0.5, 0.8, {"max": None}, True),
        (0.5, 0.8, {"max": None, "neutral": 1.0}, False),
        (1.2, 0.8, {"max": None, "neutral": 1.0, "tolerance": 1e-9}, True),
        (1.3, 0.8, {"max": None, "neutral": 1.0}, False),
        # A service that writes infinity as a text, and a guide that has signs.
        ("Infinity", 0.2, {"max": None}, False),
        ("-∞", 0.2, {"min": None}, False),
    ],
)
def test_worse_is_farther_from_neutral(
    now: Any, before: Any, changes: dict[str, Any], holds: bool
) -> None:
    rules = no_worse(facet="Sex", **changes)
    outcomes = judged(with_dpl(now), rules, baseline=with_dpl(before))
    (outcome,) = outcomes
    assert (outcome.where, outcome.metric, outcome.baseline) == (SEX, "DPL", before)
    assert passed(outcomes) == holds
    listed = violations(outcomes)
    assert listed is not None
    assert len(listed["violations"]) == (0 if holds else 1)


def test_reason_tells_both_values_and_the_tolerance() -> None:
    rules = no_worse(facet="Sex", tolerance=0.01)
    assert broken(judged(with_dpl(-0.3), rules, baseline=with_dpl(0.2))) == [
        (SEX, "-0.3 is farther from 0 than the baseline, 0.2 by more than 0.01")
    ]


def test_violation_is_that_of_the_real_file() -> None:
    outcomes = judged(with_dpl("Infinity"), no_worse(facet="Sex"), baseline=with_dpl(0.5))
    reason = "Infinity is farther from 0 than the baseline, 0.5"
    assert broken(outcomes) == [(SEX, reason)]
    assert violations(outcomes) == {
        "version": "1.0",
        "violations": [
            {
                "facet": "Sex",
                "facet_value": "0",
                "metric_name": "DPL",
                "constraint_check_type": "bias_drift_check",
                "description": "Metric value Infinity doesn't meet the baseline constraint "
                "requirement 0.5",
            }
        ],
    }


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({}, ["Sex[0]", "Age[0]", "Age[1]"]),
        ({"facet": "Age"}, ["Age[0]", "Age[1]"]),
        ({"facet": "Age", "group": "(52, 90]"}, ["Age[1]"]),
    ],
)
def test_every_group_that_the_rule_is_for_is_compared(
    changes: dict[str, Any], places: list[str]
) -> None:
    outcomes = judged(passing_analysis(), no_worse(**changes), baseline=passing_analysis())
    assert [outcome.where for outcome in outcomes] == [f"{BIAS}.facets.{at}.DPL" for at in places]
    assert passed(outcomes)


def test_groups_are_matched_by_their_text_and_not_by_their_place() -> None:
    baseline = passing_analysis()
    group(baseline, "Age", 0)["metrics"][1]["value"] = 0.01
    baseline[BIAS]["facets"]["Age"].reverse()
    outcomes = judged(passing_analysis(), no_worse(facet="Age"), baseline=baseline)
    assert [outcome.baseline for outcome in outcomes] == [0.01, 0.05]


def test_last_interval_is_the_same_group_whatever_the_greatest_value_is() -> None:
    baseline = passing_analysis()
    group(baseline, "Age", 1)["value_or_threshold"] = "(52.0, 77.5]"
    assert passed(judged(passing_analysis(), no_worse(), baseline=baseline))


@pytest.mark.parametrize("text", ["(53, 90]", "(35, 90]", "52", "(52, 90] "])
def test_another_group_is_no_baseline(text: str) -> None:
    baseline = passing_analysis()
    group(baseline, "Age", 1)["value_or_threshold"] = text
    assert broken(judged(passing_analysis(), no_worse(facet="Age"), baseline=baseline)) == [
        (
            f"{BIAS}.facets.Age[1].DPL",
            "not evaluated: the baseline has no such group, or several",
        )
    ]


def test_inner_interval_is_not_the_last_one_of_the_baseline() -> None:
    """With one threshold, (35, 90] is everybody above 35; with two, (35, 52] is only some."""
    baseline = passing_analysis()
    baseline[BIAS]["facets"]["Age"] = [group(baseline, "Age") | {"value_or_threshold": "(35, 90]"}]
    outcomes = judged(passing_analysis(), no_worse(facet="Age"), baseline=baseline)
    assert {outcome.held for outcome in outcomes} == {False}


def changed(change: str) -> Any:
    document = copy.deepcopy(passing_analysis())
    section, entry = document[BIAS], group(document)["metrics"][1]
    match change:
        case "section":
            del document[BIAS]
        case "facet":
            section["facets"]["Sexe"] = section["facets"].pop("Sex")
        case "no groups":
            section["facets"]["Sex"] = []
        case "twice":
            section["facets"]["Sex"] *= 2
        case "metric":
            group(document)["metrics"].remove(entry)
        case "empty text":
            group(document)["value_or_threshold"] = ""
        case "outcome":
            section["label_value_or_threshold"] = "0"
        case "no outcome":
            section["label_value_or_threshold"] = ""
        case "error":
            entry["error"] = "Facet set is empty"
        case _:
            entry["value"] = json.loads(change)
    return document


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("section", "in the baseline, the section is missing"),
        ("facet", "in the baseline, there is no group"),
        ("no groups", "in the baseline, there is no group"),
        ("twice", "the baseline has no such group, or several"),
        ("metric", "in the baseline, the metric is missing"),
        ("empty text", "the baseline has no such group, or several"),
        ("outcome", "the baseline has another positive outcome"),
        (
            "no outcome",
            "in the baseline, label_value_or_threshold is empty: no row counted as positive",
        ),
        (
            "error",
            "in the baseline, the analysis gives an error instead of a number: Facet set is empty",
        ),
        ("null", "in the baseline, the value is no finite number"),
        ("true", "in the baseline, the value is no finite number"),
        ('"0.9"', "in the baseline, the value is no finite number"),
        ('"Infinity"', "the baseline is infinite, and nothing is worse"),
        ("1e300", "the baseline is outside of what this metric can be"),
    ],
)
def test_what_is_no_baseline_is_not_evaluated(change: str, reason: str) -> None:
    outcomes = judged(passing_analysis(), no_worse(facet="Sex"), baseline=changed(change))
    assert broken(outcomes) == [(SEX, f"not evaluated: {reason}")]
    assert violations(outcomes) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "there is no baseline"),
        (b"", "the baseline: it is not complete JSON"),
        (b"[]", "the baseline: it is JSON, but no object"),
        (b'{"a": NaN}', "the baseline: it holds the bare word NaN, which is no JSON"),
        # Constraints of Model Monitor on data quality: another file of the same name.
        (b'{"version": 0.0, "features": []}', "in the baseline, the section is missing"),
    ],
)
def test_unreadable_baseline_is_not_evaluated(body: bytes | None, reason: str) -> None:
    analysis = json.dumps(passing_analysis()).encode()
    outcomes = judge(analysis, no_worse(facet="Sex"), baseline=body)
    assert broken(outcomes) == [(SEX, f"not evaluated: {reason}")]


def test_metric_without_a_number_now_does_not_hold() -> None:
    outcomes = judged(with_dpl(None), no_worse(facet="Sex"), baseline=passing_analysis())
    assert broken(outcomes) == [(SEX, "the value is no finite number")]


def test_facet_that_is_missing_now_does_not_hold() -> None:
    outcomes = judged(passing_analysis(), no_worse(facet="Job"), baseline=passing_analysis())
    assert broken(outcomes) == [(f"{BIAS}.facets", "the facet Job is missing")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tolerance": -0.1},
        {"tolerance": "0"},
        {"neutral": None},
        {"section": "kernel_shap"},
        {"metric": ""},
        {"extra": 1},
        {"min": True},
    ],
)
def test_rule_that_is_not_well_formed_judges_nothing(wrong: dict[str, Any]) -> None:
    outcomes = judged(passing_analysis(), no_worse(**wrong), baseline=passing_analysis())
    assert [outcome.rule for outcome in outcomes] == ["rules"]
    assert not passed(outcomes)
