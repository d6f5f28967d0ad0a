"""What a forecasting model answers: one list of numbers for each record.

The developer guide, "Endpoint response for time series data": the payload is JSON, `forecast` is a
JMESPath expression on the whole of it. Where one record was sent, it may give that record's list
alone (``prediction.mean``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jmespath
import numpy as np
from jmespath.exceptions import JMESPathError

from clarify_engine.data.json_values import parse
from clarify_engine.forecast.series import is_number
from clarify_engine.predict.problems import unreadable

_KEY = "time_series_predictor_config.forecast"
_LARGEST = 1e300
_COMPARE = "Compare the JMESPath expression with a response of the model."


class ForecastResponse:
    """Where forecasts stand in an answer.

    Parameters
    ----------
    forecast
        JMESPath expression that gives a list of numbers for each record.

    Raises
    ------
    AnalysisError
        If it is no JMESPath expression.
    """

    def __init__(self, forecast: str) -> None:
        try:
            self._path = jmespath.compile(forecast)
        except JMESPathError:
            raise unreadable(
                "jmespath-syntax", _KEY, repr(forecast), "a JMESPath expression", "Correct it."
            ) from None

    def read(self, body: bytes, count: int) -> np.ndarray:
        """Return the forecasts for some records: shape (count, horizon).

        Raises
        ------
        AnalysisError
            If the answer is not JSON, has another number of forecasts, or one that is not as long
            as the others, or holds anything but finite numbers.
        """
        found = self._search(body)
        if count == 1 and isinstance(found, list) and found and not isinstance(found[0], list):
            found = [found]
        if not isinstance(found, list) or len(found) != count:
            raise unreadable(
                "response-count",
                _KEY,
                f"{len(found)} forecasts for {count} records"
                if isinstance(found, list)
                else "no list of forecasts",
                "one list of numbers for each record, in the order of the records",
                f"{_COMPARE} A projection drops nulls.",
            )
        horizons = {len(forecast) if isinstance(forecast, list) else 0 for forecast in found}
        if len(horizons) > 1 or 0 in horizons:
            raise unreadable(
                "forecast-horizon",
                _KEY,
                "forecasts that are no lists, are empty, or are not equally long",
                "a list of one number for each step of the forecast, equally long for all records",
                _COMPARE,
            )
        _check_numbers(found)
        return np.array(found, dtype=np.float64)

    def _search(self, body: bytes) -> Any:
        try:
            document = parse(body.decode())
        except (ValueError, RecursionError):  # it carries the whole text with it
            raise unreadable(
                "response-not-json",
                "accept_type",
                "a response that is not JSON",
                "JSON in UTF-8",
                "Let the model answer a forecast in JSON.",
            ) from None
        try:
            return self._path.search(document)
        except JMESPathError:  # its text quotes the value
            raise unreadable(
                "jmespath-failed",
                _KEY,
                "values that a function in the expression does not take",
                "an expression that fits the model's response",
                _COMPARE,
            ) from None


def _check_numbers(forecasts: list[list[Any]]) -> None:
    values = [value for forecast in forecasts for value in forecast]
    if wrong := sum(not is_number(value) or abs(value) > _LARGEST for value in values):
        raise unreadable(
            "forecast-not-number",
            _KEY,
            f"{wrong} values that are no numbers up to {_LARGEST}",
            "finite numbers, whose differences are finite, too",
            "Let the model answer a number for each step; null, NaN and texts cannot be explained.",
        )


def joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the forecasts of one item from the answers to its requests.

    Raises
    ------
    AnalysisError
        If they are not equally long.
    """
    horizons = sorted({part.shape[1] for part in parts})
    if len(horizons) > 1:
        raise unreadable(
            "forecast-horizon",
            _KEY,
            f"forecasts of {horizons[0]} and of {horizons[-1]} steps for one item",
            "equally long forecasts",
            "Let the model answer as many steps whatever the values of a series are.",
        )
    return np.concatenate(parts)
