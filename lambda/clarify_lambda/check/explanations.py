"""The explanation sections as evidence: attributions, partial dependence, time series."""

from __future__ import annotations

from typing import Any

from clarify_lambda.check.document import finite
from clarify_lambda.check.outcome import Outcome


def complete(analysis: dict[str, Any], section: str) -> Outcome:
    """Judge one explanation section: it is there, and all its numbers are finite numbers."""
    parent = analysis.get("explanations")
    body = parent.get(section.removeprefix("explanations.")) if isinstance(parent, dict) else None
    if not body:
        return Outcome("complete", section, "the section is missing or empty")
    judge = {
        "explanations.kernel_shap": _kernel_shap,
        "explanations.pdp": _pdp,
        "explanations.asymmetric_shapley_value": _asymmetric,
    }[section]
    return Outcome("complete", section, judge(body))


def _kernel_shap(labels: Any) -> str | None:
    if not isinstance(labels, dict):
        return "it is no object of labels"
    for index, label in enumerate(labels.values()):
        if not isinstance(label, dict):
            return f"label {index} is no object"
        kinds = [key for key in ("global_shap_values", "global_top_shap_text") if key in label]
        if not kinds:
            return f"label {index} has no attributions"
        for key in ("expected_value", *kinds):
            if not _all_finite(label.get(key)):
                return f"{key} of label {index} is not all finite numbers"
    return None


def _pdp(features: Any) -> str | None:
    if not isinstance(features, list):
        return "it is no list of features"
    for index, feature in enumerate(features):
        if not isinstance(feature, dict):
            return f"feature {index} is no object"
        if feature.get("error") is not None:
            return f"feature {index} has an error instead of numbers"
        if not isinstance(feature.get("feature_values"), list) or not feature["feature_values"]:
            return f"feature {index} has no feature_values"
        if not _all_finite(feature.get("model_predictions")):
            return f"model_predictions of feature {index} is not all finite numbers"
    return None


def _asymmetric(body: Any) -> str | None:
    path = body.get("explanation_results_path") if isinstance(body, dict) else None
    return None if isinstance(path, str) and path else "it names no explanation_results_path"


def _all_finite(value: Any) -> bool:
    """Tell whether there is a number, and nothing but finite numbers, at any depth."""
    # A stack of our own: a document may be nested as deep as the parser goes.
    pending = [value]
    while pending:
        item = pending.pop()
        members = list(item.values()) if isinstance(item, dict) else item
        if not isinstance(members, list):
            if finite(item) is None:
                return False
        elif not members:
            return False
        else:
            pending += members
    return True
