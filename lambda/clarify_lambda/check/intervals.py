"""Intervals of metrics and rows of groups, from ``intervals.json`` beside the analysis."""

from __future__ import annotations

from typing import Any

from clarify_lambda.check.document import Unreadable, finite, read, real

#: The level that a rule on an interval is about.
LEVEL = 0.95


class Intervals:
    """The intervals of one run, or the reason why there are none.

    Parameters
    ----------
    body
        The file as the job wrote it; None where it wrote none, as the managed image does.
    """

    def __init__(self, body: bytes | None) -> None:
        self._document: dict[str, Any] = {}
        self._unreadable: str | None = None
        if body is None:
            self._unreadable = "the job wrote no intervals.json"
            return
        try:
            document = read(body)
        except Unreadable as error:
            self._unreadable = f"intervals.json: {error}"
            return
        if finite(document.get("level")) != LEVEL:
            self._unreadable = f"intervals.json is not of the level {LEVEL:.0%}"
            return
        self._document = document

    def of(
        self, section: str, facet: str, index: int, group: dict[str, Any], code: str
    ) -> tuple[tuple[float, float] | None, str | None]:
        """Return the interval of one metric of one group, or the reason why there is none.

        ``group`` is the group in the analysis: its text must be that of the group here.
        """
        found, reason = self._group(section, facet, index, group)
        if found is None:
            return None, reason
        intervals = found.get("intervals")
        entry = intervals.get(code) if isinstance(intervals, dict) else None
        if entry is None:
            return None, "there is no interval for this metric"
        low, high = (_end(entry, side) for side in ("low", "high"))
        if low is None or high is None or low > high:
            return None, "the interval has no two ends in order"
        return (low, high), None

    def rows(
        self, section: str, facet: str, index: int, group: Any
    ) -> tuple[tuple[float, float] | None, str | None]:
        """Return how many rows a group and the rest have, or the reason why nobody knows."""
        found, reason = self._group(section, facet, index, group)
        if found is None:
            return None, reason
        rows, rest = finite(found.get("rows")), finite(found.get("rest_rows"))
        if rows is None or rest is None:
            return None, "intervals.json does not tell the rows of this group"
        return (rows, rest), None

    def _group(
        self, section: str, facet: str, index: int, group: Any
    ) -> tuple[dict[str, Any] | None, str | None]:
        if self._unreadable:
            return None, self._unreadable
        body = self._document.get(section)
        facets = body.get("facets") if isinstance(body, dict) else None
        groups = facets.get(facet) if isinstance(facets, dict) else None
        found = groups[index] if isinstance(groups, list) and index < len(groups) else None
        if not isinstance(found, dict) or not isinstance(group, dict):
            return None, "intervals.json has no such group"
        if found.get("value_or_threshold") != group.get("value_or_threshold"):
            return None, "intervals.json has another group at this place"
        return found, None


def _end(entry: Any, side: str) -> float | None:
    return real(entry.get(side)) if isinstance(entry, dict) else None
