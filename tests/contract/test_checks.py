"""Rules are resolved from the config alone; limits that say nothing are refused."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from clarify_contract import (
    METRICS,
    POST_TRAINING,
    PRE_TRAINING,
    AnalysisConfig,
    Limit,
    Refused,
    resolve_checks,
)


def config(**changes: Any) -> AnalysisConfig:
    """Return a config with both bias stages on predictions in the data; None removes a key."""
    given = {
        "dataset_type": "text/csv",
        "headers": ["Target", "Age", "Sex", "Job", "Guess"],
        "label": "Target",
        "label_values_or_threshold": [1],
        "predicted_label": "Guess",
        "facet": [{"name_or_index": "Sex", "value_or_threshold": [0]}],
        "group_variable": "Job",
        "methods": {
            "pre_training_bias": {"methods": "all"},
            "post_training_bias": {"methods": "all"},
        },
        **changes,
    }
    return AnalysisConfig.load({key: value for key, value in given.items() if value is not None})


def refusals(limits: Any, **changes: Any) -> list[tuple[str, str]]:
    """Return id and place of every reason why these limits are refused."""
    with pytest.raises(Refused) as caught:
        resolve_checks(config(**changes), limits)
    return [(finding.id, finding.path) for finding in caught.value.findings]


def facets(*entries: dict[str, Any], **changes: Any) -> Any:
    """Return name and number of groups of each facet that is expected."""
    rules = resolve_checks(config(facet=list(entries), **changes))
    return [(facet["name"], facet["groups"]) for facet in rules["complete"][0]["facets"]]


def names(rule: dict[str, Any]) -> list[str]:
    return [metric["name"] for metric in rule["metrics"]]


def ranges(code: str) -> dict[str, Any]:
    """Return what the check is told of a metric, from the catalogue; infinity is no JSON."""
    low, high = METRICS[code].minimum, METRICS[code].maximum
    return {
        "name": code,
        "min": low if low > -math.inf else None,
        "max": high if high < math.inf else None,
        "outcomes": code not in ("CI", "FT"),
    }


def test_everything_that_a_config_asks_for_must_be_there() -> None:
    rules = resolve_checks(config())
    assert rules == {
        "complete": [
            {
                "section": "pre_training_bias_metrics",
                "facets": [{"name": "Sex", "groups": 1, "reading": "unsaid"}],
                "metrics": [ranges(code) for code in sorted(PRE_TRAINING)],
                "accepted_errors": [],
                "accepted_zeros": [],
            },
            {
                "section": "post_training_bias_metrics",
                "facets": [{"name": "Sex", "groups": 1, "reading": "unsaid"}],
                "metrics": [ranges(code) for code in sorted(POST_TRAINING)],
                "accepted_errors": [],
                "accepted_zeros": [],
            },
        ],
        "limits": [],
        "attributions": [],
    }
    assert json.loads(json.dumps(rules)) == rules


def test_metrics_that_need_a_group_variable_are_not_asked_for_without_one() -> None:
    pre, post = resolve_checks(config(group_variable=None))["complete"]
    assert "CDDL" not in names(pre)
    assert "CDDPL" not in names(post)


def test_only_the_listed_metrics_of_the_asked_stage_are_asked_for() -> None:
    methods = {"pre_training_bias": {"methods": ["DPL", "CI"]}}
    (rule,) = resolve_checks(config(methods=methods))["complete"]
    assert (rule["section"], names(rule)) == ("pre_training_bias_metrics", ["CI", "DPL"])


def test_explanations_that_are_asked_for_must_be_there() -> None:
    rules = resolve_checks(
        config(
            predicted_label=None,
            methods={
                "shap": {"num_clusters": 1},
                "pdp": {"grid_resolution": 5, "top_k_features": 2},
            },
            predictor={
                "model_name": "m",
                "initial_instance_count": 1,
                "instance_type": "ml.m5.large",
            },
        )
    )
    sections = [{"section": "explanations.kernel_shap"}, {"section": "explanations.pdp"}]
    assert rules["complete"] == sections


def test_facet_by_index_has_the_name_of_its_header() -> None:
    assert facets({"name_or_index": 2, "value_or_threshold": [0]}) == [("Sex", 1)]


def test_facet_by_index_without_headers_has_a_name_that_only_the_data_tells() -> None:
    found = facets(
        {"name_or_index": 2, "value_or_threshold": [0]},
        headers=None,
        label=0,
        predicted_label=4,
        group_variable=3,
    )
    assert found == [(None, 1)]


def test_facet_by_index_into_the_facet_dataset_has_that_dataset_s_header() -> None:
    found = facets(
        {"name_or_index": 1, "value_or_threshold": [0]},
        facet_dataset_uri="s3://bucket/facets.csv",
        facet_headers=["Age", "Region"],
    )
    assert found == [("Region", 1)]


def test_facet_without_values_has_as_many_groups_as_the_data_has_values() -> None:
    assert facets({"name_or_index": "Sex"}) == [("Sex", None)]


def test_several_values_are_one_group_and_several_entries_several_groups() -> None:
    found = facets(
        {"name_or_index": "Sex", "value_or_threshold": [0, 1]},
        {"name_or_index": "Age", "value_or_threshold": [40]},
        {"name_or_index": "Age", "value_or_threshold": [65]},
    )
    assert found == [("Sex", 1), ("Age", 2)]


def test_limit_becomes_one_rule_with_its_section_and_both_bounds() -> None:
    limits: dict[str, Limit | list[Limit]] = {
        "DPL": Limit(minimum=-0.1, maximum=0.1),
        "DI": [Limit(minimum=0.8), Limit(maximum=1.25, facet="Sex")],
    }
    pre, post = "pre_training_bias_metrics", "post_training_bias_metrics"
    plain = {"group": None, "evidence": "value", "source": None}
    assert resolve_checks(config(), limits)["limits"] == [
        {"section": pre, "metric": "DPL", "facet": None, "min": -0.1, "max": 0.1, **plain},
        {"section": post, "metric": "DI", "facet": None, "min": 0.8, "max": None, **plain},
        {"section": post, "metric": "DI", "facet": "Sex", "min": None, "max": 1.25, **plain},
    ]


def test_bound_at_the_end_of_the_range_is_a_bound_when_the_other_end_is_not() -> None:
    limits = {"DPL": Limit(minimum=-1, maximum=0.1), "KS": Limit(maximum=0), "TE": Limit(minimum=0)}
    assert len(resolve_checks(config(), limits)["limits"]) == 3


@pytest.mark.parametrize(("given", "meant"), [("dpl", "DPL"), ("DPPPL", "DPPL"), ("CDDLP", "CDD")])
def test_unknown_metric_is_refused_with_the_nearest_one(given: str, meant: str) -> None:
    with pytest.raises(Refused, match=f'limit-metric-unknown.*Did you mean "{meant}'):
        resolve_checks(config(), {given: Limit(maximum=0.1)})


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("DPL", {"methods": {"post_training_bias": {"methods": "all"}}}),
        ("DPPL", {"methods": {"pre_training_bias": {"methods": "all"}}}),
        ("DPL", {"methods": {"pre_training_bias": {"methods": ["CI"]}}}),
        ("CDDL", {"group_variable": None}),
        ("CDDPL", {"group_variable": None}),
    ],
)
def test_metric_that_the_config_does_not_compute_is_refused(
    code: str, changes: dict[str, Any]
) -> None:
    limits = {code: Limit(maximum=0.1)}
    assert refusals(limits, **changes) == [("limit-metric-not-computed", f"limits.{code}")]


@pytest.mark.parametrize(
    ("code", "limit", "identifier", "side"),
    [
        ("DPL", Limit(minimum=0.2, maximum=0.1), "limit-crossed", ""),
        ("DPL", Limit(), "limit-empty", ""),
        ("DPL", Limit(minimum=math.nan), "limit-not-a-number", ".minimum"),
        ("DPL", Limit(maximum=math.inf), "limit-not-a-number", ".maximum"),
        ("TE", Limit(minimum=-math.inf), "limit-not-a-number", ".minimum"),
        ("DPL", Limit(maximum=True), "limit-not-a-number", ".maximum"),
        ("DPL", Limit(maximum="0.1"), "limit-not-a-number", ".maximum"),  # type: ignore[arg-type]
        ("DPL", Limit(minimum=10**400), "limit-not-a-number", ".minimum"),
        ("DPL", Limit(minimum=1.5), "limit-out-of-range", ".minimum"),
        ("DPL", Limit(maximum=-1.5), "limit-out-of-range", ".maximum"),
        ("DPL", Limit(minimum=-1.5, maximum=0.1), "limit-out-of-range", ".minimum"),
        ("DI", Limit(minimum=-0.8), "limit-out-of-range", ".minimum"),
        ("DI", Limit(maximum=-0.8), "limit-out-of-range", ".maximum"),
        ("TVD", Limit(maximum=2), "limit-out-of-range", ".maximum"),
        ("DPL", Limit(minimum=-1, maximum=1), "limit-always-met", ""),
        ("GE", Limit(minimum=0), "limit-always-met", ""),
        ("DPL", Limit(maximum=0.1, facet="sex"), "limit-facet-unknown", ".facet"),
    ],
)
def test_limit_that_says_nothing_is_refused_where_it_stands(
    code: str, limit: Limit, identifier: str, side: str
) -> None:
    assert refusals({code: limit}) == [(identifier, f"limits.{code}{side}")]


def test_empty_list_of_limits_is_refused() -> None:
    assert refusals({"DPL": []}) == [("limit-empty", "limits.DPL")]


def test_all_refusals_come_at_once() -> None:
    limits = {
        "XYZ": Limit(maximum=1),
        "DPL": [Limit(maximum=0.1), Limit(minimum=0.2, maximum=0.1, facet="Region")],
    }
    assert refusals(limits) == [
        ("limit-metric-unknown", "limits.XYZ"),
        ("limit-facet-unknown", "limits.DPL[1].facet"),
        ("limit-crossed", "limits.DPL[1]"),
    ]


def test_facet_of_a_limit_is_not_refused_where_only_the_data_tells_the_names() -> None:
    changes = {
        "headers": None,
        "label": 0,
        "predicted_label": 4,
        "group_variable": 3,
        "facet": [{"name_or_index": 2, "value_or_threshold": [0]}],
    }
    rules = resolve_checks(config(**changes), {"DPL": Limit(maximum=0.1, facet="Region")})
    assert rules["limits"][0]["facet"] == "Region"
