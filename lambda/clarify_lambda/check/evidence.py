"""Where the bias sections hold their evidence: facets, groups and the number of each metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from clarify_lambda.check.document import finite

#: What sums of rounded numbers may lie beyond the ends of a metric's range.
_ROUNDING = 1e-9

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


def chosen_groups(
    analysis: dict[str, Any], rule: dict[str, Any]
) -> Iterator[tuple[str, list[Any], int]]:
    """Yield each group that a rule on one metric is for: facet, the facet's groups, position."""
    section, text = rule["section"], rule["group"]
    facets = facets_of(analysis, section)
    if rule["facet"] is not None and rule["facet"] not in facets:
        raise Missing(f"{section}.facets", f"the facet {rule['facet']} is missing")
    for name in facets if rule["facet"] is None else [rule["facet"]]:
        where = f"{section}.facets.{name}"
        groups = groups_of(facets[name], where)
        chosen = [
            index
            for index, group in enumerate(groups)
            if text is None or (isinstance(group, dict) and group.get("value_or_threshold") == text)
        ]
        if text is not None and len(chosen) != 1:
            raise Missing(where, f"{len(chosen)} groups are the one of the rule")
        for index in chosen:
            yield name, groups, index


def in_range(value: float, metric: dict[str, Any]) -> bool:
    """Tell whether a value is one that a metric can have: from ``min`` to ``max``, None: no end."""
    low, high = metric["min"], metric["max"]
    return (low is None or value >= low - _ROUNDING) and (high is None or value <= high + _ROUNDING)


def number_of(
    group: Any, code: str, read: Callable[[object], float | None] = finite
) -> tuple[float | None, str | None]:
    """Return a metric's number, or the reason why there is none; never text of the analysis."""
    entry, reason = entry_of(group, code)
    if entry is None:
        return None, reason
    if entry.get("error") is not None:
        return None, f"the analysis gives an error instead of a number: {_known(entry['error'])}"
    value = read(entry.get("value"))
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
