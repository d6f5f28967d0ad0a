"""SageMaker as an object: endpoints that take a while, refuse as the real ones do, and can fail."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from clarify_engine.aws import Patience


def client_error(operation: str, code: str, message: str = "", **response: Any) -> ClientError:
    """Make the error that boto3 raises for a refusal of AWS."""
    return ClientError({"Error": {"Code": code, "Message": message}, **response}, operation)


class FakeTime:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def patience(self, **limits: float) -> Patience:
        return Patience(sleep=self.sleep, clock=lambda: self.now, **limits)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class FakeSageMaker:
    """The control plane: one model, and endpoints that are `Creating` for some looks.

    Attributes
    ----------
    calls
        Names of the operations that were called, in their order.
    before
        By operation: called before it is carried out, and may raise.
    """

    def __init__(self, *, looks_creating: int = 2, ends_as: str = "InService") -> None:
        self.looks_creating = looks_creating
        self.ends_as = ends_as
        self.failure_reason = "The container did not pass the ping health check."
        self.configs: dict[str, dict[str, Any]] = {}
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.job_tags: list[dict[str, str]] = []
        self.calls: list[str] = []
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.before: dict[str, Callable[[], None]] = {}
        self.after: dict[str, Callable[[], None]] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        carry_out = object.__getattribute__(self, f"_{name}")

        def call(**request: Any) -> Any:
            self.calls.append(name)
            self.requests.append((name, request))
            self.before.get(name, lambda: None)()
            answer = carry_out(**request)
            self.after.get(name, lambda: None)()
            return answer

        return call

    def get_paginator(self, name: str) -> Any:
        fake = self

        class Pages:
            def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
                yield getattr(fake, name)(**request)

        return Pages()

    def _list_tags(self, **request: str) -> dict[str, Any]:
        return {"Tags": self.job_tags}

    def _describe_model(self, **request: str) -> dict[str, Any]:
        return dict(request)

    def _create_endpoint_config(self, **request: Any) -> dict[str, Any]:
        self.configs[request["EndpointConfigName"]] = request
        return {}

    def _create_endpoint(self, **request: Any) -> dict[str, Any]:
        self.endpoints[request["EndpointName"]] = {**request, "looks": 0}
        return {}

    def _describe_endpoint(self, **request: str) -> dict[str, Any]:
        name = request["EndpointName"]
        if name not in self.endpoints:
            raise client_error(
                "DescribeEndpoint",
                "ValidationException",
                f'Could not find endpoint "{name}".',
            )
        self.endpoints[name]["looks"] += 1
        status = self._status(name)
        answer = {"EndpointStatus": status}
        return answer | ({"FailureReason": self.failure_reason} if status == "Failed" else {})

    def _delete_endpoint(self, **request: str) -> dict[str, Any]:
        name = request["EndpointName"]
        if name not in self.endpoints:
            raise client_error(
                "DeleteEndpoint",
                "ValidationException",
                f'Could not find endpoint "{name}".',
            )
        if self._status(name) == "Creating":
            raise client_error(
                "DeleteEndpoint", "ValidationException", "Cannot update in-progress endpoint."
            )
        del self.endpoints[name]
        return {}

    def _delete_endpoint_config(self, **request: str) -> dict[str, Any]:
        name = request["EndpointConfigName"]
        if name not in self.configs:
            raise client_error(
                "DeleteEndpointConfig",
                "ValidationException",
                f'Could not find endpoint configuration "{name}".',
            )
        del self.configs[name]
        return {}

    def _status(self, name: str) -> str:
        return "Creating" if self.endpoints[name]["looks"] <= self.looks_creating else self.ends_as


class FakeRuntime:
    """Endpoints that answer by a function of the request's body.

    Parameters
    ----------
    answer
        From the request's arguments to body and content type; may raise.
    """

    def __init__(self, answer: Callable[[dict[str, Any]], tuple[str, str | None]]) -> None:
        self._answer = answer
        self.requests: list[dict[str, Any]] = []

    def invoke_endpoint(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        body, content_type = self._answer(request)
        return {"Body": io.BytesIO(body.encode()), "ContentType": content_type}

    @property
    def bodies(self) -> list[str]:
        return [request["Body"].decode() for request in self.requests]
