"""An endpoint that fails, asked by boto3 over HTTP with several requests under way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3
import numpy as np
import pyarrow as pa
import pytest
from botocore.config import Config

from clarify_contract.config.predictor import Predictor
from clarify_engine import aws
from clarify_engine.aws import Aws, Patience
from clarify_engine.errors import AnalysisError
from clarify_engine.predict import EndpointTransport, Matrix, open_predictor, scoring
from support_models import Heard, Said, model_at_url

CANARY = "canary-e2b7"
WORKERS = 4
ROWS = 1000
SHORT = Patience(first=0.01, longest=0.05, limit=0.4)


@contextmanager
def endpoint(
    answer: Callable[[int, bytes], Said | None],
    *,
    workers: int = WORKERS,
    patience: Patience = SHORT,
    column: int | None = 0,
) -> Iterator[tuple[Heard, Callable[[], Matrix]]]:
    """Serve `answer` as the endpoint `live`, and give what asks it about all rows."""
    with model_at_url(answer) as heard, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", heard.url.removesuffix("/invocations"))
        session = boto3.Session("testing", "testing", region_name="us-east-1")
        runtime = Aws(session, connections=workers).runtime
        predictor = open_predictor(
            EndpointTransport(runtime, "live", patience=patience),
            Predictor(endpoint_name="live", probability=column),
            dataset_type="text/csv",
            features=("x",),
            workers=workers,
        )
        rows = pa.record_batch({"x": np.arange(ROWS)})
        yield heard, lambda: scoring(predictor)(rows)


def refusal(code: str, status: int = 400, **more: object) -> Said:
    body = json.dumps({"message": CANARY, "OriginalMessage": CANARY, **more}).encode()
    return Said(body, status, {"Content-Type": "application/json", "x-amzn-ErrorType": code})


def halves(_: int, body: bytes) -> Said:
    """Answer with half of each record's number."""
    return Said("\n".join(str(int(line) / 2) for line in body.split()).encode())


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_scores_are_the_same_for_any_number_of_workers(workers: int) -> None:
    with endpoint(halves, workers=workers) as (heard, ask):
        assert ask().tolist() == [[n / 2] for n in range(ROWS)]
    assert len(heard.requests) == min(workers, ROWS // 250)
    assert {path for path, _, _ in heard.requests} == {"/endpoints/live/invocations"}


def test_all_workers_have_a_connection_at_once() -> None:
    meet = threading.Barrier(WORKERS)

    def together(number: int, body: bytes) -> Said:
        meet.wait(10)
        return halves(number, body)

    with endpoint(together) as (_, ask):
        assert len(ask()) == ROWS


def test_a_throttling_endpoint_is_asked_again() -> None:
    def throttles(number: int, body: bytes) -> Said:
        return refusal("ThrottlingException") if number % 2 else halves(number, body)

    with endpoint(throttles, patience=Patience(first=0.01, longest=0.05, limit=10)) as (heard, ask):
        assert ask().tolist() == [[n / 2] for n in range(ROWS)]
    assert len(heard.requests) > WORKERS


def test_an_endpoint_that_throttles_for_ever_ends_it() -> None:
    with (
        endpoint(lambda *_: refusal("ThrottlingException")) as (_, ask),
        pytest.raises(AnalysisError, match="stayed busy for 0 seconds") as caught,
    ):
        ask()
    assert CANARY not in str(caught.value)


def test_an_endpoint_that_gives_no_answer_in_time_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_INVOKE", Config(read_timeout=0.1, retries={"total_max_attempts": 1}))
    over = threading.Event()

    def hang(*_: object) -> None:
        over.wait(30)

    with endpoint(hang) as (heard, ask):
        with pytest.raises(AnalysisError, match="could not connect to SageMaker"):
            ask()
        over.set()
    assert len(heard.requests) > WORKERS  # each was tried again


def test_an_endpoint_that_dies_in_the_middle_ends_it() -> None:
    died = threading.Lock()

    def dies(number: int, body: bytes) -> Said | None:
        if number < 3:
            return halves(number, body)
        if died.acquire(blocking=False):
            heard.close()
        return None

    with endpoint(dies) as (heard, ask):
        with pytest.raises(AnalysisError, match="could not connect to SageMaker"):
            ask()
        assert len(heard.requests) >= 3


def lines(line: str, count: int = 250) -> Said:
    return Said("\n".join([line] * count).encode())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lines("0.5", 249), "response-count.*249 predictions for 250 records"),
        (lines("0.5", 251), "response-count.*251 predictions for 250 records"),
        (lines("nan"), "score-not-number.*NaN or an infinite number"),
        (lines("inf"), "score-not-number.*NaN or an infinite number"),
        (lines(CANARY), "score-not-number.*a value that is no number"),
        (lines(""), "response-count.*0 predictions for 250 records"),
        (
            Said(f"<html>{CANARY}</html>".encode(), headers={"Content-Type": "text/html"}),
            "response-content-type",
        ),
        (Said(f"<html>{CANARY}</html>".encode()), "1 predictions for 250 records"),
        (Said(b"\xff\xfe\x00" * 250), "response-not-utf8"),
        (refusal("AccessDeniedException", 403), "refused with AccessDeniedException"),
        (refusal("ModelError", 424, OriginalStatusCode=500), "failed on a single record"),
    ],
)
def test_an_answer_of_one_worker_that_will_not_do_ends_it_without_its_text(
    wrong: Said, message: str
) -> None:
    def answer(number: int, body: bytes) -> Said:
        return wrong if b"600" in body.split() else halves(number, body)

    with endpoint(answer) as (_, ask), pytest.raises(AnalysisError, match=message) as caught:
        ask()
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_another_number_of_scores_for_some_records_ends_it() -> None:
    def ragged(number: int, body: bytes) -> Said:
        return lines("0.5,0.5") if b"600" in body.split() else halves(number, body)

    with (
        endpoint(ragged, column=None) as (_, ask),
        pytest.raises(AnalysisError, match=r"response-classes.*1 and 2 scores for a record"),
    ):
        ask()
