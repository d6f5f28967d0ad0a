"""A model behind a URL: plain POSTs, patience with what passes, and an end for what does not."""

from __future__ import annotations

import socket
import threading

import pytest

from clarify_contract import Refused
from clarify_engine.errors import AnalysisError
from clarify_engine.predict import ModelFailure, TooLarge, Transport
from clarify_local.models import open_model
from clarify_local.models.url import UrlTransport
from support_models import Said, model_at_url
from support_run.fakes import FakeTime

CANARY = "canary-33af"


def transport(url: str, *, seconds: float = 10) -> UrlTransport:
    """A transport whose waits take no time."""
    time = FakeTime()
    return UrlTransport(
        url,
        patience=time.patience(first=0.5, longest=20, limit=120),
        reconnect=time.patience(first=0.5, longest=2, limit=10),
        seconds=seconds,
    )


def nobody() -> str:
    """A URL at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def test_a_request_is_one_post_with_nothing_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.invalid:3128")
    with (
        model_at_url(lambda *_: Said(b"0.5")) as heard,
        open_model(f"{heard.url}?version=2", 1) as model,
    ):
        assert isinstance(model, Transport)
        assert model.reference == heard.url
        assert model.invoke(b"1,2", "text/csv", "application/json") == (b"0.5", "text/csv")
    ((path, headers, body),) = heard.requests
    assert (path, body) == ("/invocations?version=2", b"1,2")
    assert (headers["Content-Type"], headers["Accept"]) == ("text/csv", "application/json")
    assert set(headers) == {
        "Content-Type", "Accept", "Content-Length", "Host", "User-Agent", "Accept-Encoding",
        "Connection",
    }  # fmt: skip


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_model_is_asked_again(status: int) -> None:
    with model_at_url(lambda number, _: Said(b"1", status if number < 4 else 200)) as heard:
        assert transport(heard.url).invoke(b"x", "text/csv", "text/csv")[0] == b"1"
    assert len(heard.requests) == 4


def test_a_model_that_stays_busy_is_given_up() -> None:
    with (
        model_at_url(lambda *_: Said(CANARY.encode(), 503)) as heard,
        pytest.raises(AnalysisError, match=r"it stayed busy \(status 503\)") as caught,
    ):
        transport(heard.url).invoke(b"x", "text/csv", "text/csv")
    assert 3 < len(heard.requests) < 30
    assert CANARY not in str(caught.value)


def test_a_body_that_is_too_large_is_told() -> None:
    with model_at_url(lambda *_: Said(b"", 413)) as heard, pytest.raises(TooLarge):
        transport(heard.url).invoke(b"x", "text/csv", "text/csv")


def test_a_body_that_is_refused_while_it_is_sent_is_too_large() -> None:
    with model_at_url(lambda *_: Said(b"1"), most=1000) as heard:
        for _ in range(5):  # whether the refusal arrives before the connection breaks is chance
            with pytest.raises(TooLarge):
                transport(heard.url).invoke(b"x" * 5_000_000, "text/csv", "text/csv")
        assert transport(heard.url).invoke(b"x", "text/csv", "text/csv")[0] == b"1"


@pytest.mark.parametrize("status", [400, 415, 422, 500])
def test_a_failure_of_the_model_is_its_status(status: int) -> None:
    with model_at_url(lambda *_: Said(CANARY.encode(), status)) as heard:
        with pytest.raises(ModelFailure) as caught:
            transport(heard.url).invoke(b"x", "text/csv", "text/csv")
        assert caught.value.given == f"status {status} of the model"
    assert len(heard.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_a_wrong_place_is_final(status: int) -> None:
    with (
        model_at_url(lambda *_: Said(b"", status)) as heard,
        pytest.raises(AnalysisError, match=f"status {status}"),
    ):
        transport(heard.url).invoke(b"x", "text/csv", "text/csv")
    assert len(heard.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_refused_and_gets_no_data(status: int) -> None:
    with model_at_url(lambda *_: Said(b"1")) as elsewhere:
        headers = {"Location": f"{elsewhere.url}?{CANARY}"}
        with (
            model_at_url(lambda *_: Said(b"", status, headers)) as heard,
            pytest.raises(AnalysisError, match=rf"a redirect \(status {status}\)") as caught,
        ):
            transport(heard.url).invoke(b"x", "text/csv", "text/csv")
    assert elsewhere.requests == []
    assert CANARY not in str(caught.value)


def test_nobody_there_is_tried_for_a_while() -> None:
    with pytest.raises(AnalysisError, match=r"model-unreachable.*no connection"):
        transport(nobody()).invoke(b"x", "text/csv", "text/csv")


def test_a_lost_connection_is_tried_again() -> None:
    with model_at_url(lambda number, _: None if number == 1 else Said(b"1")) as heard:
        assert transport(heard.url).invoke(b"x", "text/csv", "text/csv")[0] == b"1"
    assert len(heard.requests) == 2


def test_a_model_that_gives_no_answer_in_time_is_given_up() -> None:
    over = threading.Event()

    def hang(*_: object) -> None:
        over.wait(30)

    with model_at_url(hang) as heard:
        with pytest.raises(AnalysisError, match=r"no answer within 0\.05 seconds"):
            transport(heard.url, seconds=0.05).invoke(b"x", "text/csv", "text/csv")
        over.set()
    assert len(heard.requests) > 1


@pytest.mark.parametrize(
    ("spec", "given"),
    [
        ("absent.tar.gz", "'absent.tar.gz', which is no file"),
        (".", "which is a folder"),
        ("module", "'module'"),
        ("a:b:c", "'a:b:c'"),
        ("module:", "'module:'"),
        ("", "''"),
        ("ftp://host/model", "a URL with ftp://"),
        ("file:///etc/passwd", "a URL with file://"),
        ("http:///invocations", "a URL with http://"),
        ("http://host:port/", "a URL that cannot be read"),
        ("https://me:s3cret@host/", "a URL with a user name or a password"),
    ],
)
def test_anything_else_is_refused_with_the_three_forms(spec: str, given: str) -> None:
    with pytest.raises(Refused) as caught:
        open_model(spec, 1)
    (finding,) = caught.value.findings
    assert (finding.id, finding.path) == ("model-form", "--model")
    assert given in finding.given
    for form in ("model.tar.gz", "module:callable", "https://"):
        assert form in finding.allowed
    assert "s3cret" not in str(finding)
