"""Asymmetric Shapley values of all items of a dataset, written as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from clarify_contract.config import AnalysisConfig, AsymmetricShapley, ForecastBaseline
from clarify_contract.findings import Finding
from clarify_engine.forecast.baseline import Fetch, open_baseline
from clarify_engine.forecast.explanation import ItemExplanation
from clarify_engine.forecast.misleading import warnings_about
from clarify_engine.forecast.model import ForecastModel
from clarify_engine.forecast.names import Names
from clarify_engine.forecast.reading import read_series
from clarify_engine.forecast.request import ForecastRequest
from clarify_engine.forecast.response import ForecastResponse, joined
from clarify_engine.forecast.results import results_file, write_lines
from clarify_engine.forecast.series import Series
from clarify_engine.predict.concurrent import in_order
from clarify_engine.predict.transport import Transport

Tell = Callable[[int, int, int], None]
"""Is told how many items are explained, of how many, and how many predictions that took."""


@dataclass(frozen=True, slots=True)
class ForecastExplanations:
    """What explaining the forecasts gave, beside the file.

    Attributes
    ----------
    section
        The value of `explanations.asymmetric_shapley_value` in `analysis.json`.
    items
        Number of items explained.
    predictions
        Number of records that the model was asked about.
    warnings
        What is legal but misleads.
    """

    section: dict[str, Any]
    items: int
    predictions: int
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Forecasts:
    """A forecasting dataset with everything that the model is not needed for: read and checked.

    Attributes
    ----------
    series
        The items, in the order of the data.
    warnings
        What is legal but misleads.
    """

    series: Sequence[Series]
    warnings: tuple[Finding, ...]
    _method: AsymmetricShapley
    _baseline: ForecastBaseline
    _names: Names
    _request: ForecastRequest
    _response: ForecastResponse
    _seed: int

    def explain(
        self,
        transport: Transport,
        *,
        output: Path,
        results_uri: str | None,
        workers: int,
        tell: Tell,
    ) -> ForecastExplanations:
        """Ask the model, and write one line of JSON for each item, in the order of the data.

        Parameters
        ----------
        transport
            Whom to ask.
        output
            Folder of the results; the file is `results_file` below it, whole or not at all.
        results_uri
            S3 URI that `output` will have, or None where it has none.
        workers
            How many requests are under way at once. The same results for any number, if the model
            gives the same answer to the same request.
        tell
            Is told about each item.

        Raises
        ------
        AnalysisError
            The model refuses, fails, or does not answer with forecasts.
        """
        model = ForecastModel(transport, self._request, self._response)
        name = results_file(self._method)
        items, predictions = len(self.series), 0
        tell(0, items, 0)

        def lines() -> Iterator[dict[str, Any]]:
            nonlocal predictions
            for done, (line, asked) in enumerate(self._lines(model, workers), 1):
                yield line
                predictions += asked
                tell(done, items, predictions)

        write_lines(output / name, lines())
        section = {
            "direction": self._method.direction,
            "granularity": self._method.granularity,
            "explanation_results_path": name
            if results_uri is None
            else f"{results_uri.rstrip('/')}/{name}",
        }
        return ForecastExplanations(section, items, predictions, self.warnings)

    def explanation(self, series: Series) -> ItemExplanation:
        """Return the explanation of one item, of which nothing has been asked yet."""
        return ItemExplanation(series, self._method, self._baseline, self._request, self._seed)

    def _lines(self, model: ForecastModel, workers: int) -> Iterator[tuple[dict[str, Any], int]]:
        """Yield the line of each item, and how many predictions it took."""

        def ask(part: _Part) -> tuple[_Part, np.ndarray]:
            return part, model.forecasts(part.records)

        found: list[np.ndarray] = []
        for part, forecasts in in_order(ask, self._parts(model), workers):
            found.append(forecasts)
            if part.is_last:
                answers = joined(found)
                yield part.explanation.line(answers, self._names), len(answers)
                found = []

    def _parts(self, model: ForecastModel) -> Iterator[_Part]:
        """Yield what is asked in one request after the other, item by item."""
        for series in self.series:
            explanation = self.explanation(series)
            records = explanation.records()
            some = list(islice(records, model.records_per_request))
            while some:
                following = list(islice(records, model.records_per_request))
                yield _Part(explanation, some, not following)
                some = following


@dataclass(frozen=True, slots=True)
class _Part:
    """Records of one item that go into one request."""

    explanation: ItemExplanation
    records: list[str]
    is_last: bool


def open_forecasts(config: AnalysisConfig, data: Path, *, fetch: Fetch, seed: int) -> Forecasts:
    """Read a forecasting dataset and its baseline, and check all that needs no model.

    Parameters
    ----------
    config
        A config with `time_series_data_config` and `methods.asymmetric_shapley_value`.
    data
        The dataset: a JSON file, or a folder of them.
    fetch
        Gives a local path for the S3 URI of a baseline.
    seed
        For the orders that are sampled.

    Raises
    ------
    AnalysisError
        The data are no time series as the config says, the baseline does not fit them, or the
        templates give no JSON.
    """
    method, time_series = config.methods.asymmetric_shapley_value, config.time_series_data_config
    predictor = config.predictor
    # X1 and X11 have seen to it that all four are there.
    assert method is not None and time_series is not None  # noqa: S101, PT018
    assert predictor is not None  # noqa: S101
    assert predictor.time_series_predictor_config is not None  # noqa: S101
    names = Names.from_config(time_series, config.headers)
    request = ForecastRequest.from_config(predictor)
    response = ForecastResponse(predictor.time_series_predictor_config.forecast)
    series = read_series(time_series, data)
    baseline = open_baseline(method, len(names.static), fetch)
    warnings = warnings_about(series, method, request)
    forecasts = Forecasts(series, warnings, method, baseline, names, request, response, seed)
    for number, item in enumerate(series):
        explanation = forecasts.explanation(item)
        if number == 0:
            request.check(next(explanation.records()))
    return forecasts
