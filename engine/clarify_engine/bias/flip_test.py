"""The flip test (FT): whether *d* is predicted as its nearest neighbours in *a* are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clarify_engine.bias.table import MetricError

#: Error where a feature is text: there is no distance between texts.
NON_NUMERIC = "FlipTest does not support non-numeric columns"


def flip_test(
    features: NDArray[np.float64],
    sensitive: NDArray[np.bool_],
    positive: NDArray[np.bool_],
) -> float:
    """Return ``(F+ - F-) / n_d``, with the sign of the service.

    F+ counts the rows of *d* that are predicted positive while most of their neighbours in *a* are
    not, F- the opposite: predictions that favour *a* give a negative value. The developer guide's
    formula has the opposite sign. Neighbours are the 5 nearest rows of *a* (1 if *a* has at most 9
    rows) in the Euclidean distance of the features as they are; ties of distance fall by row order.

    Parameters
    ----------
    features
        Shape ``(n, m)``: one row per row of the data, one column per feature.
    sensitive
        Shape ``(n,)``: whether the row is in the sensitive group *d*. Neither *d* nor *a* is empty.
    positive
        Shape ``(n,)``: whether the row is predicted positive.

    Returns
    -------
    float
        Between -1 and 1.

    Raises
    ------
    MetricError
        There is no feature, or a feature has missing or infinite values.
    """
    _require_finite(features)
    # Loaded here: it takes a second, and only this metric needs it.
    from sklearn.neighbors import KNeighborsClassifier

    n_d = int(sensitive.sum())
    n_a = len(sensitive) - n_d
    neighbours = KNeighborsClassifier(n_neighbors=1 if n_a <= 9 else 5)
    neighbours.fit(features[~sensitive], positive[~sensitive])
    expected = neighbours.predict(features[sensitive])
    actual = positive[sensitive]
    return int((actual & ~expected).sum() - (expected & ~actual).sum()) / n_d


def _require_finite(features: NDArray[np.float64]) -> None:
    if features.shape[1] == 0:
        raise MetricError("Found array with 0 feature(s)")
    if np.isnan(features).any():
        raise MetricError("Input X contains NaN.")
    if np.isinf(features).any():
        raise MetricError("Input X contains infinity or a value too large for dtype('float64').")
