"""The groups that a report tells about: metrics from the results, counts from the data beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from clarify_contract.meanings import group_name
from clarify_contract.result import GroupIntervals, Interval
from clarify_contract.result.parts import BiasSection, FacetGroup
from clarify_engine.bias.statistics import BiasStatistics, GroupStatistics
from clarify_engine.report.wording import isolated

#: Groups of a facet that are told about, the largest ones; `analysis.json` has all.
GROUPS_SHOWN: Final = 20


@dataclass(frozen=True)
class ShownGroup:
    """One group with everything known about it."""

    name: str
    metrics: FacetGroup
    counts: GroupStatistics | None
    intervals: Mapping[str, Interval]


@dataclass(frozen=True)
class ShownFacet:
    """One facet with the groups that are shown, and how many are not."""

    column: str
    groups: tuple[ShownGroup, ...]
    left_out: int


def shown_facets(
    section: BiasSection | None,
    statistics: BiasStatistics | None,
    intervals: Mapping[str, tuple[GroupIntervals, ...]] | None = None,
) -> Iterator[ShownFacet]:
    """Yield the facets of a bias section in their order."""
    for column, groups in section.facets.items() if section is not None else ():
        sure = (intervals or {}).get(column, ())
        shown = [
            _group(column, group, statistics, beside)
            for group, beside in zip_longest(groups, sure[: len(groups)])
        ]
        if len(shown) > GROUPS_SHOWN:
            largest = sorted(shown, key=lambda group: -_rows(group))[:GROUPS_SHOWN]
            kept = [group for group in shown if any(group is other for other in largest)]
            yield ShownFacet(column, tuple(kept), len(shown) - len(kept))
        else:
            yield ShownFacet(column, tuple(shown), 0)


def _group(
    column: str,
    group: FacetGroup,
    statistics: BiasStatistics | None,
    sure: GroupIntervals | None,
) -> ShownGroup:
    text = group.value_or_threshold or ""
    counts = next(
        (
            found
            for facet in (statistics.facets if statistics is not None else ())
            if facet.column == column
            for found in facet.groups
            if found.text == text
        ),
        None,
    )
    intervals = {} if sure is None else sure.intervals
    return ShownGroup(isolated(group_name(column, text)), group, counts, intervals)


def _rows(group: ShownGroup) -> int:
    return group.counts.group.rows if group.counts is not None else 0
