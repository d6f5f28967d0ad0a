"""Names and indices of columns."""

from __future__ import annotations

from support_config.rule_cases.case import Case
from support_config.valid import GONE, bias, json_document, shap

CASES = [
    Case("X16", bias, {}, {"label": "lable"}, ["label"]),
    Case("X16", bias, {"label": 0}, {"label": 4}, ["label"]),
    Case(
        "X16",
        json_document,
        {"label": "any.path[*]"},
        {"facet": [{"name_or_index": "gender"}]},
        ["facet[0].name_or_index"],
    ),
    Case(
        "X16",
        bias,
        {"facet.0.name_or_index": 1},
        {"facet.0.name_or_index": 7},
        ["facet[0].name_or_index"],
    ),
    Case("X16", json_document, {}, {"headers": GONE}, ["facet[0].name_or_index"]),
    Case(
        "X16",
        bias,
        {"facet_dataset_uri": "s3://b/facets.csv", "facet_headers": ["id", "sex"]},
        {"facet_dataset_uri": "s3://b/facets.csv", "facet_headers": ["id", "age"]},
        ["facet[0].name_or_index"],
    ),
    Case(
        "X16",
        bias,
        {
            "predicted_label_dataset_uri": "s3://b/p.csv",
            "predicted_label_headers": ["predicted_label"],
        },
        {"predicted_label_dataset_uri": "s3://b/p.csv", "predicted_label_headers": ["guess"]},
        ["predicted_label"],
    ),
    Case("X16", bias, {"group_variable": 3}, {"group_variable": "jobs"}, ["group_variable"]),
    Case(
        "X16",
        bias,
        {"excluded_columns": ["age"]},
        {"excluded_columns": ["age", "zip"]},
        ["excluded_columns[1]"],
    ),
    Case(
        "X16",
        bias,
        {"joinsource_name_or_index": "age"},
        {"joinsource_name_or_index": "id"},
        ["joinsource_name_or_index"],
    ),
    Case(
        "X16",
        bias,
        {"segment_config": [{"name_or_index": "age", "segments": [["[1, 4]"]]}]},
        {"segment_config": [{"name_or_index": "zip", "segments": [["[1, 4]"]]}]},
        ["segment_config[0].name_or_index"],
    ),
    Case(
        "X16",
        shap,
        {"methods.shap.features_to_explain": ["age", 1]},
        {"methods.shap.features_to_explain": ["age", "zip"]},
        ["methods.shap.features_to_explain[1]"],
    ),
    Case(
        "X16",
        shap,
        {},
        {"methods.shap.features_to_explain": ["label"]},
        ["methods.shap.features_to_explain[0]"],
    ),
    Case(
        "X16",
        shap,
        {"methods.pdp": {"features": ["job"], "grid_resolution": 2}},
        {"methods.pdp": {"features": ["jop"], "grid_resolution": 2}},
        ["methods.pdp.features[0]"],
    ),
]
