"""Rules in Python and JSON mean the same; what could never judge a run is refused at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_contract import (
    AcceptedError,
    AnalysisConfig,
    FeatureCount,
    FeatureShare,
    ForbiddenFeatures,
    Limit,
    Refused,
    Rules,
    four_fifths,
    load_rules,
    resolve_checks,
)

JSON: dict[str, Any] = {
    "presets": ["four_fifths"],
    "limits": {
        "DPL": {"min": -0.1, "max": 0.1, "facet": "Sex", "group": "0", "evidence": "interval"},
        "DI": [{"min": 0.9, "source": "our policy"}],
    },
    "attributions": [
        {"max_share": 0.5},
        {"forbidden": ["Sex"], "top": 2, "label": "label0"},
        {"features": 3},
    ],
    "accepted_errors": [{"metric": "FT", "error": "FlipTest does not support"}],
    "accepted_zeros": ["Sex"],
    "readings": {"Age": "threshold"},
    "minimum_rows": 50,
}
PYTHON = Rules(
    limits={
        "DPL": [Limit(minimum=-0.1, maximum=0.1, facet="Sex", group="0", evidence="interval")],
        "DI": [Limit(minimum=0.9, source="our policy"), four_fifths()["DI"]],
    },
    attributions=(
        FeatureShare(maximum=0.5),
        ForbiddenFeatures(features=["Sex"], top=2, label="label0"),
        FeatureCount(features=3),
    ),
    accepted_errors=(AcceptedError(metric="FT", error="FlipTest does not support"),),
    accepted_zeros=("Sex",),
    readings={"Age": "threshold"},
    minimum_rows=50,
)


def config(**changes: Any) -> AnalysisConfig:
    """Return a config with both bias stages and SHAP."""
    given = {
        "dataset_type": "text/csv",
        "headers": ["Target", "Age", "Sex", "Job", "Guess"],
        "label": "Target",
        "label_values_or_threshold": [1],
        "facet": [
            {"name_or_index": "Sex", "value_or_threshold": [0]},
            {"name_or_index": "Age", "value_or_threshold": [40]},
            {"name_or_index": "Job"},
        ],
        "excluded_columns": ["Guess"],
        "methods": {
            "pre_training_bias": {"methods": ["CI", "DPL"]},
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


def unread(source: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        load_rules(source)
    return [(finding.id, finding.path) for finding in caught.value.findings]


def test_rules_are_read_from_a_mapping_a_text_and_a_file(tmp_path: Path) -> None:
    (path := tmp_path / "rules.json").write_text(json.dumps(JSON), encoding="utf-8")
    for source in (JSON, json.dumps(JSON), path, str(path)):
        assert load_rules(source) == PYTHON
    assert load_rules({}) == Rules()


def test_everything_is_rendered_for_the_check() -> None:
    rules = resolve_checks(config(), rules=PYTHON)
    pre, post, shap = rules["complete"]
    assert shap == {"section": "explanations.kernel_shap"}
    assert [facet["reading"] for facet in pre["facets"]] == ["unsaid", "threshold", None]
    assert pre["accepted_errors"] == []
    assert post["accepted_errors"] == [
        {"metric": "FT", "facet": None, "error": "FlipTest does not support"}
    ]
    assert pre["accepted_zeros"] == post["accepted_zeros"] == ["Sex"]
    assert rules["limits"] == [
        {
            "section": "pre_training_bias_metrics",
            "metric": "DPL",
            "facet": "Sex",
            "group": "0",
            "min": -0.1,
            "max": 0.1,
            "evidence": "interval",
            "source": None,
        },
        {
            "section": "post_training_bias_metrics",
            "metric": "DI",
            "facet": None,
            "group": None,
            "min": 0.9,
            "max": None,
            "evidence": "value",
            "source": "our policy",
        },
        {
            "section": "post_training_bias_metrics",
            "metric": "DI",
            "facet": None,
            "group": None,
            "min": 0.8,
            "max": 1.25,
            "evidence": "value",
            "source": "four-fifths rule, Uniform Guidelines on Employee Selection Procedures, "
            "29 CFR 1607.4(D)",
        },
    ]
    assert rules["attributions"] == [
        {"kind": "share", "feature": None, "max": 0.5, "label": None},
        {"kind": "forbidden", "features": ["Sex"], "top": 2, "label": "label0"},
        {"kind": "count", "features": 3, "label": None},
    ]
    assert rules["minimum_rows"] == 50
    assert json.loads(json.dumps(rules, allow_nan=False)) == rules


def test_limits_given_apart_are_judged_beside_the_rules() -> None:
    rules = resolve_checks(config(), {"CI": Limit(maximum=0.5)}, PYTHON)
    assert [limit["metric"] for limit in rules["limits"]] == ["CI", "DPL", "DI", "DI"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"limit": {}}, [("rules-unknown-key", "rules.limit")]),
        ({"limits": []}, [("limit-wrong", "limits")]),
        ({"limits": {"DPL": {"maximum": 1}}}, [("limit-wrong", "limits.DPL")]),
        ({"limits": {"DPL": {"max": 1, "facet": 2}}}, [("rules-wrong", "limits.DPL.facet")]),
        ({"presets": ["five_fourths"]}, [("preset-unknown", "rules.presets")]),
        ({"presets": "four_fifths"}, [("rules-wrong", "rules.presets")]),
        ({"attributions": {}}, [("rules-wrong", "rules.attributions")]),
        ({"attributions": [3, {}]}, [("rules-wrong", f"rules.attributions[{i}]") for i in (0, 1)]),
        (
            {"attributions": [{"max_share": 0.5, "features": 3}]},
            [("rules-wrong", "rules.attributions[0]")],
        ),
        (
            {"attributions": [{"max_share": 0.5, "top": 3}]},
            [("rules-unknown-key", "rules.attributions[0].top")],
        ),
        (
            {"attributions": [{"forbidden": "Sex", "top": 3}]},
            [("rules-wrong", "rules.attributions[0].forbidden")],
        ),
        (
            {"accepted_errors": [{"metric": "FT"}]},
            [("rules-wrong", "rules.accepted_errors[0].error")],
        ),
        ({"accepted_zeros": [1]}, [("rules-wrong", "rules.accepted_zeros")]),
        ({"readings": ["Age"]}, [("rules-wrong", "rules.readings")]),
        ("{", [("rules-unreadable", "rules")]),
        ('{"limits": {}, "limits": {}}', [("rules-unreadable", "rules")]),
        ("absent.json", [("rules-unreadable", "rules")]),
        (
            {"limit": {}, "presets": ["x"], "limits": {"DPL": 3}},
            [
                ("rules-unknown-key", "rules.limit"),
                ("limit-wrong", "limits.DPL"),
                ("preset-unknown", "rules.presets"),
            ],
        ),
    ],
)
def test_what_no_rule_is_is_refused_where_it_stands(
    source: Any, expected: list[tuple[str, str]]
) -> None:
    assert unread(source) == expected


@pytest.mark.parametrize("content", [b"\xff{}", b"[]", b"[" * 100_000])
def test_file_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    (path := tmp_path / "rules.json").write_bytes(content)
    assert unread(path) == [("rules-unreadable", "rules")]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(maximum=0.1, group="0"), ("limit-group-without-facet", ".group")),
        (Limit(maximum=0.1, facet="Sex", group="1"), ("limit-group-unknown", ".group")),
        (
            Limit(maximum=0.1, evidence="both"),  # type: ignore[arg-type]
            ("limit-evidence-unknown", ".evidence"),
        ),
    ],
)
def test_limit_that_could_never_be_evaluated_is_refused(
    limit: Limit, expected: tuple[str, str]
) -> None:
    identifier, place = expected
    assert refusals(limits={"DPL": limit}) == [(identifier, f"limits.DPL{place}")]


def test_group_that_only_the_data_can_tell_is_not_refused() -> None:
    for facet, group in (("Job", "clerk"), ("Age", "(40, 90]"), ("Sex", "0")):
        limit = Limit(maximum=0.1, facet=facet, group=group)
        assert resolve_checks(config(), {"DPL": limit})["limits"][0]["group"] == group


@pytest.mark.parametrize(
    ("rule", "identifier", "place"),
    [
        (FeatureShare(maximum=0), "attribution-share-out-of-range", ".maximum"),
        (FeatureShare(maximum=1), "attribution-share-out-of-range", ".maximum"),
        (FeatureShare(maximum="x"), "limit-not-a-number", ".maximum"),  # type: ignore[arg-type]
        (FeatureShare(maximum=0.5, feature="Region"), "attribution-feature-unknown", ".feature"),
        (FeatureShare(maximum=0.5, feature="Guess"), "attribution-feature-unknown", ".feature"),
        (ForbiddenFeatures(features=[], top=1), "attribution-wrong", ".features"),
        (ForbiddenFeatures(features=["Sex"], top=0), "attribution-wrong", ".top"),
        (
            ForbiddenFeatures(features=["Sex", "Target"], top=1),
            "attribution-feature-unknown",
            ".features",
        ),
        (FeatureCount(features=True), "attribution-wrong", ".features"),
    ],
)
def test_attribution_rule_that_says_nothing_is_refused(
    rule: Any, identifier: str, place: str
) -> None:
    assert refusals(attributions=[rule]) == [(identifier, f"attributions[0]{place}")]


def test_attribution_rule_without_shap_is_refused() -> None:
    plain = config(methods={"pre_training_bias": {"methods": "all"}}, predictor=None)
    with pytest.raises(Refused, match="attribution-not-computed"):
        resolve_checks(plain, rules=Rules(attributions=[FeatureShare(maximum=0.5)]))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (
            {"accepted_errors": [AcceptedError(metric="AD", error="x")]},
            ("limit-metric-not-computed", "accepted_errors[0].metric"),
        ),
        (
            {"accepted_errors": [AcceptedError(metric="FT", error=" ")]},
            ("accepted-error-empty", "accepted_errors[0].error"),
        ),
        (
            {
                "limits": {"FT": Limit(maximum=0.1)},
                "accepted_errors": [AcceptedError(metric="FT", error="x", facet="Sex")],
            },
            ("accepted-error-has-limit", "accepted_errors[0]"),
        ),
        ({"accepted_zeros": ["Region"]}, ("limit-facet-unknown", "accepted_zeros.Region")),
        ({"readings": {"Region": "category"}}, ("limit-facet-unknown", "readings.Region")),
        ({"readings": {"Age": "bound"}}, ("reading-unknown", "readings.Age")),
        ({"readings": {"Job": "category"}}, ("reading-pointless", "readings.Job")),
    ],
)
def test_acceptance_that_could_never_matter_is_refused(
    rules: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert refusals(**rules) == [expected]


@pytest.mark.parametrize("minimum", [0, -5, 2.5, True, "50"])
def test_a_least_number_of_rows_that_is_no_count_is_refused(minimum: Any) -> None:
    assert refusals(minimum_rows=minimum) == [("minimum-rows-wrong", "minimum_rows")]


def test_a_least_number_of_rows_without_groups_is_refused() -> None:
    plain = config(methods={"shap": {"num_clusters": 1}}, facet=None)
    with pytest.raises(Refused, match="minimum-rows-no-groups"):
        resolve_checks(plain, rules=Rules(minimum_rows=50))


def test_error_is_accepted_beside_a_limit_on_another_facet() -> None:
    rules = Rules(
        limits={"FT": Limit(maximum=0.1, facet="Age")},
        accepted_errors=[AcceptedError(metric="FT", error="x", facet="Sex")],
    )
    assert len(resolve_checks(config(), rules=rules)["limits"]) == 1


def test_four_fifths_is_symmetric_in_the_groups() -> None:
    limit = four_fifths()["DI"]
    assert (limit.minimum, limit.maximum) == (0.8, 1 / 0.8)
