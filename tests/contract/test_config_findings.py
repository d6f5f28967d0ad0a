"""Findings: all at once, each with what a reader needs, and none with anybody's data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, Finding, Refused
from clarify_contract.config import ForecastBaseline
from support_config.judge import errors, places
from support_config.rule_cases import CASES, Case
from support_config.valid import GONE, bias, changed, json_document, json_lines, series, shap

CANARY = "canary-7f3a"
SHAP_BASELINE = "methods.shap.baseline"
STATIC = "methods.asymmetric_shapley_value.baseline.static_covariates"


def test_everything_that_is_wrong_is_found_at_once() -> None:
    wrong = changed(
        bias(),
        {
            "lable": "label",
            "dataset_type": "text/tsv",
            "probability_threshold": 1,
            "headers.0": "${Token[TOKEN.1]}",
            "label_values_or_threshold": GONE,
            "facet.0.value_or_threshold": 0,
            "methods.post_training_bias.methods": ["CDDPL"],
            "group_variable": GONE,
            "methods.shap": {"baseline": [[1]], "num_clusters": 2, "num_samples": 1.0},
            "methods.pdp": {},
            "predictor": {
                "model_name": "m",
                "endpoint_name": "e",
                "endpoint_name_prefix": "p" * 30,
                "initial_instance_count": 0,
            },
        },
    )
    assert sorted(places(errors(wrong))) == sorted(
        [
            ("schema-unknown-key", "$.lable"),
            ("schema-value", "$.dataset_type"),
            ("X20", "$.probability_threshold"),
            ("cdk-token", "$.headers[0]"),
            ("X7", "$.label_values_or_threshold"),
            ("schema-type", "$.facet[0].value_or_threshold"),
            ("X8", "$.methods.post_training_bias.methods"),
            ("X9", "$.methods.shap"),
            ("X20", "$.methods.shap.num_samples"),
            ("schema-missing-key", "$.methods.pdp.grid_resolution"),
            ("X4", "$.predictor"),
            ("X3", "$.predictor.initial_instance_count"),
            ("X3", "$.predictor.instance_type"),
            ("X18", "$.predictor.endpoint_name_prefix"),
        ]
    )


def test_a_rule_runs_beside_a_wrong_value_that_it_does_not_read() -> None:
    wrong = changed(shap(), {"methods.shap.num_samples": "many", "predictor": GONE})
    assert places(errors(wrong)) == [
        ("schema-type", "$.methods.shap.num_samples"),
        ("X1", "$.predictor"),
    ]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("label", 1.5), ("facet", "sex"), ("label_values_or_threshold", 1), ("facet", [5])],
)
def test_a_wrong_value_is_not_reported_as_missing_too(key: str, wrong: Any) -> None:
    assert [finding.id for finding in errors(changed(bias(), {key: wrong}))] == ["schema-type"]


def test_wrong_items_of_a_list_are_placed_where_they_are() -> None:
    wrong = changed(bias(), {"headers": [None, "sex", 5, "${Token[TOKEN.1]}", "job", 6]})
    assert sorted(places(errors(wrong))) == [
        ("cdk-token", "$.headers[3]"),
        ("schema-null", "$.headers[0]"),
        ("schema-type", "$.headers[2]"),
        ("schema-type", "$.headers[5]"),
    ]


def test_a_misspelt_key_is_not_reported_as_missing_too() -> None:
    config = bias()
    config["lable_values_or_threshold"] = config.pop("label_values_or_threshold")
    assert [finding.id for finding in errors(config)] == ["schema-unknown-key"]


def test_the_exception_carries_and_prints_every_finding() -> None:
    findings = errors(changed(bias(), {"label": True, "probability_threshold": 1}))
    text = str(Refused(findings))
    assert len(findings) == 2
    *lines, last = text.splitlines()
    assert len(lines) == 2
    assert last == "Read on: clarify explain schema-type X20"
    assert all(finding.path in text and finding.fix in text for finding in findings)


@pytest.mark.parametrize("case", CASES, ids=[f"{c.rule}-{i}" for i, c in enumerate(CASES)])
def test_a_finding_says_what_was_given_what_is_allowed_and_what_to_do(case: Case) -> None:
    for finding in errors(case.non_compliant()):
        assert all((finding.given, finding.allowed, finding.fix))
        assert finding.fix.endswith((".", "?", "…", "}", "]"))
        assert finding.fix[0].isupper()
        assert len(str(finding)) < 600


# Baseline rows and static covariates are cells of somebody's data.
WITH_DATA = [
    (shap, {SHAP_BASELINE: [[CANARY, 1]]}),
    (shap, {SHAP_BASELINE: [[CANARY, True, 2]]}),
    (shap, {SHAP_BASELINE: [CANARY]}),
    (shap, {SHAP_BASELINE: CANARY}),
    (shap, {SHAP_BASELINE: [{CANARY: CANARY}]}),
    (shap, {SHAP_BASELINE: [[f"{CANARY} ${{Token[TOKEN.5]}}", 1, 2]]}),
    (shap, {SHAP_BASELINE: [[f"{CANARY} #{{Token[TOKEN.5]}}", 1, 2]]}),
    (shap, {SHAP_BASELINE: [[CANARY + "\ud800", 1, 2]]}),
    (shap, {SHAP_BASELINE: {CANARY: float("nan")}}),
    (json_lines, {SHAP_BASELINE: [{"data": {"features": [CANARY]}}]}),
    (json_lines, {SHAP_BASELINE: [[CANARY]]}),
    (json_document, {SHAP_BASELINE: {"rows": [{"features": [CANARY, 1, 2]}]}}),
    (series, {STATIC: {CANARY: 5}}),
    (series, {STATIC: {CANARY: [CANARY, CANARY]}}),
    (series, {STATIC: {CANARY: [True]}}),
    (series, {STATIC: CANARY}),
    (series, {STATIC: {CANARY: None}}),
    (series, {STATIC: {f"{CANARY} ${{Token[TOKEN.5]}}": [1]}}),
]


@pytest.mark.parametrize(("valid", "change"), WITH_DATA)
def test_no_cell_of_data_is_in_a_finding(valid: Any, change: dict[str, Any]) -> None:
    findings = errors(changed(valid(), change))
    assert findings
    assert all(CANARY not in str(finding) + repr(finding) for finding in findings)


@pytest.mark.parametrize(
    ("valid", "change"),
    [
        (shap, {SHAP_BASELINE: [[CANARY, 1, 2]]}),
        (series, {STATIC: {CANARY: [CANARY]}}),
    ],
)
def test_no_cell_of_data_is_in_the_text_form_of_a_config(
    valid: Any, change: dict[str, Any]
) -> None:
    config = AnalysisConfig(**changed(valid(), change))
    assert CANARY in config.to_json()
    assert CANARY not in repr(config) + str(config)


def test_no_cell_of_data_is_in_a_finding_on_a_part() -> None:
    wrong: dict[str, Any] = {"static_covariates": CANARY}
    with pytest.raises(Refused) as refused:
        ForecastBaseline(**wrong)
    assert CANARY not in str(refused.value)


def test_no_cell_of_data_is_in_pydantics_own_error() -> None:
    with pytest.raises(ValueError, match="baseline") as error:
        AnalysisConfig.model_validate(changed(shap(), {SHAP_BASELINE: [[CANARY]]}))
    assert CANARY not in str(error.value)


def test_a_repeated_item_id_is_counted_and_not_named() -> None:
    text = json.dumps(series()).replace('"item1": [3]', f'"{CANARY}": [3], "{CANARY}": [3]')
    (finding,) = errors(text)
    assert (finding.id, finding.path) == ("schema-repeated-key", f"$.{STATIC}")
    assert CANARY not in str(finding)


def test_a_long_value_is_shortened() -> None:
    (finding,) = errors(changed(bias(), {"dataset_type": "x" * 5000}))
    assert "5000 characters" in finding.given
    assert len(str(finding)) < 500


def test_a_finding_is_one_line_even_for_a_name_with_line_breaks() -> None:
    (finding,) = errors(changed(bias(), {"facet.0.name_or_index": "se\nx"}))
    assert isinstance(finding, Finding)
    assert "\n" not in str(finding)
