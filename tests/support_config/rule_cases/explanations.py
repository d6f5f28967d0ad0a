"""SHAP baselines, features and segments."""

from __future__ import annotations

from support_config.rule_cases.case import Case
from support_config.valid import GONE, bias, images, json_document, json_lines, shap

CASES = [
    Case(
        "X9",
        shap,
        {"methods.shap.num_clusters": 2, "methods.shap.baseline": GONE},
        {"methods.shap.num_clusters": 2},
        ["methods.shap"],
    ),
    Case(
        "X19",
        shap,
        {"methods.shap.baseline": [[None, 1, "x"]]},
        {"methods.shap.baseline": [[0, 40, 2], [1, 0, 30, 0]]},
        ["methods.shap.baseline"],
    ),
    Case(
        "X19",
        shap,
        {"excluded_columns": ["age"], "methods.shap.baseline": [[1, 2]]},
        {"excluded_columns": ["age"]},
        ["methods.shap.baseline"],
    ),
    Case(
        "X19",
        shap,
        {"headers": GONE},
        {"headers": GONE, "methods.shap.baseline": [[1], [1, 2]]},
        ["methods.shap.baseline"],
    ),
    Case(
        "X19",
        json_lines,
        {},
        {"methods.shap.baseline": [{"data": {"features": [0, 40, 1]}}]},
        ["methods.shap.baseline"],
    ),
    Case(
        "X19",
        json_document,
        {},
        {"methods.shap.baseline": {"rows": [{"features": [0]}]}},
        ["methods.shap.baseline"],
    ),
    Case("baseline-form", shap, {}, {"methods.shap.baseline": []}, ["methods.shap.baseline"]),
    Case(
        "baseline-form",
        shap,
        {},
        {"methods.shap.baseline": [{"features": [0, 40, 2]}]},
        ["methods.shap.baseline"],
    ),
    Case(
        "baseline-form",
        json_lines,
        {},
        {"methods.shap.baseline": [[0, 40]]},
        ["methods.shap.baseline"],
    ),
    Case(
        "baseline-form",
        images,
        {"methods.shap.baseline": "s3://b/grey.png"},
        {"methods.shap.baseline": [[0]]},
        ["methods.shap.baseline"],
    ),
    Case(
        "features-to-explain",
        shap,
        {"methods.shap.features_to_explain": ["age"]},
        {
            "methods.shap.features_to_explain": ["age"],
            "methods.shap.text_config": {"granularity": "token", "language": "en"},
        },
        ["methods.shap.features_to_explain"],
    ),
    Case(
        "segment-lists",
        bias,
        {
            "segment_config": [
                {
                    "name_or_index": "sex",
                    "segments": [[0], [1]],
                    "display_aliases": ["a", "b", "rest"],
                }
            ]
        },
        {
            "segment_config": [
                {"name_or_index": "sex", "segments": [[0], [1]], "display_aliases": ["a"]}
            ]
        },
        ["segment_config[0].display_aliases"],
    ),
    Case(
        "segment-lists",
        bias,
        {},
        {"segment_config": [{"name_or_index": "sex", "segments": []}]},
        ["segment_config[0].segments"],
    ),
]
