"""The designs of an analysis, made once and kept while they are small."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from clarify_engine.shap.choice import Choice
from clarify_engine.shap.design import Design, Part

#: Coalitions times features of all designs that are kept; each takes about 10 bytes.
_KEPT: Final = 2**23


@dataclass(frozen=True, slots=True)
class Prepared:
    """A design; with all of its coalitions, if the predictions of a row fit a block."""

    design: Design
    whole: Part | None


class Designs:
    """Designs by the number of features that vary.

    Parameters
    ----------
    choice
        Decides on each of them.
    block_rows
        How many predictions a block has.
    """

    def __init__(self, choice: Choice, block_rows: int) -> None:
        self._choice = choice
        self._block_rows = block_rows
        self._kept: OrderedDict[int, Prepared] = OrderedDict()

    def __getitem__(self, size: int) -> Prepared:
        """Return the design for rows in which `size` features vary, at least 2."""
        if size in self._kept:
            self._kept.move_to_end(size)
            return self._kept[size]
        design = self._choice.design(size)
        each = design.coalitions * (1 if design.spread else self._choice.baseline_rows)
        whole = design.part(0, design.coalitions) if each <= self._block_rows else None
        self._kept[size] = Prepared(design, whole)
        while len(self._kept) > 1 and self._cells() > _KEPT:
            self._kept.popitem(last=False)
        return self._kept[size]

    def _cells(self) -> int:
        return sum(one.design.coalitions * size for size, one in self._kept.items())
