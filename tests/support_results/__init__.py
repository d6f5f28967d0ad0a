"""Analyses to read and to judge: real ones where at hand, and the specification's examples."""

from __future__ import annotations

import copy
from typing import Any

REAL_ANALYSES = (
    "abalone_sklearn/shap_analysis.json",
    "adult_linear_learner/bias_analysis.json",
    "adult_linear_learner/shap_analysis.json",
    "adult_linear_learner/shap_analysis_endpoint.json",
    "adult_linear_learner/shap_analysis_json_format.json",
    "model_card/clarify_bias.json",
    "model_card/clarify_explanability.json",
)

# Section 5.2 to 5.5 of the specification, put together.
_EXAMPLE: dict[str, Any] = {
    "version": "1.0",
    "pre_training_bias_metrics": {
        "label": "Target",
        "label_value_or_threshold": "1",
        "facets": {
            "Gender": [
                {
                    "value_or_threshold": "0",
                    "metrics": [
                        {
                            "name": "CDDL",
                            "description": "Conditional Demographic Disparity in Labels (CDDL)",
                            "value": None,
                            "error": "Group variable is empty or not provided",
                        },
                        {"name": "CI", "description": "Class Imbalance (CI)", "value": -0.25},
                        {
                            "name": "DPL",
                            "description": "Difference in Positive Proportions in Labels (DPL)",
                            "value": -0.26666666666666666,
                        },
                    ],
                }
            ]
        },
    },
    "post_training_bias_metrics": {
        "label": "Target",
        "label_value_or_threshold": "1",
        "facets": {
            "Gender": [
                {
                    "value_or_threshold": "0",
                    "metrics": [
                        {
                            "name": "DI",
                            "description": "Disparate Impact (DI)",
                            "value": "Infinity",
                        },
                        {
                            "name": "DPPL",
                            "description": (
                                "Difference in Positive Proportions in Predicted Labels (DPPL)"
                            ),
                            "value": -0.3,
                        },
                    ],
                }
            ]
        },
    },
    "explanations": {
        "kernel_shap": {
            "Target": {
                "global_shap_values": {"Age": 0.0225, "Gender": 0.0074},
                "expected_value": 0.5082,
            }
        },
        "pdp": [
            {
                "feature_name": "Income",
                "data_type": "numerical",
                "feature_values": [1046.9, 2454.7],
                "data_distribution": [0.6, 0.4],
                "model_predictions": [[0.69, 0.82]],
                "label_headers": ["Target"],
            },
            {
                "feature_name": "Comments",
                "data_type": "free_text",
                "error": (
                    "Detected data type is not supported for PDP. PDP can only be computed for "
                    "numerical or categorical columns"
                ),
            },
        ],
        "asymmetric_shapley_value": {
            "explanation_results_path": "s3://bucket/out/",
            "direction": "chronological",
            "granularity": "timewise",
        },
    },
}


def example() -> dict[str, Any]:
    """Return the specification's example, a fresh copy."""
    return copy.deepcopy(_EXAMPLE)
