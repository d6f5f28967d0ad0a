"""The intervals of one sensitive group's metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from clarify_engine.bias.intervals.distance import folded
from clarify_engine.bias.intervals.formulas import FORMULAS, Formula, Source, Stack
from clarify_engine.bias.intervals.interval import LEVEL, Interval
from clarify_engine.bias.intervals.resampling import counts_of, resampled
from clarify_engine.bias.post_training import POST_TRAINING_FUNCTIONS
from clarify_engine.bias.pre_training import PRE_TRAINING_FUNCTIONS
from clarify_engine.bias.table import Counts, MetricError, Table

#: Rows that the group and the rest have at least: for fewer, coverage is not shown.
LEAST_ROWS: Final = 50

#: Rows of either outcome that the group and the rest have at least within each value of the group
#: variable, likewise.
LEAST_OF_OUTCOME: Final = 10

#: Values of the group variable that there are at most, likewise.
MOST_GROUPS: Final = 50

_VALUES: Final = MappingProxyType({**PRE_TRAINING_FUNCTIONS, **POST_TRAINING_FUNCTIONS})
_TAILS: Final = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def group_intervals(table: Table, codes: Iterable[str]) -> Mapping[str, Interval]:
    """Return the intervals by metric code, of those metrics that have one.

    Parameters
    ----------
    table
        The counts of the group and of the rest.
    codes
        Metrics; of the flip test, which is no function of counts, there is no interval.
    """
    if table.labels.sum(axis=1).min() < LEAST_ROWS:
        return {}
    drawn: dict[Source, Stack] = {}
    intervals = {}
    for code in codes:
        formula = FORMULAS.get(code)
        if formula is None:
            continue
        counts = counts_of(table, formula.source)
        if not _is_shown(formula, counts):
            continue
        try:
            value = _VALUES[code](table)
        except MetricError:
            continue
        if formula.source not in drawn:
            drawn[formula.source] = resampled(counts, formula.source)
        intervals[code] = _interval(formula, counts, drawn[formula.source], value)
    return intervals


def _is_shown(formula: Formula, counts: Counts) -> bool:
    """Return whether there are enough rows for the coverage that was shown."""
    if formula.power is not None:
        # The service leaves out an outcome that only one group has: then its value is no distance.
        return bool((counts > 0).all())
    if formula.source.startswith("grouped"):
        return 0 < len(counts) <= MOST_GROUPS and bool((counts >= LEAST_OF_OUTCOME).all())
    return True


def _interval(formula: Formula, counts: Counts, drawn: Stack, value: float) -> Interval:
    low, high = (float(end) for end in np.quantile(formula.function(drawn), _TAILS))
    interval = Interval(low, high)
    if formula.power is None:
        # At its bounds a share is not between the quantiles; x/0, an infinity, never is.
        return interval.reaching(value)
    (root,) = formula.function(counts[..., np.newaxis].astype(np.float64)).tolist()
    ends = folded(interval.reaching(root), root)
    return Interval(ends.low**formula.power, ends.high**formula.power)
