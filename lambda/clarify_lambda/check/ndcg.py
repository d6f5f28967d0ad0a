"""How well a ranking of features agrees with the attributions of a baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby


def ndcg(baseline: Mapping[str, float], now: Mapping[str, float]) -> float | None:
    """Return the normalised discounted cumulative gain of one label's features.

    ``DCG / iDCG``: both add each feature's attribution in the baseline, divided by
    ``log2(rank + 1)``; ranks are those of the attributions now for DCG, and those of the baseline's
    own for iDCG (developer guide, "Feature attribution drift for models in production"). Features
    that tie now share the mean of their gains, as in scikit-learn's ``ndcg_score``, which the
    guide's page on violations refers to.

    Parameters
    ----------
    baseline, now
        Attributions of the same features, none below 0.

    Returns
    -------
    float or None
        1 where the order is that of the baseline; None where every attribution of the baseline
        is 0.
    """
    largest = max(baseline.values(), default=0.0)
    if largest == 0:
        return None
    # Divided first: the sum of the greatest doubles is infinite.
    gains = {name: value / largest for name, value in baseline.items()}
    discounts = [1 / math.log2(rank + 1) for rank in range(1, len(gains) + 1)]
    found, rank = 0.0, 0
    for _, tied in groupby(sorted(now, key=now.__getitem__, reverse=True), key=now.__getitem__):
        names = list(tied)
        mean = sum(gains[name] for name in names) / len(names)
        found += mean * sum(discounts[rank : rank + len(names)])
        rank += len(names)
    ideal = sum(map(float.__mul__, sorted(gains.values(), reverse=True), discounts))
    return found / ideal
