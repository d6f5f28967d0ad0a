"""Checks a request against the service's own model, as far as botocore leaves that to the service.

botocore checks types and required fields; enums, patterns, lengths and ranges stand in its model
too, and only the service enforces them. moto enforces none.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import botocore.session
import regex

from clarify_local.emulator.errors import ServiceError


@lru_cache
def input_shape(service: str, operation: str) -> Any:
    """Return the model of an operation's input."""
    return _service_model(service).operation_model(operation).input_shape


@lru_cache
def _service_model(service: str) -> Any:
    return botocore.session.Session().get_service_model(service)


def checked(body: str | bytes, service: str, operation: str) -> dict[str, Any]:
    """Return a request as it was sent.

    Raises
    ------
    ServiceError
        With everything that the service's model does not allow.
    """
    request: dict[str, Any] = json.loads(body)
    if found := violations(input_shape(service, operation), request):
        raise ServiceError("ValidationException", summary(found))
    return request


def violations(shape: Any, value: Any, path: str = "") -> list[str]:
    """Return what is wrong with a value, worded as AWS words it; empty if nothing is.

    Parameters
    ----------
    shape
        botocore's shape of the value.
    path
        Where the value stands, such as ``processingResources.clusterConfig``.
    """
    match shape.type_name:
        case "structure":
            return _structure(shape, value, path)
        case "list":
            if not isinstance(value, list):
                return [_wrong_type(path, value, "a list")]
            found = _bounds(shape, len(value), value, path, "have length")
            for index, item in enumerate(value, start=1):
                found += violations(shape.member, item, f"{path}.{index}.member")
            return found
        case "map":
            if not isinstance(value, dict):
                return [_wrong_type(path, value, "a map")]
            found = _bounds(shape, len(value), value, path, "have length")
            for key, item in value.items():
                found += violations(shape.key, key, f"{path}.key")
                found += violations(shape.value, item, f"{path}.{key}")
            return found
        case "string":
            return _string(shape, value, path)
        case "integer" | "long":
            if isinstance(value, bool) or not isinstance(value, int):
                return [_wrong_type(path, value, "an integer")]
            return _bounds(shape, value, value, path, "have value")
        case "float" | "double":
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return [_wrong_type(path, value, "a number")]
            return _bounds(shape, value, value, path, "have value")
        case "boolean":
            return [] if isinstance(value, bool) else [_wrong_type(path, value, "a boolean")]
    return []


def _structure(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [_wrong_type(path, value, "a structure")]
    found = [
        f"Value null at '{_below(path, name)}' failed to satisfy constraint:"
        " Member must not be null"
        for name in shape.required_members
        if value.get(name) is None
    ]
    for name, item in value.items():
        if name not in shape.members:
            found.append(f"Value at '{_below(path, name)}' is not a field of the request")
        elif item is not None:
            found += violations(shape.members[name], item, _below(path, name))
    return found


def _string(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, str):
        return [_wrong_type(path, value, "a string")]
    found = []
    if shape.enum and value not in shape.enum:
        found.append(_constraint(path, value, f"satisfy enum value set: [{', '.join(shape.enum)}]"))
    pattern = shape.metadata.get("pattern")
    # The service's patterns are Java's: \p{L} and the like are unknown to Python's own module.
    if pattern and not regex.fullmatch(pattern, value):
        found.append(_constraint(path, value, f"satisfy regular expression pattern: {pattern}"))
    return found + _bounds(shape, len(value), value, path, "have length")


def _bounds(shape: Any, size: float, value: Any, path: str, what: str) -> list[str]:
    found = []
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        found.append(_constraint(path, value, f"{what} greater than or equal to {low}"))
    if high is not None and size > high:
        found.append(_constraint(path, value, f"{what} less than or equal to {high}"))
    return found


def _constraint(path: str, value: Any, rule: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"


def _wrong_type(path: str, value: Any, wanted: str) -> str:
    return f"Value at '{path}' is a {type(value).__name__}; it must be {wanted}"


def _below(path: str, name: str) -> str:
    camel = name[:1].lower() + name[1:]
    return f"{path}.{camel}" if path else camel


def summary(found: list[str]) -> str:
    """Return the message of a ValidationException with these violations."""
    plural = "s" if len(found) > 1 else ""
    return f"{len(found)} validation error{plural} detected: {'; '.join(found)}"
