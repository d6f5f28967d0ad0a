"""Asking an endpoint: batches within its limits, one by one where the model needs it, no gossip."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from botocore.exceptions import EndpointConnectionError

from clarify_contract.config.predictor import Predictor
from clarify_contract.container import INVOKE_BODY_MAX_BYTES
from clarify_engine.errors import AnalysisError
from clarify_engine.predict import EndpointTransport, LabelModel, LabelRule, open_predictor
from support_run.fakes import FakeRuntime, FakeTime, client_error

CANARY = "canary-5d20"
Answer = Callable[[dict[str, Any]], tuple[str, str | None]]


class Asked:
    """A model behind a stand-in for SageMaker's runtime, asked one request at a time."""

    def __init__(
        self, answer: Answer, *, features: tuple[str, ...] = ("x",), workers: int = 1, **config: Any
    ) -> None:
        predictor = Predictor(endpoint_name="live", **config)
        self.runtime = FakeRuntime(answer)
        transport = EndpointTransport(
            self.runtime,
            "live",
            target_model=predictor.target_model,
            custom_attributes=predictor.custom_attributes,
            patience=FakeTime().patience(first=0.5, longest=20, limit=120),
        )
        opened = open_predictor(
            transport, predictor, dataset_type="text/csv", features=features, workers=workers
        )
        self.predict = LabelModel(opened, LabelRule()).predict


def numbers(count: int) -> pa.RecordBatch:
    return pa.record_batch({"x": list(range(count))})


def echo(request: dict[str, Any]) -> tuple[str, str]:
    """Answer each CSV record with its own first cell as the label."""
    return request["Body"].decode(), "text/csv"


def refuse(code: str, message: str = "", **response: Any) -> Answer:
    def answer(request: dict[str, Any]) -> tuple[str, str | None]:
        raise client_error("InvokeEndpoint", code, message, **response)

    return answer


def in_turn(*answers: Answer) -> Answer:
    waiting = list(answers)
    return lambda request: (waiting.pop(0) if len(waiting) > 1 else waiting[0])(request)


def test_a_batch_is_one_call_and_comes_back_in_order() -> None:
    asked = Asked(echo, label=0)
    assert asked.predict(numbers(5)).labels == ["0", "1", "2", "3", "4"]
    assert asked.runtime.bodies == ["0\n1\n2\n3\n4"]


def test_the_call_carries_what_the_config_says() -> None:
    asked = Asked(
        lambda request: ('{"p":0.9}', "application/jsonlines"),
        content_type="application/jsonlines",
        content_template='{"f":$features}',
        accept_type="application/jsonlines",
        probability="p",
        target_model="m.tar.gz",
        custom_attributes="trace=1",
    )
    assert asked.predict(numbers(1)).labels == [1]
    assert asked.runtime.requests == [
        {
            "EndpointName": "live",
            "Body": b'{"f":[0]}',
            "ContentType": "application/jsonlines",
            "Accept": "application/jsonlines",
            "TargetModel": "m.tar.gz",
            "CustomAttributes": "trace=1",
        }
    ]


def test_nothing_is_sent_that_the_config_does_not_say() -> None:
    asked = Asked(echo, label=0)
    asked.predict(numbers(1))
    assert set(asked.runtime.requests[0]) == {"EndpointName", "Body", "ContentType", "Accept"}


def test_a_template_for_one_record_is_sent_one_by_one() -> None:
    asked = Asked(
        lambda request: (json.dumps({"label": json.loads(request["Body"])["f"][0]}), None),
        content_type="application/json",
        content_template='{"f":$record}',
        record_template="$features",
        label="label",
    )
    assert asked.predict(numbers(3)).labels == [0, 1, 2]
    assert asked.runtime.bodies == ['{"f":[0]}', '{"f":[1]}', '{"f":[2]}']


def test_bodies_stay_within_the_limit_of_a_call(caplog: pytest.LogCaptureFixture) -> None:
    wide = "w" * 1_000_000
    asked = Asked(lambda request: ("\n".join(["1"] * (request["Body"].count(b"\n") + 1)), None))
    asked.predict(pa.record_batch({"x": [wide] * 20}))
    sizes = [len(body) for body in asked.runtime.bodies]
    assert max(sizes) <= INVOKE_BODY_MAX_BYTES
    assert [body.count("\n") + 1 for body in asked.runtime.bodies] == [6, 6, 6, 2]
    assert "Prediction batch size is reduced to 6 to fit max payload size limit." in caplog.text


def test_a_single_record_beyond_the_limit_is_refused() -> None:
    with pytest.raises(AnalysisError, match=f"record of more than {INVOKE_BODY_MAX_BYTES} bytes"):
        Asked(echo).predict(pa.record_batch({"x": ["w" * INVOKE_BODY_MAX_BYTES]}))


