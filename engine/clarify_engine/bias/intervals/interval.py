"""An interval, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: How often an interval covers the true value.
LEVEL: Final = 0.95


@dataclass(frozen=True)
class Interval:
    """Both ends of an interval, which belong to it; infinite where it has no bound."""

    low: float
    high: float

    def reaching(self, value: float) -> Interval:
        """Return the least interval that contains this one and a value."""
        return Interval(min(self.low, value), max(self.high, value))
