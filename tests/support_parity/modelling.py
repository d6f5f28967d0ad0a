"""Seeded models and forms of their answers, for the grid of calls."""

from __future__ import annotations

from random import Random
from typing import Any

#: How each kind of dataset is asked for predictions, if somebody says so at all.
_FORMS: dict[str, list[dict[str, Any]]] = {
    "text/csv": [
        {},
        {"content_type": "text/csv", "accept_type": "application/json"},
        {"content_type": "application/jsonlines", "content_template": '{"features":$features}'},
    ],
    "application/jsonlines": [
        {"content_template": '{"features":$features}'},
        {"content_type": "application/jsonlines", "content_template": '{"instances":[$features]}'},
        {"content_type": "text/csv"},
    ],
    "application/json": [
        {"content_template": '{"instances":$records}', "record_template": "$features_kvp"},
        {
            "content_type": "application/json",
            "content_template": "$record",
            "record_template": '{"values":$features,"names":$feature_names}',
        },
        {"content_type": "text/csv", "accept_type": "text/csv"},
    ],
    "application/x-parquet": [{"content_type": "text/csv"}],
    "application/x-image": [{}],
}


def model(
    rng: Random, dataset_type: str, content_type: str | None = None, forecast: str | None = None
) -> dict[str, Any]:
    """Make a `ModelConfig`; one in ten leaves the form of requests out, whatever is needed."""
    made: dict[str, Any] = {"class": "ModelConfig"}
    if rng.random() < 0.25:
        made["endpoint_name"] = "loans-live"
    else:
        made |= {"model_name": "loans", "instance_type": "ml.m5.large"}
        made["instance_count"] = rng.choice([1, 2])
        if rng.random() < 0.03:
            made["model_name"] = {"class": "ParameterString", "name": "Model"}
        if rng.random() < 0.4:
            names = ["loans", "sm-clarify-loans", "more-than-23-characters-long"]
            made["endpoint_name_prefix"] = rng.choices(names, weights=(5, 5, 1))[0]
    extras = {
        "custom_attributes": "trace=1",
        "accelerator_type": "ml.eia2.medium",
        "target_model": "loans.tar.gz",
    }
    made |= {name: value for name, value in extras.items() if rng.random() < 0.1}
    if forecast is not None:
        record = '{"start":$start_time,"target":$target_time_series}'
        series = {"class": "TimeSeriesModelConfig", "forecast": forecast}
        made |= {"content_type": "application/json", "content_template": '{"instances":$records}'}
        return made | {"record_template": record, "time_series_model_config": series}
    if content_type is not None:
        made["content_type"] = content_type
    return made | (rng.choice(_FORMS[dataset_type]) if rng.random() < 0.9 else {})


def predicted_label(rng: Random) -> dict[str, Any]:
    """Make a `ModelPredictedLabelConfig`; now and then with a whole number as threshold."""
    made: dict[str, Any] = {"class": "ModelPredictedLabelConfig"}
    made |= rng.choice(
        [
            {},
            {"label": 0},
            {"probability": 1},
            {"label": "predicted_label", "probability": "probabilities"},
            {"probability": "scores", "label_headers": ["no", "yes"]},
        ]
    )
    threshold = rng.choice([None, None, 0.25, 0.5, 0.8, 1])
    return made if threshold is None else made | {"probability_threshold": threshold}
