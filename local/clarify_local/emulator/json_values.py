"""Answers of services as JSON values, as events and state machines carry them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any


def milliseconds(moment: datetime) -> int:
    """Return a time as SageMaker's integration and its events write it."""
    return int(moment.timestamp() * 1000)


def plain(value: Any, *, time: Callable[[datetime], Any] = milliseconds) -> Any:
    """Return an answer without its metadata, its times written by a function."""
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key != "ResponseMetadata"}
        return {key: plain(item, time=time) for key, item in kept.items()}
    if isinstance(value, list):
        return [plain(item, time=time) for item in value]
    return time(value) if isinstance(value, datetime) else value


def first_small(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request with its own names as Step Functions' API has them: ``stateMachineArn``."""
    return {key[:1].lower() + key[1:]: item for key, item in value.items()}


def first_capital(value: Any) -> Any:
    """Return an answer with its names as a state machine's tasks have them: ``StateMachineArn``."""
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: first_capital(item) for key, item in value.items()}
    return [first_capital(item) for item in value] if isinstance(value, list) else value
