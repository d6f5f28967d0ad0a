"""What each dataset format allows and needs."""

from __future__ import annotations

from support_config.rule_cases.case import Case
from support_config.valid import (
    GONE,
    bias,
    images,
    json_document,
    json_lines,
    model,
    parquet,
    series,
    shap,
    text,
)

CASES = [
    Case(
        "X6",
        parquet,
        {"predictor": model(content_type="text/csv"), "predicted_label": GONE},
        {"predictor": model(), "predicted_label": GONE},
        ["predictor.content_type"],
    ),
    Case("X6", parquet, {}, {"label": 0}, ["label"]),
    Case("X12", images, {}, {"methods.pdp": {"features": [0], "grid_resolution": 5}}, ["methods"]),
    Case("X12", images, {}, {"methods.shap.image_config": GONE}, ["methods.shap.image_config"]),
    Case("X12", images, {}, {"predictor.label_headers": GONE}, ["predictor.label_headers"]),
    Case("X12", images, {}, {"predicted_label": "x"}, ["predicted_label"]),
    Case("X12", images, {}, {"excluded_columns": [0]}, ["excluded_columns"]),
    Case(
        "image-config",
        text,
        {},
        {"methods.shap": {"image_config": {}}},
        ["methods.shap.image_config"],
    ),
    Case(
        "image-config",
        images,
        {},
        {"methods.shap.text_config": {"granularity": "token", "language": "en"}},
        ["methods.shap.text_config"],
    ),
    Case(
        "X13",
        bias,
        {"facet_dataset_uri": "s3://b/facets.csv"},
        {
            "dataset_type": "application/x-parquet",
            "predictor.content_type": "text/csv",
            "facet_dataset_uri": "s3://b/facets.csv",
        },
        ["facet_dataset_uri"],
    ),
    Case(
        "X13",
        bias,
        {"predicted_label_dataset_uri": "s3://b/p.csv"},
        {
            "dataset_type": "application/x-parquet",
            "predictor.content_type": "text/csv",
            "predicted_label_dataset_uri": "s3://b/p.csv",
        },
        ["predicted_label_dataset_uri"],
    ),
    Case(
        "side-headers",
        bias,
        {"facet_dataset_uri": "s3://b/facets.csv", "facet_headers": ["sex"]},
        {"facet_headers": ["sex"]},
        ["facet_headers"],
    ),
    Case(
        "side-headers",
        bias,
        {},
        {"predicted_label_headers": ["predicted_label"]},
        ["predicted_label_headers"],
    ),
    Case("features-path", json_lines, {}, {"features": GONE}, ["features"]),
    Case("features-path", json_document, {}, {"features": GONE}, ["features"]),
    Case(
        "jmespath-quotes",
        json_lines,
        {"features": 'data."my-features"'},
        {"features": "data.my-features"},
        ["features"],
    ),
    Case(
        "jmespath-quotes",
        json_document,
        {"label": "rows[-1:]"},
        {"label": "rows[*].is-good"},
        ["label"],
    ),
    Case(
        "s3-uri",
        bias,
        {"dataset_uri": "s3://bucket/data"},
        {"dataset_uri": "/opt/data"},
        ["dataset_uri"],
    ),
    Case(
        "s3-uri",
        bias,
        {"facet_dataset_uri": "s3://b/facets.csv"},
        {"facet_dataset_uri": "https://b/f.csv"},
        ["facet_dataset_uri"],
    ),
    Case(
        "s3-uri",
        shap,
        {"methods.shap.baseline": "s3://b/base.csv"},
        {"methods.shap.baseline": "base.csv"},
        ["methods.shap.baseline"],
    ),
    Case(
        "s3-uri",
        series,
        {"methods.asymmetric_shapley_value.baseline": "s3://b/x.json"},
        {"methods.asymmetric_shapley_value.baseline": "s3:/b/x"},
        ["methods.asymmetric_shapley_value.baseline"],
    ),
]
