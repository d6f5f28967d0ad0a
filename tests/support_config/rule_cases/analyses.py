"""What each analysis needs."""

from __future__ import annotations

from support_config.rule_cases.case import Case
from support_config.valid import GONE, bias, series, shap, text

CASES = [
    Case("no-analysis", bias, {}, {"methods": {}}, ["methods"]),
    Case("no-analysis", bias, {}, {"methods": {"report": {"name": "report"}}}, ["methods"]),
    Case("X1", shap, {}, {"predictor": GONE}, ["predictor"]),
    Case(
        "X1",
        text,
        {},
        {"methods": {"pdp": {"features": [0], "grid_resolution": 5}}, "predictor": GONE},
        ["predictor"],
    ),
    Case("X1", series, {}, {"predictor": GONE}, ["predictor"]),
    Case(
        "X2",
        bias,
        {"predictor": GONE, "predicted_label": "age"},
        {"predictor": GONE},
        ["methods.post_training_bias"],
    ),
    Case(
        "X2",
        bias,
        {"predictor": GONE, "predicted_label_dataset_uri": "s3://b/p.csv"},
        {"predictor": GONE},
        ["methods.post_training_bias"],
    ),
    Case("X7", bias, {}, {"label": GONE}, ["label"]),
    Case("X7", bias, {}, {"label_values_or_threshold": GONE}, ["label_values_or_threshold"]),
    Case("X7", bias, {}, {"label_values_or_threshold": []}, ["label_values_or_threshold"]),
    Case("X7", bias, {}, {"facet": GONE}, ["facet"]),
    Case("X7", bias, {}, {"facet": []}, ["facet"]),
    Case(
        "X8",
        bias,
        {"methods.pre_training_bias.methods": ["CI", "CDDL"]},
        {
            "methods.pre_training_bias.methods": ["CI", "CDDL"],
            "methods.post_training_bias": GONE,
            "group_variable": GONE,
        },
        ["methods.pre_training_bias.methods"],
    ),
    Case("X8", bias, {}, {"group_variable": GONE}, ["methods.post_training_bias.methods"]),
    Case(
        "X10",
        shap,
        {"methods.pdp": {"grid_resolution": 5}},
        {"methods": {"pdp": {"grid_resolution": 5}}},
        ["methods.pdp.features"],
    ),
    Case(
        "X10",
        shap,
        {"methods": {"pdp": {"grid_resolution": 5, "features": ["age"]}}},
        {"methods": {"pdp": {"grid_resolution": 5, "features": []}}},
        ["methods.pdp.features"],
    ),
]
