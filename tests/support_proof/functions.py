"""What the Lambda functions call: their own code runs, and every call of AWS is written down."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from botocore.exceptions import ClientError

from clarify_lambda.check import handler as check
from clarify_lambda.prepare import handler as prepare
from clarify_lambda.prepare.preflight import reading
from clarify_lambda.prepare.refusal import RunRefused

#: The code of a template's functions, by what its ``Handler`` says.
HANDLERS: Mapping[str, Callable[[dict[str, Any], object], dict[str, Any]]] = {
    f"{check.__name__}.handler": check.handler,
    f"{prepare.__name__}.handler": prepare.handler,
}
#: Enough of an analysis for one metric to be compared with a baseline.
_ANALYSIS = {
    "version": "1.0",
    "pre_training_bias_metrics": {
        "label": "approved",
        "label_value_or_threshold": "1",
        "facets": {
            "sex": [{"value_or_threshold": "0", "metrics": [{"name": "DPL", "value": 0.1}]}]
        },
    },
}
_CACHED = (check._s3, prepare._s3, reading._s3, reading._sagemaker, reading._ec2)


@dataclass(frozen=True)
class ApiCall:
    """A method of a client of boto3, and what it was called with."""

    service: str
    method: str
    parameters: Mapping[str, Any]


@dataclass
class Account:
    """Answers as AWS would, and remembers what it was asked.

    Attributes
    ----------
    empty
        Whether there is no data at all.
    """

    empty: bool = False
    calls: list[ApiCall] = field(default_factory=list)

    def client(self, service: str, **_: Any) -> _Client:
        """Return what stands in for ``boto3.client(service)``."""
        return _Client(self, service)

    def answer(self, call: ApiCall) -> dict[str, Any]:
        """Answer one call."""
        self.calls.append(call)
        match call.service, call.method:
            case "s3", "list_objects_v2":
                prefix = str(call.parameters["Prefix"])
                return {} if self.empty else {"Contents": [{"Key": _below(prefix), "Size": 9}]}
            case "s3", "get_object" if str(call.parameters["Key"]).endswith("analysis.json"):
                return {"Body": io.BytesIO(json.dumps(_ANALYSIS).encode())}
            case "s3", "get_object" if str(call.parameters["Key"]).endswith("preflight.json"):
                return {"Body": io.BytesIO(b"[]")}
            case "s3", "put_object":
                return {}
            case "sagemaker", "describe_model":
                return {"VpcConfig": {"Subnets": ["subnet-a", "subnet-b"]}}
        # What is only looked at beforehand stops no run when it may not be seen.
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, call.method)


class _Client:
    def __init__(self, account: Account, service: str) -> None:
        self._account, self._service = account, service

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        return lambda **parameters: self._account.answer(ApiCall(self._service, method, parameters))


@contextmanager
def _in(account: Account) -> Iterator[None]:
    for client in _CACHED:
        client.cache_clear()
    with mock.patch("boto3.client", account.client), redirect_stdout(io.StringIO()):
        yield
    for client in _CACHED:
        client.cache_clear()


def run(handler: str, event: dict[str, Any]) -> tuple[dict[str, Any], list[ApiCall]]:
    """Return what a function answers, and the calls that it made."""
    account = Account()
    with _in(account):
        return HANDLERS[handler](event, None), account.calls


def refused(handler: str, event: dict[str, Any]) -> list[ApiCall]:
    """Return the calls of a function that refuses a run, since its data are not there."""
    account = Account(empty=True)
    with _in(account):
        try:
            HANDLERS[handler](event, None)
        except RunRefused:
            return account.calls
    raise AssertionError("a run without data was not refused")


def _below(prefix: str) -> str:
    return f"{prefix}2026.csv" if prefix.endswith("/") else prefix