@pytest.mark.parametrize(
    "refusal",
    [
        ("413", {}),
        ("ValidationError", {"ResponseMetadata": {"HTTPStatusCode": 413}}),
        ("ModelError", {"OriginalStatusCode": 413}),
    ],
)
def test_batches_shrink_until_the_endpoint_takes_them(
    refusal: tuple[str, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    def three_at_most(request: dict[str, Any]) -> tuple[str, str | None]:
        if request["Body"].count(b"\n") > 2:
            raise client_error("InvokeEndpoint", refusal[0], CANARY, **refusal[1])
        return echo(request)

    asked = Asked(three_at_most, label=0)
    assert asked.predict(numbers(8)).labels == [str(i) for i in range(8)]
    # Found once, the size is kept for the next batch.
    asked.runtime.requests.clear()
    asked.predict(numbers(8))
    assert {body.count("\n") + 1 for body in asked.runtime.bodies} == {2}
    assert "Prediction batch size is reduced to 2" in caplog.text
    assert CANARY not in caplog.text


def test_a_model_error_on_a_batch_falls_back_to_single_records(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def one_at_a_time(request: dict[str, Any]) -> tuple[str, str | None]:
        if b"\n" in request["Body"]:
            raise client_error("InvokeEndpoint", "ModelError", CANARY, OriginalStatusCode=500)
        return echo(request)

    asked = Asked(one_at_a_time, label=0)
    assert asked.predict(numbers(3)).labels == ["0", "1", "2"]
    assert asked.runtime.bodies == ["0\n1\n2", "0", "1", "2"]
    assert "Fallback to per-record prediction because of model error." in caplog.text
    assert CANARY not in caplog.text


def test_a_model_error_on_a_single_record_ends_it_without_the_model_s_words() -> None:
    asked = Asked(refuse("ModelError", CANARY, OriginalStatusCode=500, OriginalMessage=CANARY))
    with pytest.raises(
        AnalysisError, match=r"failed on a single record\.\n.*got status 500"
    ) as caught:
        asked.predict(numbers(1))
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "busy",
    [
        refuse("ThrottlingException"),
        refuse("ModelNotReadyException"),
        refuse("ServiceUnavailable"),
        refuse("ModelError", OriginalStatusCode=429),
    ],
)
def test_a_busy_endpoint_is_asked_again(busy: Answer) -> None:
    asked = Asked(in_turn(busy, busy, echo), label=0)
    assert asked.predict(numbers(2)).labels == ["0", "1"]
    assert len(asked.runtime.requests) == 3


def test_an_endpoint_that_stays_busy_is_given_up() -> None:
    asked = Asked(refuse("ThrottlingException", CANARY))
    with pytest.raises(AnalysisError, match="stayed busy for 120 seconds") as caught:
        asked.predict(numbers(1))
    assert CANARY not in str(caught.value)
    assert 3 < len(asked.runtime.requests) < 30


def test_a_model_that_stays_busy_with_a_batch_is_asked_record_by_record() -> None:
    def overloaded(request: dict[str, Any]) -> tuple[str, str | None]:
        if b"\n" in request["Body"]:
            raise client_error("InvokeEndpoint", "ModelError", OriginalStatusCode=503)
        return echo(request)

    asked = Asked(overloaded, label=0)
    assert asked.predict(numbers(3)).labels == ["0", "1", "2"]


def test_another_refusal_is_told_by_its_code_only() -> None:
    asked = Asked(refuse("AccessDeniedException", CANARY))
    with pytest.raises(AnalysisError) as caught:
        asked.predict(numbers(1))
    assert "InvokeEndpoint was refused with AccessDeniedException" in caught.value.message
    assert CANARY not in str(caught.value)
    assert len(asked.runtime.requests) == 1


def test_no_connection_is_told_in_the_service_s_words() -> None:
    def unreachable(request: dict[str, Any]) -> tuple[str, str | None]:
        raise EndpointConnectionError(endpoint_url=f"https://{CANARY}")

    with pytest.raises(AnalysisError, match="could not connect to SageMaker") as caught:
        Asked(unreachable).predict(numbers(1))
    # A connection that was lost once is tried again.
    assert Asked(in_turn(unreachable, echo), label=0).predict(numbers(2)).labels == ["0", "1"]
    assert CANARY not in str(caught.value)


def test_an_answer_of_another_length_is_refused() -> None:
    with pytest.raises(AnalysisError, match="3 predictions for 2 records"):
        Asked(lambda request: ("1\n1\n1", "text/csv")).predict(numbers(2))


def test_no_rows_ask_nothing() -> None:
    asked = Asked(echo)
    assert asked.predict(numbers(0)).labels == []
    assert asked.runtime.requests == []


def test_nothing_is_logged_but_counts(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "clarify_engine")
    asked = Asked(lambda request: (f"{CANARY}\n{CANARY}", "text/csv"), label=0)
    asked.predict(pa.record_batch({"x": [CANARY, CANARY]}))
    assert CANARY not in caplog.text
