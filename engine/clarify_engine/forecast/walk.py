"""Asymmetric Shapley values: what each player adds, when players join in an order of time.

Definition
----------
The developer guide ("Asymmetric Shapley Values", clarify-feature-attribute-shap-asymm) says: the
model is asked about points where parts of the input are obfuscated, that is set to a baseline
value; differences of predictions are averaged; information is added from the first time step on
(chronological), from the last one back (anti-chronological), or both; the scores add up to the
prediction; the offset is the prediction where all is obfuscated; and these are random order group
values (Weber 1988, section 8; Frye, Rowat and Feige, arXiv:1910.06358). So for an order of players
the score of the player that joins a coalition C is ``f(C and the player) - f(C)``, and a score is
the mean of that over the orders.

Inferred from AWS's notebooks ``time_series_byom`` and ``time_series_deepar`` in
amazon-sagemaker-examples. Their text says that orders with "holes" in time have no probability, and
that ``num_samples`` is the number of sampled orders. Of the outputs printed in them, the second is
of a model whose answers vary from request to request, which shows what was asked (item ``mosfets``,
nine samples):

- all scores are ninths of the model's numbers: means over ``num_samples`` orders;
- related series have scores of 984 (root mean square) in the first step, of 87 in the second, where
  forecasts are a twentieth, and of 384 to 584 after the last: the players of a step join before any
  of the next one;
- a static covariate that equals its baseline has scores of 1,714, as only obfuscated series give
  them: static covariates join before the first step.

Ours: both directions together are the mean of the two (the notebooks call it a combination); a
stage is enumerated where that costs no more predictions than sampling it; sampled orders come in
pairs, one the other's reverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from clarify_engine.forecast.orders import orders_of


@dataclass(frozen=True, slots=True)
class Player:
    """Who joins a coalition.

    Attributes
    ----------
    slot
        Which row of the scores is the player's.
    cells
        Indices of the input's cells that it reveals.
    """

    slot: int
    cells: np.ndarray


class Walk:
    """One way through the stages of an input: who joins when, and what each one adds.

    Stages follow each other; within a stage the players join in every order, or in sampled ones.

    Parameters
    ----------
    stages
        The players of each stage, in the order of the walk; their slots count from 0.
    cells
        Number of cells of the input.
    num_samples
        Number of orders that are sampled in a stage; see `orders_of`.
    seed
        The same seed gives the same orders.
    """

    def __init__(
        self, stages: Sequence[Sequence[Player]], cells: int, *, num_samples: int, seed: int
    ) -> None:
        self._stages = stages
        self._cells = cells
        random = np.random.default_rng(seed)
        self._orders = [orders_of(len(players), num_samples, random) for players in stages]

    def coalitions(self) -> Iterator[np.ndarray]:
        """Yield which cells are revealed, as one truth value a cell, for each prediction needed.

        The first one reveals nothing, the last one everything.
        """
        before = np.zeros(self._cells, dtype=bool)
        yield before
        for players, orders in zip(self._stages, self._orders, strict=True):
            for members in orders.between:
                yield _with(before, [players[member] for member in members])
            before = _with(before, players)
            yield before

    def scores(self, forecasts: np.ndarray) -> np.ndarray:
        """Return what each player adds.

        Parameters
        ----------
        forecasts
            The model's answers to `coalitions`, in their order: shape (coalitions, horizon).

        Returns
        -------
        numpy.ndarray
            Shape (players, horizon). The rows add up to the last forecast minus the first one.
        """
        scores = np.zeros((sum(map(len, self._stages)), forecasts.shape[1]))
        start = 0
        for players, orders in zip(self._stages, self._orders, strict=True):
            end = start + len(orders.between) + 1
            scores[[player.slot for player in players]] = orders.scores(forecasts[start : end + 1])
            start = end
        return scores


def _with(revealed: np.ndarray, players: Iterable[Player]) -> np.ndarray:
    more = revealed.copy()
    for player in players:
        more[player.cells] = True
    return more
