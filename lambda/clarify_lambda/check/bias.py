"""The bias sections as evidence: facets, groups and the number of each metric."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.document import finite
from clarify_lambda.check.outcome import Outcome

_FIXED_ERRORS = (
    "All predicted labels are false negatives",
    "CI: facet set is empty",
    "CI: negated facet set is empty",
    "Facet set is empty",
    "FlipTest does not support non-numeric columns",
    "Group variable is empty or not provided",
    "Negated facet set is empty",
    "Negative facet set is empty",
    "No instance of common facet found, dataset may be too small",
)


class Missing(Exception):  # noqa: N818 - it says what the evidence is
    """A place that should hold evidence and does not."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where, reason)
        self.where, self.reason = where, reason


def complete(analysis: dict[str, Any], rule: dict[str, Any]) -> Iterator[Outcome]:
    """Judge one section: every facet and group that is expected, with a number for every metric."""
    section = rule["section"]
    try:
        facets = _facets(analysis, section)
    except Missing as missing:
        yield Outcome("complete", missing.where, missing.reason)
        return
    expected = {facet["name"]: facet["groups"] for facet in rule["facets"] if facet["name"]}
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
        yield from _facet(facets[name], f"{section}.facets.{name}", expected.get(name), rule)


def limit(analysis: dict[str, Any], rule: dict[str, Any]) -> Iterator[Outcome]:
    """Judge one metric against its bounds, in every group of the facet, or of all facets."""
    section, code = rule["section"], rule["metric"]
    try:
        facets = _facets(analysis, section)
        if rule["facet"] is not None and rule["facet"] not in facets:
            raise Missing(f"{section}.facets", f"the facet {rule['facet']} is missing")
        for name in facets if rule["facet"] is None else [rule["facet"]]:
            where = f"{section}.facets.{name}"
            for index, group in enumerate(_groups(facets[name], where)):
                yield _within(group, f"{where}[{index}].{code}", rule)
    except Missing as missing:
        yield Outcome("limit", missing.where, missing.reason, code, None, rule["min"], rule["max"])


def _within(group: Any, where: str, rule: dict[str, Any]) -> Outcome:
    low, high = rule["min"], rule["max"]
    value, reason = _number(group, rule["metric"])
    if value is not None and low is not None and value < low:
        reason = f"{value} is below {low}"
    elif value is not None and high is not None and value > high:
        reason = f"{value} is above {high}"
    return Outcome("limit", where, reason, rule["metric"], value, low, high)


def _facet(groups: Any, where: str, count: int | None, rule: dict[str, Any]) -> Iterator[Outcome]:
    try:
        found = _groups(groups, where)
    except Missing as missing:
        yield Outcome("complete", missing.where, missing.reason)
        return
    if count is not None and len(found) != count:
        yield Outcome("complete", where, f"{len(found)} groups are there, {count} are expected")
    for index, group in enumerate(found):
        for code in rule["metrics"]:
            value, reason = _number(group, code)
            yield Outcome("complete", f"{where}[{index}].{code}", reason, code, value)


def _facets(analysis: dict[str, Any], section: str) -> dict[str, Any]:
    """Return the facets of a section whose positive label is not an empty interval."""
    if section not in analysis:
        raise Missing(section, "the section is missing")
    body = analysis[section]
    if not isinstance(body, dict):
        raise Missing(section, "it is no object")
    # A float label with its own maximum as threshold gives this text, zeros, and no error at all.
    if not _is_text(body.get("label_value_or_threshold")):
        raise Missing(section, "label_value_or_threshold is empty: no row counted as positive")
    facets = body.get("facets")
    if not isinstance(facets, dict) or not facets:
        raise Missing(f"{section}.facets", "there is no facet")
    return facets


def _groups(groups: Any, where: str) -> list[Any]:
    if not isinstance(groups, list) or not groups:
        raise Missing(where, "there is no group")
    return groups


def _number(group: Any, code: str) -> tuple[float | None, str | None]:
    """Return a metric's number, or the reason why there is none; never text of the analysis."""
    if not isinstance(group, dict) or not isinstance(group.get("metrics"), list):
        return None, "the group has no list of metrics"
    if not _is_text(group.get("value_or_threshold")):
        return None, "value_or_threshold is empty: no row is in the group"
    entries = [
        entry for entry in group["metrics"] if isinstance(entry, dict) and entry.get("name") == code
    ]
    if len(entries) != 1:
        return None, "the metric is missing" if not entries else "the metric is there twice"
    entry = entries[0]
    if entry.get("error") is not None:
        return None, f"the analysis gives an error instead of a number: {_known(entry['error'])}"
    value = finite(entry.get("value"))
    return value, None if value is not None else "the value is no finite number"


def _known(error: Any) -> str:
    """Return the service's text if it is a fixed one; any other may quote the data."""
    text = error if isinstance(error, str) else ""
    known = next((known for known in _FIXED_ERRORS if text.startswith(known)), None)
    return known or "see it there"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
