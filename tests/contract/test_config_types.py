"""Types, enums and keys of single values, as the container's schema takes them (spec 2)."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from support_config.judge import errors, places
from support_config.valid import (
    bias,
    changed,
    images,
    json_lines,
    series,
    shap,
    text,
)

IMAGE = "methods.shap.image_config"
SERIES = "methods.asymmetric_shapley_value"

# X20 and spec 2.1: the schema's float takes no int, its int no float, and neither a boolean.
NUMBERS = [
    (bias, "probability_threshold", [1.0, 0.5], 1),
    (bias, "probability_threshold", [2.0], 2),
    (images, f"{IMAGE}.context", [1.0, 0.0], 1),
    (images, f"{IMAGE}.iou_threshold", [0.5], 0),
    (images, f"{IMAGE}.segment_compactness", [5], 5.0),
    (images, f"{IMAGE}.num_segments", [20], 20.0),
    (images, f"{IMAGE}.max_objects", [3], 3.0),
    (shap, "methods.shap.num_samples", [100], 100.0),
    (shap, "methods.shap.seed", [7, 0, -1], 7.0),
    (bias, "predictor.initial_instance_count", [1], 1.0),
    (series, f"{SERIES}.num_samples", [4], 4.0),
]


@pytest.mark.parametrize(("valid", "path", "fine", "wrong"), NUMBERS)
def test_a_number_has_the_type_of_the_containers_schema(
    valid: Any, path: str, fine: list[float], wrong: float
) -> None:
    for value in fine:
        assert errors(changed(valid(), {path: value})) == ()
    assert places(errors(changed(valid(), {path: wrong}))) == [("X20", f"$.{path}")]


def test_a_whole_number_for_a_float_is_answered_with_the_text_to_write() -> None:
    (finding,) = errors(changed(bias(), {"probability_threshold": 1}))
    assert finding.given == "1"
    assert "1.0" in finding.fix


WRONG_TYPES = [
    (bias, "probability_threshold", "0.5"),
    (bias, "probability_threshold", True),
    (bias, "version", 1.0),
    (bias, "dataset_type", 1),
    (bias, "headers", "label,sex"),
    (bias, "headers.1", 3),
    (bias, "label", True),
    (bias, "label", 1.5),
    (bias, "label", ["label"]),
    (bias, "label_values_or_threshold", 0.5),
    (bias, "label_values_or_threshold.0", True),
    (bias, "facet", {"name_or_index": "sex"}),
    (bias, "facet.0", "sex"),
    (bias, "facet.0.value_or_threshold", 0),
    (bias, "facet.0.value_or_threshold.0", False),
    (bias, "group_variable", 1.5),
    (bias, "excluded_columns", ["age", 1.5]),
    (bias, "methods", []),
    (bias, "methods.pre_training_bias", "all"),
    (bias, "methods.pre_training_bias.methods", ["CI", 5]),
    (bias, "methods.pre_training_bias.methods", []),
    (bias, "predictor", "loan-model"),
    (bias, "predictor.model_name", 5),
    (bias, "predictor.initial_instance_count", True),
    (bias, "predictor.label_headers", [0.5]),
    (bias, "segment_config", [{"name_or_index": "sex", "segments": [[1.5]]}]),
    (json_lines, "features", 0),
    (json_lines, "predictor.content_template", {"a": 1}),
    (shap, "methods.shap.use_logit", 1),
    (shap, "methods.shap.use_logit", "true"),
    (shap, "methods.shap.save_local_shap_values", 0),
    (shap, "methods.shap.baseline", 5),
    (shap, "methods.shap.baseline", [[0, 40, True]]),
    (shap, "methods.shap.baseline", [0, 40, 2]),
    (shap, "methods.shap.features_to_explain", "age"),
    (series, "time_series_data_config.related_time_series", ["[*].price", 1]),
    (series, f"{SERIES}.baseline.static_covariates", {"item1": 3}),
    (series, f"{SERIES}.baseline.static_covariates", [[3]]),
]


@pytest.mark.parametrize(("valid", "path", "wrong"), WRONG_TYPES)
def test_a_value_of_another_type_is_refused_at_its_place(valid: Any, path: str, wrong: Any) -> None:
    (finding,) = errors(changed(valid(), {path: wrong}))
    outermost = f"$.{path.split('.')[0]}"
    assert finding.id == "schema-type"
    assert finding.path.startswith(outermost)


CHOICES = [
    (bias, "dataset_type", "TEXT/CSV", "text/tsv"),
    (shap, "methods.shap.agg_method", "Mean_Sq", "mean"),
    (text, "methods.shap.text_config.granularity", "SENTENCE", "word"),
    (text, "methods.shap.text_config.language", "Norwegian Bokmål", "norwegian"),
    (text, "methods.shap.text_config.language", "lij", "klingon"),
    (series, f"{SERIES}.granularity", "Fine_Grained", "fine-grained"),
    (series, f"{SERIES}.direction", "Chronological", "backward"),
    (series, "time_series_data_config.dataset_format", "Timestamp_Records", "timestamp_record"),
    (series, f"{SERIES}.baseline.target_time_series", "ZERO", "median"),
    (bias, "predictor.content_type", "Text/CSV", "image/jpg"),
    (bias, "predictor.accept_type", "Text/CSV", "image/png"),
    (images, f"{IMAGE}.model_type", "IMAGE_CLASSIFICATION", "classification"),
    (bias, "version", "1.0", "9"),
]


@pytest.mark.parametrize(("valid", "path", "fine", "wrong"), CHOICES)
def test_an_enum_takes_its_values_in_any_case_and_no_other(
    valid: Any, path: str, fine: str, wrong: str
) -> None:
    assert errors(changed(valid(), {path: fine})) == ()
    (finding,) = errors(changed(valid(), {path: wrong}))
    assert (finding.id, finding.path) == ("schema-value", f"$.{path}")


def test_an_enum_attribute_is_lower_case_and_its_json_is_what_was_given() -> None:
    config = AnalysisConfig.load(changed(bias(), {"dataset_type": "Text/CSV"}))
    assert config.dataset_type == "text/csv"
    assert config.to_dict()["dataset_type"] == "Text/CSV"


UNKNOWN_KEYS = [
    (bias, "lable_values_or_threshold", "label_values_or_threshold"),
    (bias, "facet.0.value_or_treshold", "value_or_threshold"),
    (bias, "methods.post_training_bais", "post_training_bias"),
    (bias, "predictor.model_nme", "model_name"),
    (shap, "methods.shap.num_sample", "num_samples"),
    (series, "time_series_data_config.item", "item_id"),
    (series, f"{SERIES}.baseline.target_timeseries", "target_time_series"),
    (images, f"{IMAGE}.debug", None),
]


@pytest.mark.parametrize(("valid", "path", "meant"), UNKNOWN_KEYS)
def test_an_unknown_key_is_refused_with_the_key_that_was_meant(
    valid: Any, path: str, meant: str | None
) -> None:
    value: Any = {"image_name": []} if meant is None else 1
    (finding,) = errors(changed(valid(), {path: value}))
    assert finding.id == "schema-unknown-key"
    if meant is None:
        assert finding.path == f"$.{path}.image_name"
        assert 'Did you mean "image_names"?' in finding.fix
    else:
        assert finding.path == "$." + path.replace("facet.0", "facet[0]")
        assert f'Did you mean "{meant}"?' in finding.fix


METRICS = [
    ("ALL", 'Write "all"'),
    (["all"], 'Write "all"'),
    ("DPL", '["DPL"]'),
    (["CI", "XYZ"], '"XYZ" is no metric code'),
    (["dpl"], '"DPL"'),
    (["DI"], "post_training_bias"),
]


@pytest.mark.parametrize(("methods", "hint"), METRICS)
def test_an_unknown_metric_is_refused_with_what_to_write(methods: Any, hint: str) -> None:
    (finding,) = errors(changed(bias(), {"methods.pre_training_bias.methods": methods}))
    assert finding.id == "metric-unknown"
    assert finding.path == "$.methods.pre_training_bias.methods"
    assert hint in finding.fix


RANGES = [
    (shap, "methods.shap.num_samples", 1, 0),
    (images, f"{IMAGE}.iou_threshold", 1.0, 1.5),
    (images, f"{IMAGE}.context", 0.0, -0.5),
    (bias, "label", 0, -1),
    (bias, "facet.0.name_or_index", 1, -1),
]


@pytest.mark.parametrize(("valid", "path", "fine", "wrong"), RANGES)
def test_a_number_outside_its_range_is_refused(
    valid: Any, path: str, fine: Any, wrong: Any
) -> None:
    assert errors(changed(valid(), {path: fine})) == ()
    (finding,) = errors(changed(valid(), {path: wrong}))
    assert finding.id == "schema-value"
    assert finding.path == "$." + path.replace("facet.0", "facet[0]")


def test_a_missing_key_is_named_with_its_meaning() -> None:
    (finding,) = errors(changed(shap(), {"methods.pdp": {"features": ["age"]}}))
    assert (finding.id, finding.path) == ("schema-missing-key", "$.methods.pdp.grid_resolution")
    assert "buckets" in finding.fix


@pytest.mark.parametrize("key", ["dataset_type", "methods"])
def test_the_two_required_keys_are_required(key: str) -> None:
    config = bias()
    del config[key]
    assert places(errors(config)) == [("schema-missing-key", f"$.{key}")]


def test_null_is_no_value_except_in_a_baseline() -> None:
    assert places(errors(changed(bias(), {"group_variable": None}))) == [
        ("schema-null", "$.group_variable")
    ]
    assert places(errors(changed(bias(), {"predictor.label": None}))) == [
        ("schema-null", "$.predictor.label")
    ]
    assert errors(changed(shap(), {"methods.shap.baseline": [[None, 1, 2]]})) == ()
