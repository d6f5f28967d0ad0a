"""The rules as they arrive: complete and well formed, or they judge nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from clarify_lambda.check.document import finite
from clarify_lambda.check.outcome import Outcome

BIAS_SECTIONS = ("pre_training_bias_metrics", "post_training_bias_metrics")
EXPLANATIONS = (
    "explanations.asymmetric_shapley_value",
    "explanations.kernel_shap",
    "explanations.pdp",
)


_KINDS = ("complete", "limits", "attributions")
_OPTIONAL = ("no_worse", "files", "minimum_rows")
_READINGS = (None, "unsaid", "category", "threshold")


def faults(rules: object) -> Iterator[Outcome]:
    """Yield what is wrong with the rules themselves; no rule at all is wrong too.

    Rules are what `clarify_contract.checks.resolve_checks` makes: ``{"complete": [...],
    "limits": [...], "attributions": [...]}``, and at will ``"no_worse": [...]``, ``"files": [...]``
    and ``"minimum_rows"``. A key that is not known here is a fault: a rule that is read by half
    would pass runs that it was made to reject.
    """
    if not isinstance(rules, dict) or set(rules) - set(_OPTIONAL) != set(_KINDS):
        yield _fault("rules", "an object with `complete`, `limits` and `attributions` is expected")
        return
    lists = {key: entries for key, entries in rules.items() if key != "minimum_rows"}
    if not all(isinstance(entries, list) for entries in lists.values()):
        yield _fault("rules", f"{', '.join(map('`{}`'.format, lists))} must be lists")
        return
    if not any(lists.values()):
        yield _fault("rules", "there is no rule, so nothing can be judged")
    if "minimum_rows" in rules and not _is_count(rules["minimum_rows"]):
        yield _fault("rules.minimum_rows", "it is no whole number above 0")
    for kind, fault in (
        ("complete", _complete_fault),
        ("limits", _limit_fault),
        ("attributions", _attribution_fault),
        ("no_worse", _no_worse_fault),
        ("files", _file_fault),
    ):
        for index, rule in enumerate(rules.get(kind, [])):
            if reason := fault(rule):
                yield _fault(f"rules.{kind}[{index}]", reason)


def _complete_fault(rule: Any) -> str | None:
    if not isinstance(rule, dict):
        return "it is no object"
    section = rule.get("section")
    if _one_of(section, EXPLANATIONS):
        return None if set(rule) == {"section"} else "an explanation's rule has a section only"
    if not _one_of(section, BIAS_SECTIONS):
        return "its section is unknown"
    if set(rule) != {"section", "facets", "metrics", "accepted_errors", "accepted_zeros"}:
        return "section, facets, metrics, accepted_errors and accepted_zeros are expected"
    if not _all(rule["metrics"], _is_metric):
        return "its metrics are no list of names with a range"
    if not _all(rule["facets"], _is_facet):
        return "its facets are no list of names with a count of groups and a reading"
    if rule["accepted_errors"] != [] and not _all(rule["accepted_errors"], _is_accepted):
        return "its accepted_errors are no list of metric, facet and error"
    if rule["accepted_zeros"] != [] and not _all(rule["accepted_zeros"], _is_text):
        return "its accepted_zeros are no list of names"
    return None


def _is_metric(metric: Any) -> bool:
    if not isinstance(metric, dict) or set(metric) != {"name", "min", "max", "outcomes"}:
        return False
    ends = [metric[end] for end in ("min", "max") if metric[end] is not None]
    numbers = all(finite(end) is not None for end in ends)
    return _is_text(metric["name"]) and numbers and isinstance(metric["outcomes"], bool)


def _is_facet(facet: Any) -> bool:
    if not isinstance(facet, dict) or set(facet) != {"name", "groups", "reading"}:
        return False
    name, groups = facet["name"], facet["groups"]
    counted = groups is None or _is_count(groups)
    return counted and (name is None or _is_text(name)) and _one_of(facet["reading"], _READINGS)


def _is_accepted(accepted: Any) -> bool:
    if not isinstance(accepted, dict) or set(accepted) != {"metric", "facet", "error"}:
        return False
    named = accepted["facet"] is None or _is_text(accepted["facet"])
    return named and _is_text(accepted["metric"]) and _is_text(accepted["error"])


def _limit_fault(rule: Any) -> str | None:
    keys = {"section", "metric", "facet", "group", "min", "max", "evidence", "source"}
    if not isinstance(rule, dict) or set(rule) != keys:
        return "section, metric, facet, group, min, max, evidence and source are expected"
    if not _one_of(rule["section"], BIAS_SECTIONS):
        return "its section is unknown"
    if not _is_text(rule["metric"]) or not _texts_or_none(rule, "facet", "group", "source"):
        return "its metric, facet, group or source is no text"
    if not _one_of(rule["evidence"], ("value", "interval")):
        return "its evidence is neither value nor interval"
    bounds = [bound for bound in (rule["min"], rule["max"]) if bound is not None]
    if not bounds or any(finite(bound) is None for bound in bounds):
        return "it has no bound that is a finite number"
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        return "its minimum is above its maximum"
    return None


def _no_worse_fault(rule: Any) -> str | None:
    keys = {"section", "metric", "facet", "group", "neutral", "min", "max", "tolerance"}
    if not isinstance(rule, dict) or set(rule) != keys:
        return "section, metric, facet, group, neutral, min, max and tolerance are expected"
    if not _one_of(rule["section"], BIAS_SECTIONS):
        return "its section is unknown"
    if not _is_text(rule["metric"]) or not _texts_or_none(rule, "facet", "group"):
        return "its metric, facet or group is no text"
    ends = [rule[end] for end in ("min", "max") if rule[end] is not None]
    if any(finite(number) is None for number in (rule["neutral"], rule["tolerance"], *ends)):
        return "its neutral, min, max or tolerance is no finite number"
    return "its tolerance is below 0" if rule["tolerance"] < 0 else None


def _file_fault(rule: Any) -> str | None:
    if not isinstance(rule, dict) or set(rule) != {"what", "begins", "other_than"}:
        return "what, begins and other_than are expected"
    if not _is_text(rule["what"]) or not _is_text(rule["begins"]):
        return "what is expected, or how its file begins, is no text"
    return None if _texts_or_none(rule, "other_than") else "other_than is no text"


def _attribution_fault(rule: Any) -> str | None:
    keys = {
        "share": {"feature", "max"},
        "forbidden": {"features", "top"},
        "count": {"features"},
        "drift": {"min"},
    }
    kind: Any = rule.get("kind") if isinstance(rule, dict) else None
    if not _one_of(kind, tuple(keys)) or set(rule) != {"kind", "label", *keys[kind]}:
        return "its kind is unknown, or it has other keys than its kind"
    if not _texts_or_none(rule, "label"):
        return "its label is no text"
    sound = {
        "share": lambda: _texts_or_none(rule, "feature") and finite(rule["max"]) is not None,
        "forbidden": lambda: _all(rule["features"], _is_text) and _is_count(rule["top"]),
        "count": lambda: _is_count(rule["features"]),
        "drift": lambda: (finite(rule["min"]) or 0) > 0,
    }[kind]()
    return None if sound else "it names no features, or no number that can be"


def _texts_or_none(rule: dict[str, Any], *keys: str) -> bool:
    return all(rule[key] is None or _is_text(rule[key]) for key in keys)


def _all(values: Any, holds: Callable[[Any], bool]) -> bool:
    """Tell whether a value is a list, not empty, of which each item is sound."""
    return isinstance(values, list) and bool(values) and all(map(holds, values))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_count(value: Any) -> bool:
    # jsii writes whole numbers as such.
    return type(value) is int and value > 0


def _one_of(value: Any, known: tuple[Any, ...]) -> bool:
    # By type first: a list or an object has no hash, and True equals 1.
    return (value is None or isinstance(value, str)) and value in known


def _fault(where: str, reason: str) -> Outcome:
    return Outcome("rules", where, reason)
