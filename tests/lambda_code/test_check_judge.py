"""A run passes only if every rule was evaluated on a real number and held."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, Limit, resolve_checks
from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import Outcome, passed, summary
from support_lambda import passing_analysis, passing_rules
from support_lambda.judging import BIAS, broken, group, judged, limit
from support_real import BESIDE, real


def test_whole_analysis_within_its_limits_passes() -> None:
    outcomes = judged(passing_analysis())
    assert passed(outcomes)
    # 3 metrics in 3 groups, zeros in 3 and the reading of one, 3 explanations, DPL in 3, CI in one.
    assert len(outcomes) == 9 + 4 + 3 + 3 + 1
    assert summary(outcomes) == "Passed: 20 of 20 checks held."


def test_real_output_passes_what_its_config_asks_for_and_only_limits_that_it_meets() -> None:
    body = real("adult_linear_learner/bias_analysis.json").read_bytes()
    config = AnalysisConfig.load(real("adult_linear_learner/bias_analysis_config.json"))
    # From the file: DPL 0.2326…, DI 0.1779….
    met = {"DPL": Limit(maximum=0.24, facet="Sex"), "DI": Limit(minimum=0.17)}
    outcomes = judge(body, resolve_checks(config, met), files=BESIDE)
    assert passed(outcomes)
    # 21 metrics; zeros and the reading of one group in two sections; the report; the limits.
    assert len(outcomes) == 21 + 4 + 1 + 2
    missed = {"DPL": Limit(maximum=0.23), "DI": Limit(minimum=0.8, maximum=1.25)}
    outcomes = judge(body, resolve_checks(config, missed), files=BESIDE)
    assert broken(outcomes) == [
        (f"{BIAS}.facets.Sex[0].DPL", "0.2326441102756892 is above 0.23"),
        ("post_training_bias_metrics.facets.Sex[0].DI", "0.17798594847775176 is below 0.8"),
    ]
    assert summary(outcomes).startswith("Rejected: 26 of 28 checks held. ")


@pytest.mark.parametrize(
    ("value", "low", "high", "holds"),
    [
        (0.1, -0.1, 0.1, True),
        (-0.1, -0.1, 0.1, True),
        (0.11, -0.1, 0.1, False),
        (-0.11, -0.1, 0.1, False),
        (9, None, 10, True),
        (11, None, 10, False),
        (11, 10, None, True),
        (9, 10, None, False),
    ],
)
def test_limit_holds_between_its_bounds_ends_included(
    value: float, low: float | None, high: float | None, holds: bool
) -> None:
    analysis = passing_analysis()
    group(analysis)["metrics"][1]["value"] = value
    outcomes = judged(analysis, limit(min=low, max=high, facet="Sex"))
    assert passed(outcomes) == holds
    assert [(item.metric, item.value, item.minimum, item.maximum) for item in outcomes] == [
        ("DPL", value, low, high)
    ]


def test_limit_without_a_facet_is_for_every_group_of_every_facet() -> None:
    analysis = passing_analysis()
    group(analysis, "Age", 1)["metrics"][1]["value"] = 0.5
    outcomes = judged(analysis, limit())
    assert len(outcomes) == 3
    assert broken(outcomes) == [(f"{BIAS}.facets.Age[1].DPL", "0.5 is above 0.1")]
    assert passed(judged(analysis, limit(facet="Sex")))


def test_limit_on_a_facet_that_is_not_there_does_not_hold() -> None:
    assert broken(judged(passing_analysis(), limit(facet="Region"))) == [
        (f"{BIAS}.facets", "the facet Region is missing")
    ]


VALUES_THAT_ARE_NONE: list[Any] = [
    None, True, False, "Infinity", "-Infinity", "∞", "0.05", "", [], {}, [0.05], 10**400,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES_THAT_ARE_NONE)
def test_value_that_is_no_finite_number_passes_nothing(value: Any) -> None:
    analysis = passing_analysis()
    group(analysis)["metrics"][1]["value"] = value
    where = f"{BIAS}.facets.Sex[0].DPL"
    expected = [(where, "the value is no finite number")]
    assert broken(judged(analysis, limit(facet="Sex", min=-1e308, max=1e308))) == expected
    assert broken(judged(analysis))[:1] == expected


@pytest.mark.parametrize("text", ["1e999", "-1e999"])
def test_number_beyond_all_bounds_passes_nothing(text: str) -> None:
    body = json.dumps(passing_analysis()).replace("0.36", text, 1).encode()
    where = f"{BIAS}.facets.Sex[0].CI"
    assert (where, "the value is no finite number") in broken(judge(body, passing_rules()))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("FlipTest does not support non-numeric columns",) * 2,
        (
            "No instance of common facet found, dataset may be too small",
            "No instance of common facet found, dataset may be too small",
        ),
        ("could not convert string to float: 'Private'", "see it there"),
        ("", "see it there"),
        (7, "see it there"),
    ],
)
def test_error_beside_a_number_passes_nothing(error: Any, told: str) -> None:
    """The service's fixed texts are told; any other text may quote the data."""
    analysis = passing_analysis()
    group(analysis)["metrics"][2]["error"] = error
    reason = f"the analysis gives an error instead of a number: {told}"
    assert broken(judged(analysis)) == [(f"{BIAS}.facets.Sex[0].KL", reason)]


