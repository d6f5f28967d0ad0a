"""How many clusters fit rows best."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

#: f(K) below which K clusters are recommended at all.
RECOMMENDED: Final = 0.85


def best_count(distortions: Sequence[float], dimensions: int) -> int:
    """Return the number of clusters by the measure f(K) of Pham, Dimov and Nguyen.

    f(K) compares the distortion of K clusters with what K - 1 clusters and uniformly spread rows
    would let expect. The K of the smallest f(K) is taken if that is below 0.85; else rows have no
    clusters, and it is 1. ("Selection of K in K-means clustering", Proceedings of the Institution
    of Mechanical Engineers C 219 (2005), doi:10.1243/095440605X8298.)

    Parameters
    ----------
    distortions
        Sum of the squared distances of the rows to their clusters' centres, for 1, 2, 3… clusters.
    dimensions
        Number of coordinates of a row. The paper defines the measure for two or more; for one its
        weight, 1/4, is the exact one of uniform rows in two clusters.
    """
    measures = [1.0]
    weight = 0.0
    for count, (before, after) in enumerate(pairwise(distortions), 2):
        weight = 1 - 3 / (4 * dimensions) if count == 2 else weight + (1 - weight) / 6
        measures.append(after / (weight * before) if before > 0 else 1.0)
    smallest = min(measures)
    return measures.index(smallest) + 1 if smallest < RECOMMENDED else 1
