"""Time series."""

from __future__ import annotations

from support_config.rule_cases.case import Case
from support_config.valid import GONE, series

CASES = [
    Case(
        "X11",
        series,
        {},
        {
            "time_series_data_config": GONE,
            "features": "[*].x",
            "headers": GONE,
            "predictor.record_template": "$features",
        },
        ["time_series_data_config"],
    ),
    Case(
        "X11",
        series,
        {},
        {"predictor.time_series_predictor_config": GONE},
        ["predictor.time_series_predictor_config"],
    ),
    Case("X11", series, {}, {"methods.shap": {}}, ["methods"]),
    Case(
        "X11",
        series,
        {},
        {"dataset_type": "application/jsonlines", "predictor.content_type": "application/json"},
        ["dataset_type"],
    ),
    Case("time-series-keys", series, {}, {"excluded_columns": ["price"]}, ["excluded_columns"]),
    Case(
        "time-series-keys",
        series,
        {},
        {"predictor.probability": "score"},
        ["predictor.probability"],
    ),
    Case("time-series-keys", series, {}, {"predictor.label": "label"}, ["predictor.label"]),
    Case(
        "time-series-addresses",
        series,
        {
            "time_series_data_config": {
                "target_time_series": 0,
                "item_id": 1,
                "timestamp": 2,
                "dataset_format": "columns",
            },
            "headers": GONE,
            "methods.asymmetric_shapley_value.baseline": GONE,
        },
        {"time_series_data_config.item_id": 0},
        ["time_series_data_config"],
    ),
    Case(
        "time-series-format",
        series,
        {"time_series_data_config.dataset_format": "columns"},
        {"time_series_data_config.dataset_format": GONE},
        ["time_series_data_config.dataset_format"],
    ),
    Case(
        "fine-grained",
        series,
        {},
        {"methods.asymmetric_shapley_value.direction": "bidirectional"},
        ["methods.asymmetric_shapley_value.direction"],
    ),
    Case(
        "fine-grained",
        series,
        {},
        {"methods.asymmetric_shapley_value.num_samples": GONE},
        ["methods.asymmetric_shapley_value.num_samples"],
    ),
    Case(
        "fine-grained",
        series,
        {
            "methods.asymmetric_shapley_value.granularity": "timewise",
            "methods.asymmetric_shapley_value.num_samples": GONE,
        },
        {"methods.asymmetric_shapley_value.granularity": "timewise"},
        ["methods.asymmetric_shapley_value.num_samples"],
    ),
    Case(
        "static-baseline",
        series,
        {},
        {"methods.asymmetric_shapley_value.baseline.static_covariates.item2": [4, 5]},
        ["methods.asymmetric_shapley_value.baseline.static_covariates"],
    ),
    Case("X15", series, {}, {"headers": ["id", "time", "sales"]}, ["headers"]),
]
