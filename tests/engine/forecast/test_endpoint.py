"""Forecasts of a model behind an endpoint, through the layer that all predictions go through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_engine.errors import AnalysisError
from clarify_engine.predict.transport import EndpointTransport
from support_forecast.cases import config, explained, rows_of, write
from support_forecast.models import linear
from support_run.fakes import FakeRuntime, FakeTime, client_error


class Hosted:
    """An endpoint that is busy at first, and then takes two records at once."""

    def __init__(self, *refusals: str) -> None:
        self._refusals = list(refusals)

    def __call__(self, request: dict[str, Any]) -> tuple[str, str | None]:
        assert request["EndpointName"] == "forecaster"
        assert request["ContentType"] == request["Accept"] == "application/json"
        if self._refusals:
            raise client_error("InvokeEndpoint", self._refusals.pop(0), "secret of a model")
        records = json.loads(request["Body"])["instances"]
        if len(records) > 2:
            raise client_error("InvokeEndpoint", "ValidationError", "Oversize body")
        predictions = [{"mean": linear(record)} for record in records]
        return json.dumps({"predictions": predictions}), "application/json"


def ask(tmp_path: Path, hosted: Hosted, workers: int = 1) -> list[dict[str, Any]]:
    transport = EndpointTransport(
        FakeRuntime(hosted),
        "forecaster",
        patience=FakeTime().patience(first=0.5, longest=20, limit=120),
    )
    lines, _ = explained(config(), write(tmp_path, rows_of([3, 4, 5])), transport, workers=workers)
    return lines


@pytest.mark.parametrize("workers", [1, 4])
def test_an_endpoint_that_throttles_and_takes_little_gives_the_same_scores(
    workers: int, tmp_path: Path
) -> None:
    (line,) = ask(tmp_path, Hosted("ThrottlingException", "ServiceUnavailable"), workers)

    assert line["offset"] == [0.0, 1.0]
    assert [entry["scores"] for entry in line["explanations"]] == [[3, 6], [8, 16], [15, 30]]


def test_an_endpoint_that_refuses_ends_it_without_its_words(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="Could not ask the endpoint forecaster") as caught:
        ask(tmp_path, Hosted("AccessDeniedException"))

    assert "secret" not in str(caught.value)
