"""One valid config for each modality, as small as the rules of the spec allow."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Config = dict[str, Any]
GONE: Any = object()


def bias() -> Config:
    """CSV, both bias stages, a model."""
    return {
        "dataset_type": "text/csv",
        "headers": ["label", "sex", "age", "job"],
        "label": "label",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
        "group_variable": "job",
        "methods": {
            "pre_training_bias": {"methods": "all"},
            "post_training_bias": {"methods": ["DPPL", "CDDPL"]},
        },
        "predictor": model(),
    }


def model(**more: Any) -> Config:
    """A predictor with a shadow endpoint."""
    return {
        "model_name": "loan-model",
        "initial_instance_count": 1,
        "instance_type": "ml.m5.large",
        **more,
    }


def shap() -> Config:
    """CSV, SHAP with a baseline in place."""
    return {
        "dataset_type": "text/csv",
        "headers": ["label", "sex", "age", "job"],
        "label": "label",
        "methods": {"shap": {"baseline": [[0, 40, 2], [1, 30, 0]], "num_samples": 100}},
        "predictor": model(),
    }


def json_lines() -> Config:
    """JSON Lines, SHAP."""
    return {
        "dataset_type": "application/jsonlines",
        "headers": ["sex", "age", "label"],
        "features": "data.features",
        "label": "data.label",
        "methods": {"shap": {"baseline": [{"data": {"features": [0, 40]}}]}},
        "predictor": model(content_template='{"features":$features}', probability="score"),
    }


def json_document() -> Config:
    """JSON, bias and SHAP."""
    return {
        "dataset_type": "application/json",
        "headers": ["sex", "age", "label"],
        "features": "rows[*].features",
        "label": "rows[*].label",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
        "methods": {
            "pre_training_bias": {"methods": ["CI", "DPL"]},
            "shap": {"baseline": {"rows": [{"features": [0, 40]}]}},
        },
        "predictor": model(
            content_template='{"instances":$records}',
            record_template='{"features":$features}',
            probability="predictions[*].score",
        ),
    }


def parquet() -> Config:
    """Parquet, bias from predicted labels in the dataset."""
    return {
        "dataset_type": "application/x-parquet",
        "label": "label",
        "predicted_label": "prediction",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
        "methods": {"post_training_bias": {"methods": ["DPPL"]}},
    }


def text() -> Config:
    """CSV with free text, SHAP."""
    return {
        "dataset_type": "text/csv",
        "methods": {"shap": {"text_config": {"granularity": "token", "language": "english"}}},
        "predictor": model(),
    }


def images() -> Config:
    """Images, SHAP."""
    return {
        "dataset_type": "application/x-image",
        "methods": {
            "shap": {"image_config": {"model_type": "OBJECT_DETECTION", "iou_threshold": 0.5}}
        },
        "predictor": model(label_headers=["cat", "dog"]),
    }


def series() -> Config:
    """Time series, asymmetric Shapley values."""
    return {
        "dataset_type": "application/json",
        "headers": ["id", "time", "sales", "price", "country"],
        "time_series_data_config": {
            "target_time_series": "[*].sales",
            "item_id": "[*].id",
            "timestamp": "[*].time",
            "related_time_series": ["[*].price"],
            "static_covariates": ["[*].country"],
            "dataset_format": "timestamp_records",
        },
        "methods": {
            "asymmetric_shapley_value": {
                "direction": "chronological",
                "granularity": "fine_grained",
                "num_samples": 10,
                "baseline": {
                    "target_time_series": "mean",
                    "static_covariates": {"item1": [3], "item2": [4]},
                },
            }
        },
        "predictor": model(
            content_template='{"instances":$records}',
            record_template='{"start":$start_time,"target":$target_time_series}',
            time_series_predictor_config={"forecast": "predictions[*].mean"},
        ),
    }


MODALITIES = (bias, shap, json_lines, json_document, parquet, text, images, series)


def changed(config: Config, changes: dict[str, Any]) -> Config:
    """Return a copy with other values at dotted paths; ``GONE`` removes a key."""
    made = deepcopy(config)
    for path, value in changes.items():
        *outer, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        holder: Any = made
        for step in outer:
            holder = holder[step]
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value
    return made
