"""Round numbers for an axis."""

from __future__ import annotations

import math


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return about `count` round numbers between two numbers, at steps of 1, 2 or 5 times 10^k.

    Examples
    --------
    >>> ticks(-0.12, 0.31, 4)
    [-0.1, 0.0, 0.1, 0.2, 0.3]
    """
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.75)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12 - math.floor(math.log10(step))) for k in range(first, last + 1)]


def padded(values: list[float], share: float = 0.06) -> tuple[float, float]:
    """Return the range of some numbers, a little wider; never empty."""
    low, high = min(values), max(values)
    margin = (high - low) * share or abs(low) * share or 1.0
    return low - margin, high + margin
