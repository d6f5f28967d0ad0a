"""A model behind a URL that answers POST as a SageMaker endpoint does."""

from __future__ import annotations

import http.client
import ipaddress
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from clarify_contract.findings import Finding
from clarify_engine.aws import Patience
from clarify_engine.errors import AnalysisError
from clarify_engine.predict import BUSY_PATIENCE, ModelFailure, TooLarge

ANSWER_SECONDS: Final = 70.0
"""A model on SageMaker has 60 seconds; the connection outlives it."""
_BUSY: Final = frozenset({429, 502, 503, 504})
# Nothing about other records would be answered otherwise.
_FINAL: Final = frozenset({401, 402, 403, 404, 405, 407, 410})
# Servers that refuse a body for its size may hang up while it is being sent.
_LARGE: Final = 1_000_000
_HUNG_UP: Final = (BrokenPipeError, ConnectionResetError)
_RECONNECT: Final = Patience(first=0.5, longest=2.0, limit=10.0)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A model that sends requests elsewhere gets no answer: they carry data."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


@dataclass(frozen=True, slots=True)
class UrlTransport:
    """Requests to a URL; a `clarify_engine.predict.Transport`.

    Each is one POST with Content-Type and Accept and nothing else of this machine: no credentials,
    no cookies. Proxies of the environment are used, but not for this machine itself.

    Parameters
    ----------
    url
        Where to send requests.
    patience
        How long to ask again while the model is busy.
    reconnect
        How long to try again where nobody listens or answers.
    seconds
        How long to wait for one answer.
    """

    url: str
    patience: Patience = BUSY_PATIENCE
    reconnect: Patience = _RECONNECT
    seconds: float = ANSWER_SECONDS
    reference: str = field(init=False)
    _opener: urllib.request.OpenerDirector = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        proxies: dict[str, str] | None = {} if _is_loopback(parts.hostname or "") else None
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies))
        opener.addheaders = [("User-Agent", "clarify-cdk")]
        object.__setattr__(self, "reference", f"{parts.scheme}://{parts.netloc}{parts.path}")
        object.__setattr__(self, "_opener", opener)

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        """Post a body and return the answer; see `Transport.invoke`."""
        busy, lost = self.patience.rounds(), self.reconnect.rounds()
        waits = busy
        while next(waits, "over") is None:
            try:
                return self._post(body, content_type, accept)
            except HTTPError as error:
                error.close()
                status = error.code
                if status not in _BUSY:
                    raise self._refusal(status) from None
                waits, trouble = busy, f"it stayed busy (status {status})"
            except TimeoutError:
                waits, trouble = lost, f"it gave no answer within {self.seconds:g} seconds"
            except (OSError, http.client.HTTPException) as error:
                reason = error.reason if isinstance(error, URLError) else error
                if isinstance(reason, _HUNG_UP) and len(body) > _LARGE:
                    raise TooLarge from None
                timed_out = isinstance(reason, TimeoutError)
                waits, trouble = lost, "no answer in time" if timed_out else "no connection"
        raise self._final(trouble, "a model that answers", "Start the model, or wait until it can.")

    def _post(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        request = urllib.request.Request(  # noqa: S310 - open_model lets http and https through only
            self.url,
            data=body,
            headers={"Content-Type": content_type, "Accept": accept},
            method="POST",
        )
        with self._opener.open(request, timeout=self.seconds) as answer:
            return answer.read(), answer.headers.get("Content-Type")

    def _refusal(self, status: int) -> Exception:
        if status == 413:
            return TooLarge()
        if 300 <= status < 400:
            return self._final(
                f"a redirect (status {status})",
                "an answer to POST at this URL",
                "Give the URL that the model answers at.",
            )
        if status in _FINAL:
            return self._final(
                f"status {status}",
                "a URL that takes POST without credentials",
                "Check the path of the URL, and whether the model wants credentials.",
            )
        return ModelFailure(status)

    def _final(self, given: str, allowed: str, fix: str) -> AnalysisError:
        finding = Finding("model-unreachable", "--model", given, allowed, fix)
        return AnalysisError(f"Could not ask the model at {self.reference}: {given}.", [finding])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
