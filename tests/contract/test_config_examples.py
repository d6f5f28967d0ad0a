"""Configs that others wrote: public ones, and those of the spec's tables (2.9, 3.6, 3.7)."""

from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from clarify_contract import AnalysisConfig
from clarify_contract.schema import json_schema
from support_config.judge import errors, warnings
from support_config.real import NAMES, names_on_disk, real_config
from support_config.valid import (
    GONE,
    Config,
    changed,
    images,
    json_document,
    json_lines,
    model,
    series,
)
from support_real import real

# Spec 2.9.
COMPLETE: Config = {
    "version": "1.0",
    "dataset_type": "text/csv",
    "headers": ["Target", "Age", "Gender", "Income", "Occupation"],
    "label": "Target",
    "label_values_or_threshold": [1],
    "probability_threshold": 0.5,
    "facet": [{"name_or_index": "Gender", "value_or_threshold": [0]}],
    "group_variable": "Occupation",
    "methods": {
        "pre_training_bias": {"methods": "all"},
        "post_training_bias": {"methods": "all"},
        "shap": {
            "num_clusters": 1,
            "num_samples": 200,
            "agg_method": "mean_abs",
            "seed": 7,
            "save_local_shap_values": True,
        },
        "pdp": {"top_k_features": 2, "grid_resolution": 10},
        "report": {"name": "report", "title": "Loan model"},
    },
    "predictor": {
        "model_name": "loan-model",
        "initial_instance_count": 1,
        "instance_type": "ml.m5.large",
        "endpoint_name_prefix": "sm-clarify-loan",
        "probability": 1,
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_a_public_config_is_accepted_and_given_back(name: str) -> None:
    given = real_config(name)
    config = AnalysisConfig.load(given)
    assert json.dumps(config.to_dict()) == json.dumps(given)
    assert config.needs_predictions
    assert {finding.id for finding in config.warnings} <= {"ft-sign"}


@pytest.mark.parametrize("name", NAMES)
def test_a_public_config_is_valid_by_the_json_schema(name: str) -> None:
    jsonschema.validate(real_config(name), json_schema())


def test_every_public_config_is_tested() -> None:
    real(".")
    assert names_on_disk() == set(NAMES)


def test_the_complete_example_is_accepted_and_means_what_it_says() -> None:
    assert errors(COMPLETE) == ()
    assert warnings(COMPLETE) == [("ft-sign", "$.methods.post_training_bias.methods")]
    config = AnalysisConfig.load(COMPLETE)
    assert config.needs_predictions
    assert config.s3_uris() == ()
    assert len(config.expected_metrics("pre_training_bias")) == 8
    assert len(config.expected_metrics("post_training_bias")) == 13
    assert config.methods.shap is not None
    assert config.methods.shap.num_samples == 200
    jsonschema.validate(COMPLETE, json_schema())


# Spec 3.6: content template, record template.
REQUESTS = [
    ('{"data":{"features":$record}}', "$features"),
    ('{"instances":$records,"feature-names":$feature_names}', "$features"),
    ("$records", "$features_kvp"),
    ("$record", "$features_kvp"),
    ("$record", '{"sex":"${sex}","nested":{"age":"${age}"}}'),
    ("$records", '{"sex":"${sex}","age":"${age}"}'),
]


@pytest.mark.parametrize(("content", "record"), REQUESTS)
def test_the_request_templates_of_the_guide_are_accepted(content: str, record: str) -> None:
    change = {"predictor.content_template": content, "predictor.record_template": record}
    assert errors(changed(json_document(), change)) == ()


@pytest.mark.parametrize("line", ['{"data":{"features":$features}}', '{"features":$features}'])
def test_the_json_lines_templates_of_the_guide_are_accepted(line: str) -> None:
    assert errors(changed(json_lines(), {"predictor.content_template": line})) == ()


SERIES_RECORD = '{"start": $start_time, "target": $target_time_series}'
SERIES_FULL = (
    '{"start": $start_time, "target": $target_time_series, '
    '"dynamic_feat": $related_time_series, "cat": $static_covariates}'
)


@pytest.mark.parametrize(
    ("content", "record"), [("$record", SERIES_RECORD), ('{"instances": $records}', SERIES_FULL)]
)
def test_the_time_series_templates_of_the_guide_are_accepted(content: str, record: str) -> None:
    change = {"predictor.content_template": content, "predictor.record_template": record}
    assert errors(changed(series(), change)) == ()


def test_the_template_with_one_brace_too_many_is_refused() -> None:
    change = {"predictor.content_template": '{"data":{"features":$record}}}'}
    assert [finding.id for finding in errors(changed(json_document(), change))] == ["template-json"]


# Spec 3.7: form of the response, and the settings that read it.
RESPONSES: list[tuple[str, dict[str, Any]]] = [
    ("text/csv", {"probability": 0}),
    ("text/csv", {"label": 0}),
    ("text/csv", {"label": 0, "probability": 1}),
    ("text/csv", {"label_headers": ["cat", "dog", "fish"]}),
    ("text/csv", {"label": 2, "probability": 3}),
    ("text/csv", {"probability": 3, "label_headers": ["cat", "dog", "fish"]}),
    ("application/jsonlines", {"probability": "score"}),
    ("application/jsonlines", {"label": "prediction", "probability": "score"}),
    ("application/json", {"probability": "[*]"}),
    ("application/json", {"label": "predicted_labels"}),
    ("application/json", {"label": "predictions[*].label", "probability": "predictions[*].score"}),
    ("application/json", {"probability": "[*].probabilities"}),
]


@pytest.mark.parametrize(("form", "settings"), RESPONSES)
def test_the_response_settings_of_the_guide_do_not_mislead(
    form: str, settings: dict[str, Any]
) -> None:
    config = changed(
        COMPLETE, {"predictor": model(content_type="text/csv", accept_type=form, **settings)}
    )
    assert errors(config) == ()
    assert {warning for warning, _ in warnings(config)} == {"ft-sign"}


@pytest.mark.parametrize("probability", ["prediction", "[*]", GONE])
def test_the_image_settings_of_the_guide_are_accepted(probability: Any) -> None:
    config = changed(
        images(), {"predictor.probability": probability} if probability is not GONE else {}
    )
    assert errors(config) == ()
    assert warnings(config) == []
