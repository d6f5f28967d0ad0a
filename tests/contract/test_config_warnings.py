"""What is legal but misleads: each warning with a config that calls for it beside a quiet one.

Sources: spec 2.2 to 2.6, 4.3, 4.4, 6.4 and 11.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from clarify_contract.config.misleading.table import WARNINGS
from clarify_contract.config.rules.rule import Rule
from support_config.judge import warnings
from support_config.valid import (
    GONE,
    Config,
    bias,
    changed,
    images,
    json_document,
    json_lines,
    model,
    shap,
)

Case = tuple[str, Callable[[], Config], dict[str, Any], dict[str, Any], str]
IMAGE = "methods.shap.image_config"

# warning, config, changes that keep it quiet, changes that call for it, and where
CASES: list[Case] = [
    (
        "label-float-threshold",
        bias,
        {"label_values_or_threshold": [0.5]},
        {"label_values_or_threshold": [1.0]},
        "label_values_or_threshold",
    ),
    (
        "label-float-threshold",
        bias,
        {"label_values_or_threshold": [1]},
        {"label_values_or_threshold": [0.0]},
        "label_values_or_threshold",
    ),
    (
        "facet-float-threshold",
        bias,
        {"facet.0.value_or_threshold": [40]},
        {"facet.0.value_or_threshold": [40.0]},
        "facet[0].value_or_threshold",
    ),
    (
        "probability-threshold-range",
        bias,
        {"probability_threshold": 0.0},
        {"probability_threshold": 1.0},
        "probability_threshold",
    ),
    (
        "probability-threshold-range",
        bias,
        {"probability_threshold": 0.99},
        {"probability_threshold": -0.5},
        "probability_threshold",
    ),
    (
        "several-positives",
        bias,
        {"methods.pre_training_bias.methods": ["CI", "DPL"], "label_values_or_threshold": [1, 2]},
        {"label_values_or_threshold": [1, 2]},
        "label_values_or_threshold",
    ),
    (
        "group-variable-absent",
        bias,
        {},
        {"group_variable": GONE, "methods.post_training_bias.methods": ["DI"]},
        "methods.pre_training_bias.methods",
    ),
    (
        "group-variable-absent",
        bias,
        {
            "methods": {"pre_training_bias": {"methods": ["CI"]}},
            "group_variable": GONE,
            "predictor": GONE,
        },
        {
            "methods": {"pre_training_bias": {"methods": "all"}},
            "group_variable": GONE,
            "predictor": GONE,
        },
        "methods.pre_training_bias.methods",
    ),
    ("group-is-facet", bias, {}, {"group_variable": "sex"}, "group_variable"),
    (
        "ft-sign",
        bias,
        {},
        {"methods.post_training_bias.methods": ["FT"]},
        "methods.post_training_bias.methods",
    ),
    (
        "ft-sign",
        bias,
        {"methods.post_training_bias.methods": ["DI"]},
        {"methods.post_training_bias.methods": "all"},
        "methods.post_training_bias.methods",
    ),
    (
        "predictions-twice",
        bias,
        {"predictor": GONE, "predicted_label": "age"},
        {"predicted_label": "age"},
        "predicted_label",
    ),
    (
        "production-endpoint",
        bias,
        {},
        {"predictor": {"endpoint_name": "loans"}},
        "predictor.endpoint_name",
    ),
    (
        "endpoint-prefix-case",
        bias,
        {"predictor.endpoint_name_prefix": "sm-loan"},
        {"predictor.endpoint_name_prefix": "sm-Loan"},
        "predictor.endpoint_name_prefix",
    ),
    (
        "accelerator-retired",
        bias,
        {},
        {"predictor.accelerator_type": "ml.eia1.medium"},
        "predictor.accelerator_type",
    ),
    (
        "ignored-with-endpoint",
        bias,
        {"predictor": {"endpoint_name": "loans"}},
        {"predictor": {"endpoint_name": "loans", "instance_type": "ml.m5.large"}},
        "predictor.instance_type",
    ),
    (
        "predictor-unused",
        bias,
        {"methods.post_training_bias": GONE, "predictor": GONE},
        {"methods.post_training_bias": GONE},
        "predictor",
    ),
    ("response-path-absent", json_lines, {}, {"predictor.probability": GONE}, "predictor"),
    (
        "response-path-absent",
        json_document,
        {"predictor.accept_type": "text/csv", "predictor.probability": GONE},
        {"predictor.probability": GONE},
        "predictor",
    ),
    (
        "response-path-kind",
        bias,
        {"predictor.probability": 1},
        {"predictor.probability": "score"},
        "predictor.probability",
    ),
    ("response-path-kind", json_lines, {}, {"predictor.label": 0}, "predictor.label"),
    (
        "template-unused",
        bias,
        {
            "predictor.content_type": "application/jsonlines",
            "predictor.content_template": "$features",
        },
        {"predictor.content_template": "$features"},
        "predictor.content_template",
    ),
    (
        "template-unused",
        json_lines,
        {},
        {"predictor.record_template": "$features"},
        "predictor.record_template",
    ),
    (
        "shap-few-samples",
        shap,
        {"methods.shap.num_samples": 4},
        {"methods.shap.num_samples": 3},
        "methods.shap.num_samples",
    ),
    (
        "pdp-top-k-unused",
        shap,
        {"methods.pdp": {"grid_resolution": 9, "top_k_features": 2}},
        {"methods.pdp": {"grid_resolution": 9, "top_k_features": 2, "features": ["age"]}},
        "methods.pdp.top_k_features",
    ),
    (
        "object-detection-only",
        images,
        {},
        {f"{IMAGE}.model_type": "IMAGE_CLASSIFICATION"},
        f"{IMAGE}.iou_threshold",
    ),
    (
        "capture-json-undocumented",
        bias,
        {},
        {"dataset_type": "application/sagemakercapturejson"},
        "dataset_type",
    ),
    (
        "headers-repeated",
        shap,
        {"headers": ["label", "a", "b", "c"]},
        {"headers": ["label", "a", "a", "c"], "methods.shap": {}},
        "headers",
    ),
    ("features-unused", shap, {}, {"features": "data.features"}, "features"),
]
EACH_CASE = pytest.mark.parametrize(
    ("warning", "valid", "quiet", "calls", "where"),
    CASES,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)],
)


@EACH_CASE
def test_a_config_that_does_not_mislead_has_no_such_warning(
    warning: str, valid: Callable[[], Config], quiet: Config, calls: Config, where: str
) -> None:
    assert warning not in dict(warnings(changed(valid(), quiet)))


@EACH_CASE
def test_a_config_that_misleads_has_the_warning_at_its_place(
    warning: str, valid: Callable[[], Config], quiet: Config, calls: Config, where: str
) -> None:
    assert (warning, f"$.{where}") in warnings(changed(valid(), calls))


@pytest.mark.parametrize("rule", WARNINGS, ids=lambda rule: rule.check.__name__)
def test_every_warning_has_a_case_that_calls_for_it(rule: Rule) -> None:
    called = [AnalysisConfig(**changed(valid(), calls)) for _, valid, _, calls, _ in CASES]
    found = [finding for config in called for finding in rule.findings(config)]
    assert found
    assert {finding.severity for finding in found} == {"warning"}
    assert rule.sentence.endswith(".")


@pytest.mark.parametrize(
    "valid",
    [shap, images, json_lines, json_document],
    ids=lambda valid: valid.__name__,
)
def test_a_plain_config_has_no_warning(valid: Callable[[], Config]) -> None:
    assert warnings(valid()) == []


def test_a_token_has_no_case() -> None:
    config = changed(bias(), {"predictor": model(endpoint_name_prefix="${Token[TOKEN.7]}")})
    assert "endpoint-prefix-case" not in dict(warnings(config))
