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

#: What computes the values of a row; `auto` leaves the choice to `choose`.
Method = Literal["exact", "least_squares", "multilinear", "permutation"]
Estimator = Literal["auto", "exact", "least_squares", "multilinear", "permutation"]

METHODS: Final[tuple[Method, ...]] = ("exact", "least_squares", "multilinear", "permutation")


@dataclass(frozen=True)
class Part:
    """Some coalitions of a design.

    Attributes
    ----------
    members
        Shape ``(coalitions, size)``: which of the features that vary have the explained row's
        cells; the others have a baseline row's.
    baseline
        Shape ``(coalitions,)``: the baseline row of each coalition. None: the value of a coalition
        is the mean over all baseline rows.
    projection
        Shape ``(coalitions, size)``: what one unit of a coalition's value adds to each feature's.
    """

    members: Bools
    baseline: Ints | None
    projection: Floats

    @cached_property
    def lookup(self) -> Bools:
        """The members by feature, and at last a feature that is in no coalition."""
        nowhere = np.zeros((1, len(self.members)), dtype=np.bool_)
        return np.concatenate([self.members.T, nowhere])


class Design(Protocol):
    """How rows in which `size` features vary are explained; the same for all such rows.

    Whatever the estimator, the values of a row are linear in what the model says::

        values = projection' @ coalitions + at_row * f(row) + at_baseline

    with the link applied to each term.
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
    def spread(self) -> bool:
        """Whether each coalition has one baseline row of its own, and not all of them."""
        ...

    @property
    def at_row(self) -> Floats:
        """Shape ``(size,)``: what one unit of the row's own prediction adds to each feature's."""
        ...

    def at_baseline(self, each: Floats, mean: Floats) -> Floats:
        """Return what the predictions on the baseline rows add, shape ``(size, classes)``.

        Parameters
        ----------
        each
            Shape ``(baseline rows, classes)``: the predictions, linked.
        mean
            Shape ``(classes,)``: their mean, linked.
        """
        ...

    def part(self, start: int, stop: int) -> Part:
        """Return the coalitions from `start` to before `stop`."""
        ...


def every_coalition(size: int) -> int:
    """Return how many coalitions there are, without the empty and the whole one."""
    return (1 << size) - 2
