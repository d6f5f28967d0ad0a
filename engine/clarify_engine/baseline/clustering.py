"""Rows into clusters by K-means."""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clarify_engine.baseline.cluster_count import best_count

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The most clusters that are tried where nobody says how many.
MOST_CLUSTERS: Final = 12
#: Starts of K-means, of which the best one counts.
STARTS: Final = 3


def clusters_of(points: Floats, count: int | None, seed: int) -> Ints:
    """Return the cluster of each point: 0 for the largest cluster, then 1, and so on.

    The result depends on the points and the seed only: K-means runs in one thread, since the order
    in which threads add up distances may change the last digits.

    Parameters
    ----------
    points
        Shape ``(n, m)``.
    count
        How many clusters; None for the best of 1 to `MOST_CLUSTERS` by `best_count`. There are
        fewer where fewer points differ.
    seed
        Makes the starts repeatable; from 0 to 2**32 - 1.
    """
    # A point that comes often is one point with a weight: tables of categories repeat themselves.
    different, where, weights = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    if count is None:
        tried = [
            _k_means(different, weights, number, seed)
            for number in range(1, min(MOST_CLUSTERS, len(different)) + 1)
        ]
        count = best_count([distortion for _, distortion in tried], points.shape[1])
        labels = tried[count - 1][0]
    else:
        labels, _ = _k_means(different, weights, min(count, len(different)), seed)
    return _by_size(labels[where.ravel()])


def _k_means(points: Floats, weights: Ints, count: int, seed: int) -> tuple[Ints, float]:
    """Return the cluster of each point, and the sum of squared distances to the centres."""
    # Loaded here: they take a second, and only a computed baseline needs them.
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    model = KMeans(count, n_init=STARTS, random_state=seed)
    with threadpool_limits(1), warnings.catch_warnings():
        # Points that differ in their last digits may be one to K-means: the clusters that it finds
        # are counted by the caller.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points, sample_weight=weights)
    return model.labels_.astype(np.int64), float(model.inertia_)


def _by_size(labels: Ints) -> Ints:
    """Return clusters numbered by falling size, equal ones in the order of their first rows."""
    _, first, members, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    place = np.empty(len(sizes), np.int64)
    place[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    ordered: Ints = place[members.ravel()]
    return ordered
