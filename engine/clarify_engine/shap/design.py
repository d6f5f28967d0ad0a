"""Which coalitions of features are tried, and how their values add up to Shapley values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

#: What computes the values of a row; `auto` leaves it to `Choice.method`.
Method = Literal["exact", "interpolation", "least_squares", "permutation"]
Estimator = Literal["auto", "exact", "interpolation", "least_squares", "permutation"]

METHODS: Final[tuple[Method, ...]] = ("exact", "interpolation", "least_squares", "permutation")


@dataclass(frozen=True)
class Part:
    """Some coalitions of a design.

    Attributes
    ----------
    members
        Shape ``(coalitions, size)``: which of the features that vary have the explained row's
        cells; the others have a baseline row's.
    projection
        Shape ``(coalitions, size)``: what one unit of a coalition's value adds to each feature's.
    """

    members: Bools
    projection: Floats

    @cached_property
    def lookup(self) -> Bools:
        """The members by feature, and at last a feature that is in no coalition."""
        nowhere = np.zeros((1, len(self.members)), dtype=np.bool_)
        return np.concatenate([self.members.T, nowhere])


class Design(Protocol):
    """How games of `size` features are solved; the same for all such games.

    Whatever the estimator, the values are linear in what the model says of coalitions, with the
    link applied::

        values = projection' @ coalitions + at_row * f(row) + at_baseline * f(baseline)
    """

    @property
    def method(self) -> Method:
        """The estimator that this is."""
        ...

    @property
    def size(self) -> int:
        """How many features vary, at least 2."""
        ...

    @property
    def coalitions(self) -> int:
        """How many coalitions are tried."""
        ...

    @property
    def at_row(self) -> Floats:
        """Shape ``(size,)``: what one unit of the row's own prediction adds to each feature's."""
        ...

    @property
    def at_baseline(self) -> Floats:
        """Shape ``(size,)``: what one unit of the baseline's prediction adds."""
        ...

    def part(self, start: int, stop: int) -> Part:
        """Return the coalitions from `start` to before `stop`."""
        ...
