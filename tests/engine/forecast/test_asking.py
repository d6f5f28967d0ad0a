"""Requests to a forecasting model and its answers: what is sent, what is taken, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_contract.config import Predictor
from clarify_contract.container import INVOKE_BODY_MAX_BYTES
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast.model import RECORDS_PER_REQUEST, ForecastModel
from clarify_engine.forecast.request import ForecastRequest
from clarify_engine.forecast.response import ForecastResponse
from clarify_engine.predict.transport import ModelFailure, TooLarge
from support_forecast.cases import config, explained, fine_grained, opened, rows_of, write
from support_forecast.models import FakeModel, linear

CANARY = "canary-90bd"


class Sent:
    """A transport that keeps the bodies, and answers one step for each record."""

    reference = "a fake model"

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        self.bodies.append(body.decode())
        return b'{"mean": [0.5]}', accept


def last_body(tmp_path: Path, rows: list[dict[str, Any]], content: str, record: str) -> str:
    """What is sent for the item as it is: with `$record` that is the last request."""
    predictor = {
        "content_template": content,
        "record_template": record,
        "time_series_predictor_config": {"forecast": "mean"},
    }
    model = Sent()
    settings = config(related=["price"], static=["store"], predictor=predictor)
    explained(settings, write(tmp_path, rows), model)
    return model.bodies[-1]


def rows() -> list[dict[str, Any]]:
    return [{**row, "store": 'ä"$record'} for row in rows_of([1, 2.5, None], price=[3, 4, 5])]


@pytest.mark.parametrize(
    ("content", "record", "expected"),
    [
        (
            "$record",
            '{"start": $start_time, "target": $target_time_series}',
            {"start": 0, "target": [1, 2.5]},
        ),
        (
            '{"instances": [$record]}',
            '{"target":$target_time_series,"dynamic_feat":$related_time_series,'
            '"cat":$static_covariates}',
            {
                "instances": [
                    {"target": [1, 2.5], "dynamic_feat": [[3, 4, 5]], "cat": ['ä"$record']}
                ]
            },
        ),
        ("$record", '["$else", $target_time_series]', ["$else", [1, 2.5]]),
    ],
)
def test_a_request_is_the_templates_filled_in(
    content: str, record: str, expected: Any, tmp_path: Path
) -> None:
    assert json.loads(last_body(tmp_path, rows(), content, record)) == expected


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    body = last_body(tmp_path, rows(), "$record", "$target_time_series")

    assert body == "[1,2.5]"


def test_record_sends_one_and_records_many(tmp_path: Path) -> None:
    data = write(tmp_path, rows_of(list(range(1, RECORDS_PER_REQUEST + 50))))
    one_by_one, together = Sent(), FakeModel(linear)
    predictor = {
        "content_template": '{"one": $record}',
        "time_series_predictor_config": {"forecast": "mean"},
    }
    _, first = explained(config(predictor=predictor), data, one_by_one)
    _, second = explained(config(), data, together)

    assert first.predictions == second.predictions == RECORDS_PER_REQUEST + 50
    assert len(one_by_one.bodies) == first.predictions
    assert [len(request) for request in together.requests] == [RECORDS_PER_REQUEST, 50]


def test_equal_records_are_sent_once(tmp_path: Path) -> None:
    """What equals its baseline changes nothing, and its score is exactly zero."""
    model = FakeModel(linear)
    (line,), found = explained(config(), write(tmp_path, rows_of([0, 4, 0.0])), model)

    assert found.predictions == 2
    assert [entry["scores"] for entry in line["explanations"]] == [[0, 0], [8, 16], [0, 0]]


def test_what_a_record_does_not_carry_costs_no_predictions_and_scores_zero(tmp_path: Path) -> None:
    template = '{"target": $target_time_series, "related": [], "static": []}'
    settings = config(
        related=["price"], method=fine_grained(2), predictor={"record_template": template}
    )
    data = write(tmp_path, rows_of([1.0], price=[2.0]))
    (line,), found = explained(settings, data, FakeModel(linear))

    assert found.predictions == 2
    assert [entry["scores"] for entry in line["explanations"]] == [[1, 2], [0, 0]]
    assert [warning.id for warning in found.warnings] == ["forecast-not-sent"]


@pytest.mark.parametrize("key", ["content_type", "accept_type"])
def test_only_json_is_spoken(key: str) -> None:
    predictor = Predictor(
        endpoint_name="e", content_template="$record", record_template="{}", **{key: "text/csv"}
    )
    with pytest.raises(AnalysisError, match=rf"\[forecast-content-type\] \$.predictor.{key}"):
        ForecastRequest.from_config(predictor)


def test_templates_that_give_no_json_for_the_data_are_refused_before_the_model_is_asked(
    tmp_path: Path,
) -> None:
    """A text may be the key of an object, as in the config's own check; a number may not."""
    settings = config(predictor={"record_template": "{$start_time: $target_time_series}"})
    texts = [{**row, "time": f"day {row['time']}"} for row in rows_of([1, 2])]
    assert opened(settings, write(tmp_path, texts))

    with pytest.raises(AnalysisError, match=r"\[template-json\] \$.predictor.record_template"):
        opened(settings, write(tmp_path, rows_of([1, 2])))


