"""From a file, a text or a mapping to one JSON object, more strictly than `json.loads` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from clarify_contract.config.paths import Place, data_place, json_path
from clarify_contract.config.plain import plain_object
from clarify_contract.config.wording import SERVICE_NOT_JSON, describe, describe_type
from clarify_contract.findings import Finding, Refused


class Repeating(dict[str, Any]):
    """A JSON object in whose text keys stood more than once; ``repeated`` are those keys."""

    repeated: tuple[str, ...] = ()


def read_source(source: Path | str | Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the JSON object of a path, a JSON text or a mapping, and its repeated keys.

    Raises
    ------
    Refused
        The file cannot be read, or holds no JSON object.
    """
    given = plain_object(source) if isinstance(source, Mapping) else _parsed(_text(source))
    return plain_object(given), list(_repeated(given, ()))


def _text(source: Path | str) -> str:
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return source
    try:
        return Path(source).read_bytes().decode("utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused([_unreadable(str(source), reason.lower())]) from None
    except UnicodeDecodeError as error:
        _not_json(f"bytes that are no UTF-8, from byte {error.start}", "Save the file as UTF-8.")


def _unreadable(source: str, reason: str) -> Finding:
    return Finding(
        id="config-unreadable",
        path=source,
        given=reason,
        allowed="a readable file",
        fix="Give the path of an analysis_config.json, or its JSON text.",
    )


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        _not_json(f"text that is no JSON ({place})", f"Correct the JSON at {place}.")
    except (RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else "an overlong number"
        _not_json(f"JSON with {reason}", "Write it as the developer guide's examples are.")
    if not isinstance(value, dict):
        _not_json(describe_type(value), "Write one JSON object: {…}.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    keys = [key for key, _ in pairs]
    repeating = Repeating(made)
    repeating.repeated = tuple(key for key in made if keys.count(key) > 1)
    return repeating


def _repeated(value: Any, place: Place) -> Iterator[Finding]:
    if isinstance(value, Repeating):
        data = data_place(place)
        count = len(value.repeated)
        yield Finding(
            id="schema-repeated-key",
            path=json_path(data or place),
            given=f"{count} keys more than once"
            if data
            else f"more than once: {', '.join(map(describe, value.repeated))}",
            allowed="each key once",
            fix="Remove all but one: readers disagree on which of them counts.",
        )
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _repeated(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _repeated(item, (*place, index))


def _not_json(given: str, fix: str) -> NoReturn:
    raise Refused(
        [
            Finding(
                id="config-not-json",
                path="$",
                given=given,
                allowed="one JSON object in UTF-8",
                fix=f"{SERVICE_NOT_JSON} {fix}",
            )
        ]
    ) from None
