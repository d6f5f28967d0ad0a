"""What follows from a config, so that nobody declares it a second time."""

from __future__ import annotations

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.metrics import METRICS, Stage


def needs_predictions(config: AnalysisKeys) -> bool:
    """Return whether a model or an endpoint is asked for predictions."""
    methods = config.methods
    asked = (
        methods.post_training_bias,
        methods.shap,
        methods.pdp,
        methods.asymmetric_shapley_value,
    )
    return config.predictor is not None and any(method is not None for method in asked)


def s3_uris(config: AnalysisKeys) -> tuple[str, ...]:
    """Return the texts at the places where the container takes an S3 URI."""
    shap, forecast = config.methods.shap, config.methods.asymmetric_shapley_value
    candidates = (
        config.dataset_uri,
        config.facet_dataset_uri,
        config.predicted_label_dataset_uri,
        shap.baseline if shap is not None else None,
        forecast.baseline if forecast is not None else None,
    )
    return tuple(uri for uri in candidates if isinstance(uri, str))


def expected_metrics(config: AnalysisKeys, stage: Stage) -> tuple[str, ...]:
    """Return the metric codes that are computed in one stage, in the catalogue's order."""
    section = getattr(config.methods, stage)
    if section is None:
        return ()
    codes = tuple(code for code, metric in METRICS.items() if metric.stage == stage)
    if section.methods != "all":
        return tuple(code for code in codes if code in section.methods)
    grouped = config.group_variable is not None
    return tuple(code for code in codes if grouped or "group_variable" not in METRICS[code].needs)
