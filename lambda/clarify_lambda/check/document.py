"""Read analysis.json strictly: what one reader takes for this and another for that is refused."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

#: The service writes the words; its developer guide says that it writes the signs.
_INFINITIES = {"Infinity": math.inf, "-Infinity": -math.inf, "∞": math.inf, "-∞": -math.inf}


class Unreadable(Exception):  # noqa: N818 - it says what the document is
    """The document is no evidence; the message says why, in plain words and without its content."""


def read(body: bytes) -> dict[str, Any]:
    """Return the one JSON object that the bytes hold.

    Raises
    ------
    Unreadable
        If the bytes are not UTF-8, not complete JSON, not an object, hold a key twice in one
        object, or one of the bare words NaN, Infinity, -Infinity, which are no JSON.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8") from None
    try:
        document = json.loads(text, parse_constant=_constant, object_pairs_hook=_object)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError:
        raise Unreadable("it is not complete JSON") from None
    if not isinstance(document, dict):
        raise Unreadable("it is JSON, but no object")
    return document


def finite(value: object) -> float | None:
    """Return a JSON number as a float; None for all else: infinite, boolean, text, null."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def real(value: object) -> float | None:
    """Return a JSON number, or an infinity, which results have as a text; None for all else."""
    return _INFINITIES.get(value) if isinstance(value, str) else finite(value)


def _constant(name: str) -> NoReturn:
    raise Unreadable(f"it holds the bare word {name}, which is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("an object in it holds the same key twice")
    return members
