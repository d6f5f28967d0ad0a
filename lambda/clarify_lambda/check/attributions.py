"""Rules on global SHAP values: shares, features that must not lead, their count, their drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.baseline import Baseline
from clarify_lambda.check.document import finite
from clarify_lambda.check.ndcg import ndcg
from clarify_lambda.check.outcome import Outcome
from clarify_lambda.check.violations import attribution_violation

_SECTION = "explanations.kernel_shap"


def attribution(
    analysis: dict[str, Any], rule: dict[str, Any], baseline: Baseline
) -> Iterator[Outcome]:
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
            where = f"{_SECTION}.{{{index}}}.global_shap_values"
            sizes = _sizes(body)
            if sizes is None:
                yield Outcome("attribution", where, "they are not all finite numbers")
            elif rule["kind"] == "drift":
                yield _drift(sizes, where, rule["min"], label, baseline)
            else:
                yield _alone(sizes, where, rule)


def _sizes(body: Any) -> dict[str, float] | None:
    """Return the absolute value of each feature; None where one of them is no finite number."""
    given = body.get("global_shap_values") if isinstance(body, dict) else None
    sizes = {
        name: abs(number)
        for name, value in (given.items() if isinstance(given, dict) else ())
        if (number := finite(value)) is not None
    }
    return sizes if isinstance(given, dict) and sizes and len(sizes) == len(given) else None


def _alone(sizes: dict[str, float], where: str, rule: dict[str, Any]) -> Outcome:
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


def _drift(
    sizes: dict[str, float], where: str, minimum: float, label: str, baseline: Baseline
) -> Outcome:
    body, reason = baseline.label(label)
    before = _sizes(body)
    if reason is None and before is None:
        reason = "in the baseline, they are not all finite numbers"
    elif before is not None and set(before) != set(sizes):
        reason = "the baseline has other features"
    score = ndcg(before, sizes) if before is not None and reason is None else None
    if score is None:
        reason = reason or "in the baseline, all attributions are exactly 0"
        return Outcome("attribution", where, f"not evaluated: {reason}", minimum=minimum)
    drifted = f"the NDCG of their ranking is {score}, below {minimum}" if score < minimum else None
    return Outcome(
        "attribution",
        where,
        drifted,
        value=score,
        minimum=minimum,
        drift=attribution_violation(label, score, minimum),
    )
