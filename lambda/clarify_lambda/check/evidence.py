"""Where the bias sections hold their evidence: facets, groups and the number of each metric."""

from __future__ import annotations

from typing import Any

from clarify_lambda.check.document import finite

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


def facets_of(analysis: dict[str, Any], section: str) -> dict[str, Any]:
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


def groups_of(groups: Any, where: str) -> list[Any]:
    """Return the groups of a facet, of which there is one at least."""
    if not isinstance(groups, list) or not groups:
        raise Missing(where, "there is no group")
    return groups


def number_of(group: Any, code: str) -> tuple[float | None, str | None]:
    """Return a metric's number, or the reason why there is none; never text of the analysis."""
    entry, reason = entry_of(group, code)
    if entry is None:
        return None, reason
    if entry.get("error") is not None:
        return None, f"the analysis gives an error instead of a number: {_known(entry['error'])}"
    value = finite(entry.get("value"))
    return value, None if value is not None else "the value is no finite number"


def entry_of(group: Any, code: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the one entry of a metric in a group that somebody is in, or why there is none."""
    if not isinstance(group, dict) or not isinstance(group.get("metrics"), list):
        return None, "the group has no list of metrics"
    if not _is_text(group.get("value_or_threshold")):
        return None, "value_or_threshold is empty: no row is in the group"
    entries = [
        entry for entry in group["metrics"] if isinstance(entry, dict) and entry.get("name") == code
    ]
    if len(entries) != 1:
        return None, "the metric is missing" if not entries else "the metric is there twice"
    return entries[0], None


def _known(error: Any) -> str:
    """Return the service's text if it is a fixed one; any other may quote the data."""
    text = error if isinstance(error, str) else ""
    known = next((known for known in _FIXED_ERRORS if text.startswith(known)), None)
    return known or "see it there"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
