"""Kernel SHAP: Shapley values by weighted least squares on some coalitions."""

from __future__ import annotations

from typing import Final

import numpy as np

from clarify_engine.shap.coalitions import sampled_coalitions
from clarify_engine.shap.design import Floats, Method, Part

#: Below this part of the largest eigenvalue, one is nought but for rounding.
_NOUGHT: Final = 1e-10


class LeastSquares:
    """The values whose sums over coalitions come closest to what the model says of them.

    With members A, the Shapley kernel's weights W, sizes s, and the sum of all values fixed to
    D = f(row) - E f(baseline), the values are ``P (v - E f - s/M D) + D/M`` for the model's v,
    where P = (A'WA)^-1 A'W of A less the mean of each of its rows. Where there are too few
    coalitions the inverse is Moore and Penrose's: what they leave open is shared equally.

    Parameters
    ----------
    size
        How many features vary, at least 2.
    samples
        How many coalitions at most.
    random
        Draws them.

    Attributes
    ----------
    rank
        How many combinations of values the coalitions determine; `size` - 1 if all.
    """

    method: Final[Method] = "least_squares"

    def __init__(self, size: int, samples: int, random: np.random.Generator) -> None:
        self.size: Final = size
        self._members, weights = sampled_coalitions(size, samples, random)
        self.coalitions: Final = len(weights)
        sizes = self._members.sum(axis=1)
        share = sizes / size
        centred = self._members - share[:, None]
        weighted = centred * weights[:, None]
        values, vectors = np.linalg.eigh(centred.T @ weighted)
        sound = values > _NOUGHT * values[-1]
        self.rank: Final = int(sound.sum())
        inverse = vectors[:, sound] / values[sound] @ vectors[:, sound].T
        self._projection = weighted @ inverse
        of_shares, of_ones = share @ self._projection, self._projection.sum(axis=0)
        self.at_row: Final[Floats] = 1 / size - of_shares
        self.at_baseline: Final[Floats] = of_shares - of_ones - 1 / size

    @property
    def is_singular(self) -> bool:
        """Whether the coalitions leave values open."""
        return self.rank < self.size - 1

    def part(self, start: int, stop: int) -> Part:
        """Return some coalitions."""
        return Part(self._members[start:stop], self._projection[start:stop])
