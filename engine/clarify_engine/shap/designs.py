"""The designs of an analysis, made once and kept while they are small."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from clarify_engine.shap.choice import Choice, Need
from clarify_engine.shap.design import Bools, Design, Ints, Part

#: Coalitions times features of all designs that are kept; each takes about 10 bytes.
_KEPT: Final = 2**23


@dataclass(frozen=True)
class Prepared:
    """A design, and in which order the features of a game take its places.

    Attributes
    ----------
    design
        The design.
    orders
        Shape ``(baseline rows, size + 1)``: the place of each feature that varies, and at last of
        those that do not. Another order for each baseline row, so that what a design makes of
        higher interactions is another thing for each, and mostly cancels out.
    """

    design: Design
    orders: Ints

    @cached_property
    def whole(self) -> Part:
        """All coalitions."""
        return self.design.part(0, self.design.coalitions)

    def places(self, varies: Bools, baseline: Ints) -> Ints:
        """Return at which place of the design each feature is; its size where it does not vary.

        Parameters
        ----------
        varies
            Shape ``(games, features)``.
        baseline
            Shape ``(games or 1,)``: the games' baseline rows.
        """
        number = np.where(varies, np.cumsum(varies, axis=1) - 1, self.design.size)
        return np.take_along_axis(self.orders[baseline], number, axis=1)


class Designs:
    """Designs by what games need.

    Parameters
    ----------
    choice
        Decides on each of them.
    """

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._kept: OrderedDict[Need, Prepared] = OrderedDict()

    def __getitem__(self, need: Need) -> Prepared:
        """Return what solves games with this need."""
        if need in self._kept:
            self._kept.move_to_end(need)
            return self._kept[need]
        self._kept[need] = Prepared(self._choice.design(need), self._choice.orders(need))
        while len(self._kept) > 1 and self._cells() > _KEPT:
            self._kept.popitem(last=False)
        return self._kept[need]

    def _cells(self) -> int:
        return sum(
            one.design.coalitions * one.design.size + one.orders.size for one in self._kept.values()
        )