class Limited(FakeModel):
    """Takes so many records at once, and refuses more as too large or by failing."""

    def __init__(self, most: int, trouble: type[Exception]) -> None:
        super().__init__(linear)
        self._most = most
        self._trouble = trouble

    def answer(self, records: list[dict[str, Any]]) -> bytes:
        if len(records) > self._most:
            raise self._trouble()
        return super().answer(records)


@pytest.mark.parametrize("trouble", [TooLarge, ModelFailure])
@pytest.mark.parametrize("workers", [1, 3])
def test_a_model_that_takes_less_is_sent_less(
    trouble: type[Exception], workers: int, tmp_path: Path
) -> None:
    data = write(tmp_path, rows_of([3, 1, 4, 1, 5, 9, 2, 6]))
    limited, free = Limited(2, trouble), FakeModel(linear)
    few, _ = explained(config(), data, limited, workers=workers)
    many, _ = explained(config(), data, free)

    assert few == many
    assert [len(request) for request in free.requests] == [9]


def test_a_body_beyond_the_limit_of_an_endpoint_is_not_sent() -> None:
    class Counted(FakeModel):
        sizes: list[int] = []  # noqa: RUF012 - of this one test

        def invoke(self, body: bytes, *types: str) -> tuple[bytes, str | None]:
            self.sizes.append(len(body))
            return b"[[1], [1]]", None

    request = ForecastRequest("[$records]", "{}")
    model = ForecastModel(Counted(linear), request, ForecastResponse("@"))
    found = model.forecasts(["1" * (INVOKE_BODY_MAX_BYTES // 3)] * 4)

    assert len(found) == 4
    assert [size // (INVOKE_BODY_MAX_BYTES // 3) for size in Counted.sizes] == [2, 2]


@pytest.mark.parametrize(
    ("trouble", "id_"), [(TooLarge, "record-too-large"), (ModelFailure, "model-error")]
)
def test_a_single_record_that_does_not_pass_ends_the_analysis(
    trouble: type[Exception], id_: str, tmp_path: Path
) -> None:
    with pytest.raises(AnalysisError) as caught:
        explained(config(), write(tmp_path, rows_of([1, 2])), Limited(0, trouble))

    assert [finding.id for finding in caught.value.findings] == [id_]


def test_a_record_of_more_bytes_than_an_endpoint_takes_ends_the_analysis() -> None:
    model = ForecastModel(Sent(), ForecastRequest("$record", "{}"), ForecastResponse("mean"))
    with pytest.raises(AnalysisError, match=r"\[record-too-large\]"):
        model.forecasts(["1" * (INVOKE_BODY_MAX_BYTES + 1)])


def read(answer: Any, count: int, forecast: str = "predictions[*].mean") -> Any:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return ForecastResponse(forecast).read(body, count).tolist()


@pytest.mark.parametrize(
    ("forecast", "answer", "count", "expected"),
    [
        # The developer guide's examples.
        ("prediction.mean", {"prediction": {"mean": [1, 2, 3]}}, 1, [[1, 2, 3]]),
        (
            "predictions[*].mean[:2]",
            {"predictions": [{"mean": [13.4, 3.6, 1.0]}, {"mean": [1, 2, 3]}]},
            2,
            [[13.4, 3.6], [1, 2]],
        ),
        ("predictions[*].mean", {"predictions": [{"mean": [5]}]}, 1, [[5]]),
        ("@", [[1], [2], [3]], 3, [[1], [2], [3]]),
    ],
)
def test_a_forecast_is_one_list_of_numbers_for_each_record(
    forecast: str, answer: Any, count: int, expected: Any
) -> None:
    assert read(answer, count, forecast) == expected


@pytest.mark.parametrize(
    ("answer", "count", "id_"),
    [
        ({"predictions": [{"mean": [1]}]}, 2, "response-count"),
        ({"predictions": [{"mean": [1]}, {"mean": None}]}, 2, "response-count"),
        ({"predictions": []}, 1, "response-count"),
        ({"other": 1}, 1, "response-count"),
        ({"predictions": [{"mean": 1}, {"mean": 2}]}, 2, "forecast-horizon"),
        ({"predictions": [{"mean": [1, 2]}, {"mean": [1]}]}, 2, "forecast-horizon"),
        ({"predictions": [{"mean": []}]}, 1, "forecast-horizon"),
        ({"predictions": [{"mean": [CANARY]}]}, 1, "forecast-not-number"),
        ({"predictions": [{"mean": [True]}]}, 1, "forecast-not-number"),
        ({"predictions": [{"mean": [None]}]}, 1, "forecast-not-number"),
        ({"predictions": [{"mean": [[1]]}]}, 1, "forecast-not-number"),
        (b'{"predictions": [{"mean": [NaN]}]}', 1, "forecast-not-number"),
        (b'{"predictions": [{"mean": [-Infinity]}]}', 1, "forecast-not-number"),
        (b'{"predictions": [{"mean": [1e999]}]}', 1, "forecast-not-number"),
        ({"predictions": [{"mean": [-1.7e308]}]}, 1, "forecast-not-number"),
        (b'{"predictions": [{"mean": [1' + b"0" * 400 + b"]}]}", 1, "forecast-not-number"),
        (CANARY.encode(), 1, "response-not-json"),
        (b"\xff", 1, "response-not-json"),
        (b"", 1, "response-not-json"),
        (b"[" * 100_000, 1, "response-not-json"),
    ],
)
def test_other_answers_are_refused_without_telling_them(answer: Any, count: int, id_: str) -> None:
    with pytest.raises(AnalysisError) as caught:
        read(answer, count)

    assert [finding.id for finding in caught.value.findings] == [id_]
    assert CANARY not in str(caught.value)


def test_numbers_that_no_list_holds_are_no_forecasts_of_one_step() -> None:
    """They might as well be all the steps of one record."""
    with pytest.raises(AnalysisError, match=r"\[forecast-horizon\]"):
        read([1, 2], 2, "@")


def test_a_forecast_path_is_checked_before_anything_is_asked() -> None:
    with pytest.raises(AnalysisError, match=r"\[jmespath-syntax\].*time_series_predictor_config"):
        ForecastResponse("predictions[*.mean")


def test_a_function_that_fails_on_an_answer_does_not_tell_it() -> None:
    with pytest.raises(AnalysisError, match=r"\[jmespath-failed\]") as caught:
        read({"mean": CANARY}, 1, "abs(mean)")

    assert CANARY not in str(caught.value)


def test_forecasts_of_one_item_are_equally_long_in_all_requests(tmp_path: Path) -> None:
    """A model that leaves out zeros answers less for what is obfuscated."""
    predictor = {
        "content_template": '{"instances": [$record]}',
        "time_series_predictor_config": {"forecast": "predictions[0].mean"},
    }
    model = FakeModel(lambda record: [1.0] * (1 + bool(record["target"][0])))
    with pytest.raises(AnalysisError, match="got forecasts of 1 and of 2 steps for one item"):
        explained(config(predictor=predictor), write(tmp_path, rows_of([1, 2])), model)
