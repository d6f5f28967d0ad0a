"""The bias sections: complete where every expected facet, group and number is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.evidence import (
    Missing,
    entry_of,
    facets_of,
    groups_of,
    in_range,
    number_of,
)
from clarify_lambda.check.outcome import Outcome
from clarify_lambda.check.plausible import plausible


def complete(analysis: dict[str, Any], rule: dict[str, Any]) -> Iterator[Outcome]:
    """Judge one section: every facet and group that is expected, with a number for every metric."""
    section = rule["section"]
    try:
        facets = facets_of(analysis, section)
    except Missing as missing:
        yield Outcome("complete", missing.where, missing.reason)
        return
    expected = {facet["name"]: facet for facet in rule["facets"] if facet["name"]}
    if len(facets) < len(rule["facets"]):
        yield Outcome(
            "complete",
            f"{section}.facets",
            f"{len(facets)} of {len(rule['facets'])} facets are there",
        )
    absent = [name for name in expected if name not in facets]
    for name in absent:
        yield Outcome("complete", f"{section}.facets", f"the facet {name} is missing")
    # Facets whose names only the data tells are whichever the rule does not name.
    unnamed = any(facet["name"] is None for facet in rule["facets"])
    for name in facets if unnamed else [name for name in expected if name in facets]:
        yield from _facet(facets[name], name, expected.get(name), rule)


def _facet(
    groups: Any, name: str, expected: dict[str, Any] | None, rule: dict[str, Any]
) -> Iterator[Outcome]:
    where = f"{rule['section']}.facets.{name}"
    try:
        found = groups_of(groups, where)
    except Missing as missing:
        yield Outcome("complete", missing.where, missing.reason)
        return
    count = expected["groups"] if expected else None
    if count is not None and len(found) != count:
        yield Outcome("complete", where, f"{len(found)} groups are there, {count} are expected")
    for index, group in enumerate(found):
        for metric in rule["metrics"]:
            yield _metric(group, f"{where}[{index}].{metric['name']}", name, metric, rule)
    reading = expected["reading"] if expected else _reading_of_unnamed(rule)
    yield from plausible(found, where, name, reading, rule)


def _reading_of_unnamed(rule: dict[str, Any]) -> str | None:
    """Return how facets without a name are meant: which of them is which, no rule can tell."""
    readings = {facet["reading"] for facet in rule["facets"] if facet["name"] is None}
    return "unsaid" if "unsaid" in readings else None


def _metric(
    group: Any, where: str, facet: str, metric: dict[str, Any], rule: dict[str, Any]
) -> Outcome:
    code = metric["name"]
    value, reason = number_of(group, code)
    if value is not None and not in_range(value, metric):
        reason = "the value is outside of what this metric can be"
    if reason is not None and value is None and _accepts(group, facet, code, rule):
        return Outcome("complete", where, metric=code, accepted=reason)
    return Outcome("complete", where, reason, code, value)


def _accepts(group: Any, facet: str, code: str, rule: dict[str, Any]) -> bool:
    """Tell whether the error of a metric that has no number is one that a rule accepts."""
    entry, _ = entry_of(group, code)
    # The service writes null beside an error; a number there is another mistake.
    if entry is None or entry.get("value") is not None or not isinstance(entry.get("error"), str):
        return False
    return any(
        accepted["metric"] == code
        and accepted["facet"] in (None, facet)
        and entry["error"].startswith(accepted["error"])
        for accepted in rule["accepted_errors"]
    )
