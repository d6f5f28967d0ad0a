"""A limit on the interval holds only if all of the 95 % interval is there and within it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_lambda.check.judge import judge, needs_intervals
from clarify_lambda.check.outcome import passed
from support_lambda import passing_analysis, passing_rules
from support_lambda.judging import BIAS, broken, group, judged, limit

WHERE = f"{BIAS}.facets.Sex[0].DPL"


def intervals(low: Any = 0.01, high: Any = 0.09, **changes: Any) -> dict[str, Any]:
    """Return an intervals.json of the group of `Sex`, whose DPL is 0.05."""
    entry = {"value_or_threshold": "0", "intervals": {"DPL": {"low": low, "high": high}}}
    return {"version": "1.0", "level": 0.95, BIAS: {"facets": {"Sex": [entry]}}, **changes}


def on_interval(**changes: Any) -> dict[str, Any]:
    return limit(facet="Sex", evidence="interval", **changes)


def test_whole_interval_within_the_limit_holds_and_is_told() -> None:
    outcomes = judged(passing_analysis(), on_interval(), intervals())
    assert passed(outcomes)
    assert outcomes[0].as_json()["interval"] == [0.01, 0.09]


@pytest.mark.parametrize(
    ("low", "high", "bounds", "reason"),
    [
        (-0.11, 0.09, {}, "the 95 % interval from -0.11 to 0.09 goes below -0.1"),
        (0.01, 0.11, {}, "the 95 % interval from 0.01 to 0.11 goes above 0.1"),
        ("-Infinity", 0.09, {}, "the 95 % interval from -inf to 0.09 goes below -0.1"),
        (0.01, "Infinity", {}, "the 95 % interval from 0.01 to inf goes above 0.1"),
        (0.01, 0.02, {"max": 0.04}, "0.05 is above 0.04"),
    ],
)
def test_interval_that_leaves_the_limit_does_not_hold(
    low: Any, high: Any, bounds: dict[str, Any], reason: str
) -> None:
    """The value must hold too: an interval of resamples need not contain it."""
    outcomes = judged(passing_analysis(), on_interval(**bounds), intervals(low, high))
    assert broken(outcomes) == [(WHERE, reason)]


def test_infinite_end_holds_where_the_limit_has_no_bound() -> None:
    rules = on_interval(min=None)
    outcomes = judged(passing_analysis(), rules, intervals("-Infinity", 0.09))
    assert passed(outcomes)
    assert outcomes[0].as_json()["interval"] == ["-Infinity", 0.09]
    assert "Infinity" not in json.dumps(outcomes[0].as_json()).replace('"-Infinity"', "")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "the job wrote no intervals.json"),
        ([], "intervals.json: it is JSON, but no object"),
        (intervals(level=0.9), "intervals.json is not of the level 95%"),
        (intervals(**{BIAS: {"facets": {}}}), "intervals.json has no such group"),
        (intervals(**{BIAS: {"facets": {"Sex": []}}}), "intervals.json has no such group"),
        (
            intervals(**{BIAS: {"facets": {"Sex": [{"value_or_threshold": "1"}]}}}),
            "intervals.json has another group at this place",
        ),
        (
            intervals(**{BIAS: {"facets": {"Sex": [{"value_or_threshold": "0"}]}}}),
            "there is no interval for this metric",
        ),
        (intervals(0.09, 0.01), "the interval has no two ends in order"),
        (intervals(None), "the interval has no two ends in order"),
        (intervals("0.01"), "the interval has no two ends in order"),
        (intervals(high=True), "the interval has no two ends in order"),
    ],
)
def test_limit_without_its_interval_is_not_evaluated_and_does_not_hold(
    given: Any, reason: str
) -> None:
    outcomes = judged(passing_analysis(), on_interval(), given)
    assert broken(outcomes) == [(WHERE, f"not evaluated: {reason}")]
    assert outcomes[0].value == 0.05


def test_intervals_that_are_cut_off_are_none() -> None:
    body = json.dumps(intervals()).encode()
    outcomes = judge(json.dumps(passing_analysis()).encode(), on_interval(), intervals=body[:-1])
    reason = "not evaluated: intervals.json: it is not complete JSON"
    assert broken(outcomes) == [(WHERE, reason)]


def test_limit_on_the_value_needs_no_interval() -> None:
    assert passed(judged(passing_analysis(), limit(facet="Sex")))
    assert needs_intervals(on_interval())
    assert not needs_intervals(passing_rules())
    assert not needs_intervals(None)


def test_limit_on_one_group_is_for_that_group_alone() -> None:
    analysis = passing_analysis()
    group(analysis, "Age", 0)["metrics"][1]["value"] = 0.5
    outcomes = judged(analysis, limit(facet="Age", group="(52, 90]"))
    assert [outcome.where for outcome in outcomes] == [f"{BIAS}.facets.Age[1].DPL"]
    assert passed(outcomes)
    assert not passed(judged(analysis, limit(facet="Age", group="(35, 52]")))


def test_limit_on_a_group_that_is_missing_or_there_twice_does_not_hold() -> None:
    analysis = passing_analysis()
    rules = limit(facet="Age", group="(52, 99]")
    where = f"{BIAS}.facets.Age"
    assert broken(judged(analysis, rules)) == [(where, "0 groups are the one of the rule")]
    group(analysis, "Age", 0)["value_or_threshold"] = "(52, 90]"
    assert broken(judged(analysis, limit(facet="Age", group="(52, 90]"))) == [
        (where, "2 groups are the one of the rule")
    ]