def test_metric_that_is_there_twice_passes_nothing() -> None:
    analysis = passing_analysis()
    group(analysis)["metrics"].append({"name": "KL", "value": 0.0})
    where = f"{BIAS}.facets.Sex[0].KL"
    assert broken(judged(analysis)) == [(where, "the metric is there twice")]


@pytest.mark.parametrize("text", ["", " ", None, 0])
def test_group_with_nobody_in_it_passes_nothing(text: Any) -> None:
    """The service writes an empty interval and zeros, and no error, where a threshold is absurd."""
    analysis = passing_analysis()
    group(analysis)["value_or_threshold"] = text
    reasons = {reason for _, reason in broken(judged(analysis, limit(facet="Sex")))}
    assert reasons == {"value_or_threshold is empty: no row is in the group"}


@pytest.mark.parametrize("text", ["", " ", None, 0])
def test_label_of_which_nothing_is_positive_passes_nothing(text: Any) -> None:
    analysis = passing_analysis()
    analysis[BIAS]["label_value_or_threshold"] = text
    reason = "label_value_or_threshold is empty: no row counted as positive"
    assert broken(judged(analysis, limit())) == [(BIAS, reason)]


def test_missing_facet_group_or_section_passes_nothing() -> None:
    analysis = passing_analysis()
    del analysis[BIAS]["facets"]["Age"]
    assert broken(judged(analysis)) == [
        (f"{BIAS}.facets", "1 of 2 facets are there"),
        (f"{BIAS}.facets", "the facet Age is missing"),
    ]
    analysis = passing_analysis()
    analysis[BIAS]["facets"]["Sex"].append(group(analysis))
    assert broken(judged(analysis)) == [
        (f"{BIAS}.facets.Sex", "2 groups are there, 1 are expected")
    ]
    analysis = passing_analysis()
    del analysis[BIAS]
    assert {where for where, _ in broken(judged(analysis))} == {BIAS}


def test_facet_whose_name_only_the_data_tells_is_judged_under_any_name() -> None:
    rules = passing_rules()
    rules["complete"][0]["facets"] = [
        {"name": None, "groups": 1, "reading": "unsaid"},
        {"name": "Age", "groups": 2, "reading": None},
    ]
    analysis = passing_analysis()
    assert passed(judged(analysis, rules))
    group(analysis)["metrics"][0]["value"] = None
    assert broken(judged(analysis, rules))[0][0] == f"{BIAS}.facets.Sex[0].CI"
    del analysis[BIAS]["facets"]["Sex"]
    assert (f"{BIAS}.facets", "1 of 2 facets are there") in broken(judged(analysis, rules))


def test_nothing_evaluated_is_not_passed() -> None:
    assert not passed(())
    assert summary(()) == "Rejected: no rule was evaluated."


def test_a_summary_is_one_line_whatever_names_hold() -> None:
    found = [Outcome("limit", f"facets.a{end}b.DPL", "it is too high") for end in "\n\r\x85\u2028"]
    assert summary(found).splitlines() == [summary(found)]
    assert summary(found).count("facets.a b.DPL: it is too high") == 4
