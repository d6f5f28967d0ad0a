"""The rules as they arrive: complete and well formed, or they judge nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.document import finite
from clarify_lambda.check.outcome import Outcome

BIAS_SECTIONS = ("pre_training_bias_metrics", "post_training_bias_metrics")
EXPLANATIONS = (
    "explanations.asymmetric_shapley_value",
    "explanations.kernel_shap",
    "explanations.pdp",
)


def faults(rules: object) -> Iterator[Outcome]:
    """Yield what is wrong with the rules themselves; no rule at all is wrong too.

    Rules are what `clarify_contract.checks.resolve_checks` makes: ``{"complete": [...],
    "limits": [...]}``. A key that is not known here is a fault: a rule that is read by half
    would pass runs that it was made to reject.
    """
    if not isinstance(rules, dict) or set(rules) != {"complete", "limits"}:
        yield _fault("rules", "an object with `complete` and `limits` is expected")
        return
    if not all(isinstance(rules[kind], list) for kind in rules):
        yield _fault("rules", "`complete` and `limits` must be lists")
        return
    if not rules["complete"] and not rules["limits"]:
        yield _fault("rules", "there is no rule, so nothing can be judged")
    for index, rule in enumerate(rules["complete"]):
        if reason := _complete_fault(rule):
            yield _fault(f"rules.complete[{index}]", reason)
    for index, rule in enumerate(rules["limits"]):
        if reason := _limit_fault(rule):
            yield _fault(f"rules.limits[{index}]", reason)


def _complete_fault(rule: Any) -> str | None:
    if not isinstance(rule, dict):
        return "it is no object"
    if rule.get("section") in EXPLANATIONS:
        return None if set(rule) == {"section"} else "an explanation's rule has a section only"
    if rule.get("section") not in BIAS_SECTIONS:
        return "its section is unknown"
    if set(rule) != {"section", "facets", "metrics"}:
        return "section, facets and metrics are expected"
    if not _texts(rule["metrics"]):
        return "its metrics are no list of names"
    facets = rule["facets"]
    if not isinstance(facets, list) or not facets or not all(map(_is_facet, facets)):
        return "its facets are no list of names with a count of groups"
    return None


def _is_facet(facet: Any) -> bool:
    if not isinstance(facet, dict) or set(facet) != {"name", "groups"}:
        return False
    name, groups = facet["name"], facet["groups"]
    counted = groups is None or (type(groups) is int and groups > 0)
    return counted and (name is None or (isinstance(name, str) and bool(name)))


def _limit_fault(rule: Any) -> str | None:
    if not isinstance(rule, dict) or set(rule) != {"section", "metric", "facet", "min", "max"}:
        return "section, metric, facet, min and max are expected"
    if rule["section"] not in BIAS_SECTIONS:
        return "its section is unknown"
    if not _texts([rule["metric"]]) or not (rule["facet"] is None or _texts([rule["facet"]])):
        return "its metric or facet is no name"
    bounds = [bound for bound in (rule["min"], rule["max"]) if bound is not None]
    if not bounds or any(finite(bound) is None for bound in bounds):
        return "it has no bound that is a finite number"
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        return "its minimum is above its maximum"
    return None


def _texts(values: Any) -> bool:
    return (
        isinstance(values, list)
        and bool(values)
        and all(isinstance(value, str) and value for value in values)
    )


def _fault(where: str, reason: str) -> Outcome:
    return Outcome("rules", where, reason)
