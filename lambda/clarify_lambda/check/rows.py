"""Whether groups are large enough to compare: their rows, from ``intervals.json``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.evidence import Missing, facets_of, groups_of
from clarify_lambda.check.intervals import Intervals
from clarify_lambda.check.outcome import Outcome


def enough_rows(
    analysis: dict[str, Any], section: str, minimum: int, intervals: Intervals
) -> Iterator[Outcome]:
    """Judge for each group of a section whether it, and the rest, have so many rows."""
    try:
        for facet, groups in facets_of(analysis, section).items():
            where = f"{section}.facets.{facet}"
            for index, group in enumerate(groups_of(groups, where)):
                place = f"{where}[{index}]"
                rows, reason = intervals.rows(section, facet, index, group)
                yield Outcome(
                    "rows",
                    place,
                    _too_few(rows, minimum) if rows else f"not evaluated: {reason}",
                    value=None if rows is None else min(rows),
                    minimum=minimum,
                )
    except Missing as missing:
        yield Outcome("rows", missing.where, missing.reason, minimum=minimum)


def _too_few(rows: tuple[float, float], minimum: int) -> str | None:
    for who, count in zip(("the group", "the rest"), rows, strict=True):
        if count < minimum:
            return f"{who} has {count:g} rows, fewer than {minimum}"
    return None
