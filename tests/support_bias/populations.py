"""Populations whose true metrics are known, to draw tables from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clarify_engine.bias.post_training import POST_TRAINING_FUNCTIONS
from clarify_engine.bias.pre_training import PRE_TRAINING_FUNCTIONS
from clarify_engine.bias.table import Table

#: So many rows that the metrics of their table are those of the population.
_ALL_ROWS = 10**12


@dataclass(frozen=True)
class Population:
    """Shares of rows, each pair for the rest and the sensitive group.

    `tilt` moves both the group's share and its positive labels along the group variable's values:
    what is equal within each value is not over all.
    """

    name: str
    rows: int
    sensitive: float
    positive: tuple[float, float]
    recall: tuple[float, float]
    fallout: tuple[float, float]
    groups: int = 3
    tilt: float = 0.0

    @property
    def shares(self) -> NDArray[np.float64]:
        """Shape ``(G, 2, 2, 2)``, as `Table.groups`."""
        sizes = np.arange(self.groups, 2 * self.groups, dtype=np.float64)
        sizes /= sizes.sum()
        tilts = 1 + self.tilt * np.linspace(-1, 1, self.groups)
        shares = np.empty((self.groups, 2, 2, 2))
        for group, (size, tilt) in enumerate(zip(sizes, tilts, strict=True)):
            for facet in (0, 1):
                sensitive = self.sensitive * tilt
                rows = size * (sensitive if facet else 1 - sensitive)
                positive = self.positive[facet] * tilt
                recall, fallout = self.recall[facet], self.fallout[facet]
                shares[group, facet] = rows * np.array(
                    [
                        [(1 - positive) * (1 - fallout), (1 - positive) * fallout],
                        [positive * (1 - recall), positive * recall],
                    ]
                )
        return shares

    def truth(self) -> Mapping[str, float]:
        """Return the true value of each metric, by the formulas that the results are made with."""
        table = as_table(np.rint(self.shares * _ALL_ROWS).astype(np.int64))
        functions = {**PRE_TRAINING_FUNCTIONS, **POST_TRAINING_FUNCTIONS}
        return {code: function(table) for code, function in functions.items()}

    def draw(self, rng: np.random.Generator) -> Table:
        """Return the table of some rows."""
        shares = self.shares
        return as_table(rng.multinomial(self.rows, shares.ravel()).reshape(shares.shape))


def as_table(groups: NDArray[Any]) -> Table:
    """Return a table without rows that have no value of the group variable."""
    return Table(groups, np.zeros((2, 2, 2), dtype=np.int64))


#: The true value of every difference is 0 in the fair ones; groups of about 200 rows and more.
POPULATIONS = (
    Population("fair, 200 and 200", 400, 0.5, (0.5, 0.5), (0.8, 0.8), (0.2, 0.2)),
    Population("fair, 200 and 1,800", 2_000, 0.1, (0.1, 0.1), (0.6, 0.6), (0.05, 0.05)),
    Population("fair, few positive", 2_200, 1 / 11, (0.05, 0.05), (0.6, 0.6), (0.02, 0.02)),
    Population("fair, 6,000 and 14,000", 20_000, 0.3, (0.3, 0.3), (0.7, 0.7), (0.1, 0.1)),
    Population("nearly fair, 200 and 200", 400, 0.5, (0.5, 0.45), (0.8, 0.75), (0.2, 0.18)),
    Population("unfair, 200 and 400", 600, 1 / 3, (0.3, 0.2), (0.7, 0.6), (0.1, 0.1)),
    Population("unfair, 500 and 1,500", 2_000, 0.25, (0.4, 0.15), (0.8, 0.6), (0.2, 0.05)),
    Population(
        "fair in each of 50", 40_000, 0.4, (0.4, 0.4), (0.7, 0.7), (0.1, 0.1), groups=50, tilt=0.5
    ),
)
