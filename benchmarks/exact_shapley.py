"""Shapley values by their definition: every coalition, no regression, no sampling."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np


def exact_values(
    model: Callable[[np.ndarray], np.ndarray],
    rows: np.ndarray,
    baseline: np.ndarray,
    link: Callable[[np.ndarray], np.ndarray] = lambda mean: mean,
) -> np.ndarray:
    """Return the values, shape (rows, features, classes).

    The worth of a coalition is the link of the mean prediction over the baseline rows, the
    coalition's features taken from the row, as in Kernel SHAP. `model` returns (rows,) or
    (rows, classes). Shapley (1953): the mean gain of a feature over all orders of arrival.
    """
    features = rows.shape[1]
    coalitions = np.array(np.unravel_index(range(2**features), (2,) * features), dtype=bool).T
    sizes = coalitions.sum(axis=1)
    orders = [factorial(k) * factorial(features - k - 1) for k in range(features)]
    joined = np.array([orders[size - 1] if size else 0 for size in sizes])
    absent = np.array([orders[size] if size < features else 0 for size in sizes])
    shares = np.where(coalitions.T, joined, -absent) / factorial(features)
    values = []
    for row in rows:
        mixed = np.where(coalitions[:, None, :], row, baseline).reshape(-1, features)
        scores = model(mixed).reshape(len(coalitions), len(baseline), -1)
        values.append(shares @ link(scores.mean(axis=1)))
    return np.array(values)
