"""An item as cells that are revealed or obfuscated, each on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from clarify_engine.forecast.baseline import Obfuscated
from clarify_engine.forecast.request import ForecastRequest, json_value
from clarify_engine.forecast.series import Series


class Cells:
    """The values of an item, and what replaces them: target, related series, static covariates.

    The cells are in the order of the results: the target over time, each related series over time,
    the static covariates.

    Parameters
    ----------
    series
        The item.
    replaced
        What its values are replaced with. Static covariates that have no replacement are always
        revealed and are no cells.
    request
        What a record looks like.
    """

    def __init__(self, series: Series, replaced: Obfuscated, request: ForecastRequest) -> None:
        own: list[Any] = list(series.target)
        other: list[Any] = [replaced.target] * len(own)
        for values, value in zip(series.related, replaced.related, strict=True):
            own += values
            other += [value] * len(values)
        if replaced.static:
            own += series.static
            other += replaced.static
        self.count = len(own)
        self._own, self._other = _texts(own), _texts(other)
        self._differs = np.array([not _same(a, b) for a, b in zip(own, other, strict=True)])
        if not request.carries("related_time_series"):
            self._differs[len(series.target) : len(own) - len(replaced.static)] = False
        self._ends = np.cumsum([len(series.target), *map(len, series.related)])
        self._start = json_value(series.times[0])
        self._static = None if replaced.static else json_value(list(series.static))
        self._request = request

    def record(self, revealed: np.ndarray) -> str:
        """Return the record in which some cells have their values and the others are replaced.

        Parameters
        ----------
        revealed
            One truth value for each cell.
        """
        texts = np.where(revealed, self._own, self._other)
        target, *related, static = (_list(part) for part in np.split(texts, self._ends))
        return self._request.record(
            {
                "start_time": self._start,
                "target_time_series": target,
                "related_time_series": _list(related),
                "static_covariates": static if self._static is None else self._static,
            }
        )

    def key(self, revealed: np.ndarray) -> bytes:
        """Return what is equal for two coalitions if their records say the same."""
        return np.packbits(revealed & self._differs).tobytes()


def _same(own: Any, other: Any) -> bool:
    return type(own) is not bool and bool(own == other)


def _texts(values: Sequence[Any]) -> np.ndarray:
    texts = np.empty(len(values), dtype=object)
    texts[:] = [json_value(value) for value in values]
    return texts


def _list(texts: Sequence[str] | np.ndarray) -> str:
    return "[" + ",".join(texts) + "]"
