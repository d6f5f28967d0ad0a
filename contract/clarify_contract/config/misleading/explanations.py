"""Explanations: too few samples, and settings without effect."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config.columns import has_columns, sent_columns
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.columns import COLUMNS_READ
from clarify_contract.config.rules.rule import Problem, warning


@warning("shap-few-samples", *COLUMNS_READ, "methods.shap.num_samples")
def samples_are_more_than_features(config: AnalysisKeys) -> Iterator[Problem]:
    """SHAP with fewer samples than features plus one has no unique solution."""
    shap = config.methods.shap
    if shap is None or shap.num_samples is None or config.headers is None:
        return
    if not has_columns(config) or shap.text_config is not None:
        return
    features = len(sent_columns(config, config.headers))
    if shap.num_samples < features + 1:
        yield Problem(
            "$.methods.shap.num_samples",
            f"{shap.num_samples} samples for {features} features",
            f"at least {features + 1}, better some hundreds",
            "Raise it: fewer coalitions than unknowns leave the values undetermined.",
        )


@warning("pdp-top-k-unused", "methods.pdp.features?", "methods.pdp.top_k_features?")
def top_k_features_choose_the_features(config: AnalysisKeys) -> Iterator[Problem]:
    """`top_k_features` has no effect beside `features`."""
    pdp = config.methods.pdp
    if pdp is not None and pdp.features is not None and pdp.top_k_features is not None:
        yield Problem(
            "$.methods.pdp.top_k_features",
            "top_k_features beside features",
            "one of the two",
            "Remove top_k_features, or features to have them chosen by SHAP.",
        )


@warning("object-detection-only", "methods.shap.image_config")
def object_settings_are_for_object_detection(config: AnalysisKeys) -> Iterator[Problem]:
    """`max_objects`, `iou_threshold` and `context` have an effect on object detection only."""
    image = config.methods.shap.image_config if config.methods.shap is not None else None
    if image is None or image.model_type != "IMAGE_CLASSIFICATION":
        return
    for key in ("max_objects", "iou_threshold", "context"):
        if getattr(image, key) is not None:
            yield Problem(
                f"$.methods.shap.image_config.{key}",
                "a value, with IMAGE_CLASSIFICATION",
                "no such key: it is for OBJECT_DETECTION",
                "Remove it, or correct model_type.",
            )
