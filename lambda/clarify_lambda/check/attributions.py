"""Rules on global SHAP values: the share of a feature, features that must not lead, their count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.document import finite
from clarify_lambda.check.outcome import Outcome

_SECTION = "explanations.kernel_shap"


def attribution(analysis: dict[str, Any], rule: dict[str, Any]) -> Iterator[Outcome]:
    """Judge the global SHAP values of one label, or of all labels."""
    parent = analysis.get("explanations")
    labels = parent.get("kernel_shap") if isinstance(parent, dict) else None
    if not isinstance(labels, dict) or not labels:
        yield Outcome("attribution", _SECTION, "the section is missing or empty")
        return
    if rule["label"] is not None and rule["label"] not in labels:
        yield Outcome("attribution", _SECTION, "the label of the rule is missing")
        return
    for index, (label, body) in enumerate(labels.items()):
        if rule["label"] in (None, label):
            yield _label(body, f"{_SECTION}.{{{index}}}.global_shap_values", rule)


def _label(body: Any, where: str, rule: dict[str, Any]) -> Outcome:
    given = body.get("global_shap_values") if isinstance(body, dict) else None
    sizes = {
        name: abs(number)
        for name, value in (given.items() if isinstance(given, dict) else ())
        if (number := finite(value)) is not None
    }
    if not isinstance(given, dict) or not sizes or len(sizes) != len(given):
        return Outcome("attribution", where, "they are not all finite numbers")
    if rule["kind"] == "count":
        return _count(sizes, where, rule["features"])
    return (_share if rule["kind"] == "share" else _forbidden)(sizes, where, rule)


def _count(sizes: dict[str, float], where: str, features: int) -> Outcome:
    found = len(sizes)
    reason = None if found == features else f"{found} features are there, {features} are expected"
    return Outcome("attribution", where, reason, None, float(found), features, features)


def _share(sizes: dict[str, float], where: str, rule: dict[str, Any]) -> Outcome:
    name, high = rule["feature"], rule["max"]
    if name is not None and name not in sizes:
        return Outcome("attribution", where, f"the feature {name} is missing", maximum=high)
    largest = max(sizes.values())
    if largest == 0:
        return Outcome("attribution", where, "all attributions are exactly 0", maximum=high)
    # Divided first: the sum of the greatest doubles is infinite, and every share of it 0.
    total = sum(size / largest for size in sizes.values())
    share = (largest if name is None else sizes[name]) / largest / total
    who = "the greatest share" if name is None else f"the share of {name}"
    reason = f"{who} is {share}, above {high}" if share > high else None
    return Outcome("attribution", where, reason, None, share, None, high)


def _forbidden(sizes: dict[str, float], where: str, rule: dict[str, Any]) -> Outcome:
    missing = [name for name in rule["features"] if name not in sizes]
    if missing:
        # Not "it has no attribution": a feature that was renamed would pass under its new name.
        return Outcome("attribution", where, f"the feature {missing[0]} is missing")
    least = sorted(sizes.values(), reverse=True)[: rule["top"]][-1]
    leading = [name for name in rule["features"] if sizes[name] >= least]
    reason = f"{', '.join(leading)} is among the first {rule['top']} features" if leading else None
    return Outcome("attribution", where, reason)
