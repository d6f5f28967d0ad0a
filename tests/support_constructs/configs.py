"""Analysis configs, one for each kind of right that a job may need."""

from __future__ import annotations

from pathlib import Path

from clarify_contract import AnalysisConfig

ROOT = Path(__file__).resolve().parents[2]
BIAS = {
    "dataset_type": "text/csv",
    "label": "approved",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
}


def pre_training() -> AnalysisConfig:
    """Pre-training bias alone: no model, no endpoint."""
    return AnalysisConfig(**BIAS, methods={"pre_training_bias": {"methods": "all"}})


def with_model() -> AnalysisConfig:
    """The example: all metrics, through a shadow endpoint."""
    return AnalysisConfig.load(ROOT / "examples" / "diabetes" / "analysis_config.json")


def with_endpoint() -> AnalysisConfig:
    """An existing endpoint, and data, facets and a baseline that the container reads itself."""
    return AnalysisConfig(
        **BIAS,
        headers=["approved", "age", "income"],
        dataset_uri="s3://lake/loans/2026.csv",
        facet_dataset_uri="s3://people/facets.csv",
        facet_headers=["sex"],
        methods={
            "pre_training_bias": {"methods": ["DPL"]},
            "shap": {"baseline": "s3://lake/baselines/loans.csv", "num_samples": 100},
        },
        predictor={"endpoint_name": "loans-live", "content_type": "text/csv"},
    )
