"""Python values to plain JSON values, so that one set of checks serves files and Python code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from clarify_contract.config.paths import Place, json_path
from clarify_contract.findings import Finding, Refused


def plain_keywords(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fresh JSON object; None as a keyword means that the key is absent."""
    return plain_object({name: value for name, value in given.items() if value is not None})


def plain_object(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fresh JSON object that shares nothing with ``given``.

    Raises
    ------
    Refused
        A value that JSON has no form for, such as a set or a NumPy number; every one of them.
    """
    foreign: list[Finding] = []
    made = {key: _plain(value, (key,), foreign) for key, value in given.items()}
    if foreign:
        raise Refused(foreign)
    return made


def _plain(value: Any, place: Place, foreign: list[Finding]) -> Any:
    # Not isinstance: a subclass of a number may carry another text form (an IntEnum, np.float64).
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, BaseModel) and hasattr(value, "_given"):
        return _plain(value._given, place, foreign)
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _plain(item, (*place, key), foreign) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, (*place, index), foreign) for index, item in enumerate(value)]
    foreign.append(
        Finding(
            id="schema-type",
            path=json_path(place),
            given=f"a Python {type(value).__name__}",
            allowed="a JSON value: text, int, float, bool, list or object with text keys",
            fix="Convert it first, for example with int(…), float(…), list(…) or str(…).",
        )
    )
    return None
