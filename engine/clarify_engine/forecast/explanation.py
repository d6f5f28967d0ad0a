"""The explanation of one item: what the model is asked, and what its answers say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from clarify_contract.config import AsymmetricShapley, ForecastBaseline
from clarify_engine.forecast.baseline import obfuscated
from clarify_engine.forecast.cells import Cells
from clarify_engine.forecast.names import Names
from clarify_engine.forecast.players import fine_grained, timewise
from clarify_engine.forecast.request import ForecastRequest
from clarify_engine.forecast.series import Series
from clarify_engine.forecast.walk import Walk


class ItemExplanation:
    """Asymmetric Shapley values of one item.

    Static covariates are explained with `fine_grained` only; with `timewise` they keep their values
    throughout, so that the offset holds their effect. The developer guide says that `timewise` does
    not explain them individually and not where their effect goes; the SDK refused a baseline of
    theirs with `timewise` (sagemaker-python-sdk, issue 4641).

    Parameters
    ----------
    series
        The item.
    method, baseline
        What the config asks, and its baseline.
    request
        What a record looks like. Static covariates that it does not carry are not explained.
    seed
        The same seed gives the same sampled orders, for all items of one shape.

    Raises
    ------
    AnalysisError
        The baseline has no static covariates for the item, and they are needed.
    """

    def __init__(
        self,
        series: Series,
        method: AsymmetricShapley,
        baseline: ForecastBaseline,
        request: ForecastRequest,
        seed: int,
    ) -> None:
        self._series = series
        self._fine = method.granularity == "fine_grained"
        self._with_static = (
            self._fine and bool(series.static) and request.carries("static_covariates")
        )
        replaced = obfuscated(series, baseline, with_static=self._with_static)
        self._cells = Cells(series, replaced, request)
        walks = (
            fine_grained(series, with_static=self._with_static)
            if self._fine
            else timewise(series, method.direction)
        )
        self._walks = [
            Walk(stages, self._cells.count, num_samples=method.num_samples or 1, seed=seed)
            for stages in walks
        ]
        self._places: list[list[int]] = []

    def records(self) -> Iterator[str]:
        """Yield the records that the model must answer, each one once."""
        known: dict[bytes, int] = {}
        for walk in self._walks:
            places: list[int] = []
            self._places.append(places)
            for revealed in walk.coalitions():
                key = self._cells.key(revealed)
                if key not in known:
                    known[key] = len(known)
                    yield self._cells.record(revealed)
                places.append(known[key])

    def line(self, forecasts: np.ndarray, names: Names) -> dict[str, Any]:
        """Return the item's line of the results.

        Parameters
        ----------
        forecasts
            The answers to `records`: shape (records, horizon).
        names
            What the features are called.
        """
        pairs = zip(self._walks, self._places, strict=True)
        scores = np.mean([walk.scores(forecasts[places]) for walk, places in pairs], axis=0)
        return {
            "item_id": self._series.item_id,
            "offset": forecasts[0].tolist(),
            "explanations": [
                {**entry, "scores": row.tolist()}
                for entry, row in zip(self._entries(names), scores, strict=True)
            ],
        }

    def _entries(self, names: Names) -> Sequence[dict[str, Any]]:
        times = self._series.times
        if not self._fine:
            return [{"timestamp": time} for time in times]
        entries = [
            {"feature_name": names.target, "timestamp": time}
            for time in times[: len(self._series.target)]
        ]
        for name in names.related:
            entries += [{"feature_name": name, "timestamp": time} for time in times]
        if self._with_static:
            entries += [{"feature_name": name} for name in names.static]
        return entries
