"""The interval of a distance from that of the signed difference whose size it is.

The size of a difference is not distributed as the difference is: near 0 it is folded. Taking the
larger end of the signed interval for the upper end misses nothing from below there, so that with
an unchanged lower end an interval of 95 % would cover up to 97.5 %. So the lower end is where, for
a folded normal distribution, both ways of missing come to 5 % together (as in the unified
intervals of Feldman and Cousins 1998, for a bounded mean). It is 0 exactly where the signed
interval contains 0.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

from clarify_engine.bias.intervals.interval import LEVEL, Interval

_NORMAL: Final = NormalDist()

#: Standard errors from a normal value to either end of its interval.
_REACH: Final = _NORMAL.inv_cdf((1 + LEVEL) / 2)

_HALVINGS: Final = 40


def folded(signed: Interval, value: float) -> Interval:
    """Return the interval of a difference's size.

    Parameters
    ----------
    signed
        The interval of the difference; contains `value`.
    value
        The difference.
    """
    if value < 0:
        return folded(Interval(-signed.high, -signed.low), -value)
    high = max(signed.high, -signed.low)
    if signed.low <= 0:
        return Interval(0.0, high)
    error = (value - signed.low) / _REACH
    if error == 0:
        return Interval(signed.low, high)
    return Interval(error * _least_mean(value / error), high)


def _least_mean(size: float) -> float:
    """Return the least mean of a normal distribution of variance 1 for which a size is no miss.

    `size` is above `_REACH`.
    """
    low, high = size - _REACH, size
    for _ in range(_HALVINGS):
        mean = (low + high) / 2
        if _missing(mean, size) > 1 - LEVEL:
            high = mean
        else:
            low = mean
    return low


def _missing(mean: float, size: float) -> float:
    """Return how often a size is beyond `size`, or so small that its upper end is below `mean`."""
    beyond = _NORMAL.cdf(mean - size) + _NORMAL.cdf(-mean - size)
    least = max(0.0, mean - _REACH)
    return beyond + _NORMAL.cdf(least - mean) - _NORMAL.cdf(-least - mean)
