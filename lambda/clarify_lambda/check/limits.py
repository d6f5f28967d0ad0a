"""Bounds of one metric: on its value, or on the whole of its interval too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.evidence import Missing, chosen_groups, number_of
from clarify_lambda.check.intervals import Intervals
from clarify_lambda.check.outcome import Outcome


def limit(
    analysis: dict[str, Any], rule: dict[str, Any], intervals: Intervals
) -> Iterator[Outcome]:
    """Judge one metric against its bounds, in each group that the rule is for."""
    section, code = rule["section"], rule["metric"]
    try:
        for facet, groups, index in chosen_groups(analysis, rule):
            where = f"{section}.facets.{facet}[{index}].{code}"
            yield _judged(groups[index], where, rule, (facet, index), intervals)
    except Missing as missing:
        yield _outcome(rule, missing.where, missing.reason)


def _judged(
    group: Any, where: str, rule: dict[str, Any], place: tuple[str, int], intervals: Intervals
) -> Outcome:
    value, reason = number_of(group, rule["metric"])
    if value is None:
        return _outcome(rule, where, reason)
    reason = _outside(str(value), value, value, rule)
    if rule["evidence"] == "value":
        return _outcome(rule, where, reason, value)
    ends, none = intervals.of(rule["section"], *place, group, rule["metric"])
    if ends is None:
        return _outcome(rule, where, reason or f"not evaluated: {none}", value)
    words = f"the 95 % interval from {ends[0]} to {ends[1]}"
    return _outcome(rule, where, reason or _outside(words, *ends, rule), value, ends)


def _outside(what: str, low: float, high: float, rule: dict[str, Any]) -> str | None:
    verb = "is" if low == high else "goes"
    if rule["min"] is not None and low < rule["min"]:
        return f"{what} {verb} below {rule['min']}"
    if rule["max"] is not None and high > rule["max"]:
        return f"{what} {verb} above {rule['max']}"
    return None


def _outcome(
    rule: dict[str, Any],
    where: str,
    reason: str | None,
    value: float | None = None,
    interval: tuple[float, float] | None = None,
) -> Outcome:
    return Outcome(
        rule="limit",
        where=where,
        reason=reason,
        metric=rule["metric"],
        value=value,
        minimum=rule["min"],
        maximum=rule["max"],
        interval=interval,
        source=rule["source"],
    )
