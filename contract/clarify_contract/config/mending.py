"""The valid part of a config, so that one wrong value does not hide what else is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from clarify_contract.config.explain import model_at, place_of
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.paths import Place


def mended(given: dict[str, Any], bad: Iterable[Place]) -> AnalysisKeys:
    """Return the config without its bad values; required ones are replaced by the key's example.

    Rules must not read what was replaced: `Rule.reads` says what they read.
    """
    rest = without(given, bad)
    while True:
        try:
            return AnalysisKeys.model_validate(rest)
        except ValidationError as error:
            details = error.errors(include_url=False)
        # Each round removes or adds something, and nothing that was added is wrong.
        rest = without(rest, (place_of(d) for d in details if d["type"] != "missing"))
        for detail in details:
            if detail["type"] == "missing":
                _add_example(rest, place_of(detail))


def is_given(given: dict[str, Any], place: Place) -> bool:
    """Return whether there is a value at ``place``."""
    return _at(given, place) is not None


def without(given: dict[str, Any], places: Iterable[Place]) -> dict[str, Any]:
    """Return a copy that has nothing at these places."""
    rest = deepcopy(given)
    # From the back, so that list positions of the others stay true.
    for place in sorted(set(places), key=_order, reverse=True):
        holder = _at(rest, place[:-1])
        if isinstance(holder, dict):
            holder.pop(place[-1], None)
        elif isinstance(holder, list):
            del holder[int(place[-1])]
    return rest


def _add_example(rest: dict[str, Any], place: Place) -> None:
    holder, key = _at(rest, place[:-1]), str(place[-1])
    if isinstance(holder, dict):
        examples = model_at(AnalysisKeys, place[:-1]).model_fields[key].examples or []
        holder[key] = deepcopy(examples[0])


def _at(value: Any, place: Place) -> Any:
    for step in place:
        # An outer value may be gone already.
        inside = step in value if isinstance(value, dict) else isinstance(value, list)
        if not inside:
            return None
        value = value[step]
    return value


def _order(place: Place) -> list[tuple[bool, int, str]]:
    return [
        (isinstance(step, str), 0 if isinstance(step, str) else step, str(step)) for step in place
    ]
