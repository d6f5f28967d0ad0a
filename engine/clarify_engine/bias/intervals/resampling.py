"""Tables that may lie behind the counted one, drawn at random.

A cell's draws are those of a gamma distribution with the cell's count and a part of a row as its
shape: in proportion to their sum they are a Dirichlet distribution, the posterior of the cells'
shares. With half a row in each cell (Jeffreys' prior) the intervals between its quantiles cover
shares, and differences and ratios of shares, as often as they should, also where counts are few or
zero; those of the usual bootstrap are too narrow there (Brown, Cai and DasGupta 2001; Agresti and
Min 2005).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from clarify_engine.bias.intervals.formulas import Source, Stack
from clarify_engine.bias.table import Counts, Table

#: Tables that are drawn.
RESAMPLES: Final = 10_000

#: Of every group's draws, so that a group's intervals do not depend on which others there are.
SEED: Final = 0

#: Rows that are added to each cell.
_PRIOR: Final = 0.5

#: Rows that are added to each value of a group variable.
_GROUP_PRIOR: Final = 2.0

_COUNTS: Final[Mapping[Source, Callable[[Table], Counts]]] = MappingProxyType(
    {
        "facets": lambda table: table.labels.sum(axis=1),
        "labels": lambda table: table.labels,
        "predictions": lambda table: table.predictions,
        "confusions": lambda table: table.counts,
        "grouped labels": lambda table: table.groups.sum(axis=3),
        "grouped predictions": lambda table: table.groups.sum(axis=2),
    }
)
_SOURCES: Final = tuple(_COUNTS)


def counts_of(table: Table, source: Source) -> Counts:
    """Return the counts of a table that some metrics are functions of."""
    return _COUNTS[source](table)


def resampled(counts: Counts, source: Source) -> Stack:
    """Return `RESAMPLES` tables, along the last axis.

    Parameters
    ----------
    counts
        What was counted; see `counts_of`.
    source
        What the counts are of. Each source has draws of its own, so that a metric's interval is
        the same whichever other metrics are asked for.
    """
    generator = np.random.default_rng([SEED, _SOURCES.index(source)])
    prior = _independent(counts) if source.startswith("grouped") else _PRIOR
    shape = (counts + prior)[..., np.newaxis]
    return generator.standard_gamma(shape, size=(*counts.shape, RESAMPLES))


def _independent(groups: Counts) -> Stack:
    """Share out the added rows of each group as if outcomes did not depend on the facet.

    Half a row in each cell would draw both of a group's shares to one half, unequally so where
    one outcome is rare, and over many groups that sums up to a disparity that is none.
    """
    rows = groups.sum()
    facets = groups.sum(axis=(0, 2)) / rows
    outcomes = groups.sum(axis=(0, 1)) / rows
    prior: Stack = _GROUP_PRIOR * np.outer(facets, outcomes)
    return prior
