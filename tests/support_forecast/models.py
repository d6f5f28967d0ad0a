"""Forecasting models as objects: they answer requests as an endpoint would."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

Forecast = Callable[[dict[str, Any]], Sequence[Any]]
"""Takes one record with the keys start, target, related and static."""

CONTENT_TEMPLATE = '{"instances": $records}'
RECORD_TEMPLATE = (
    '{"start": $start_time, "target": $target_time_series, '
    '"related": $related_time_series, "static": $static_covariates}'
)


class FakeModel:
    """A transport whose model is a function of one record.

    Attributes
    ----------
    requests
        The records of each request, in the order in which they came.
    """

    reference = "a fake model"

    def __init__(self, forecast: Forecast) -> None:
        self._forecast = forecast
        self._lock = threading.Lock()
        self.requests: list[list[dict[str, Any]]] = []

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        assert (content_type, accept) == ("application/json", "application/json")
        records = json.loads(body)["instances"]
        with self._lock:
            self.requests.append(records)
        return self.answer(records), accept

    def answer(self, records: list[dict[str, Any]]) -> bytes:
        predictions = [{"mean": self._forecast(record)} for record in records]
        return json.dumps({"predictions": predictions}).encode()


def linear(record: dict[str, Any]) -> list[float]:
    """Two steps: a weighted sum of all that there is, and twice that and one."""
    total = sum((t + 1) * (value or 0) for t, value in enumerate(record["target"]))
    for s, values in enumerate(record["related"], 1):
        total += sum(10**s * (t + 1) * (value or 0) for t, value in enumerate(values))
    total += sum(1000 * (e + 1) * value for e, value in enumerate(record["static"]))
    return [total, 2 * total + 1]


def product(record: dict[str, Any]) -> list[float]:
    """One step: the product of the target's values."""
    result = 1.0
    for value in record["target"]:
        result *= value
    return [result]
