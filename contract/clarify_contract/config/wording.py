"""Words that findings share: the service's own message, and how a value is described."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Any, Final

#: What the container says of a config file that is no JSON object.
SERVICE_NOT_JSON: Final = "Unable to load analysis configuration as JSON."

_LONGEST = 60


def closest(given: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed text that ``given`` probably stands for, if there is one."""
    close = difflib.get_close_matches(given, list(allowed), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(given: str, allowed: Iterable[str]) -> str:
    """Return ``Did you mean "x"?`` for the closest allowed text, or an empty text."""
    meant = closest(given, allowed)
    return "" if meant is None else f'Did you mean "{meant}"?'


def describe(value: Any) -> str:
    """Say what a config value is: small values as JSON, containers by their size."""
    match value:
        case dict():
            return f"an object with {_count(len(value), 'key')}"
        case list():
            return f"a list of {_count(len(value), 'item')}"
        case str() if len(value) > _LONGEST:
            return f"{_json(value[:_LONGEST])}… ({len(value)} characters)"
        case int() if abs(value) >= 10**_LONGEST:
            return "a whole number of more than 60 digits"
        case _:
            return _json(value)


def _json(value: Any) -> str:
    # What is no Unicode stays an escape, so that every finding can be written as UTF-8.
    text = json.dumps(value, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()


def describe_type(value: Any) -> str:
    """Say only what kind of value it is, for places that hold cells of data."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case dict() | list():
            return describe(value)
        case _:
            return f"a Python {type(value).__name__}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
