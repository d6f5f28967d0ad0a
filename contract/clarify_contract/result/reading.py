"""From a file, a text or a mapping to a JSON object that remembers the keys it held twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from clarify_contract.container import ANALYSIS_FILE
from clarify_contract.findings import Finding, Refused


class Repeating(dict[str, Any]):
    """A JSON object whose text held a key more than once; the last of the values is kept."""


def read_source(
    source: Path | str | Mapping[str, Any], file: str = ANALYSIS_FILE
) -> Mapping[str, Any]:
    """Return the JSON object of a path, a JSON text (it starts with ``{``) or a mapping.

    Parameters
    ----------
    source
        Where it is, or itself.
    file
        Name of the file that it should be; findings' ids begin with it.

    Raises
    ------
    Refused
        The file cannot be read, or holds no JSON object.
    """
    if isinstance(source, Mapping):
        return source
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return _parsed(source, file)
    try:
        return _parsed(Path(source).read_bytes().decode(), file)
    except UnicodeDecodeError:
        _refuse(file, "not-json", "bytes that are no UTF-8")
    except (OSError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        reason = getattr(error, "strerror", None) or "no path"
        _refuse(file, "unreadable", str(reason).lower())


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        _refuse(
            file,
            "not-json",
            f"text that is no JSON (line {error.lineno}, column {error.colno})",
        )
    except RecursionError:
        _refuse(file, "not-json", "JSON that is nested too deeply")
    except ValueError:
        _refuse(file, "not-json", "JSON with an overlong number")
    if not isinstance(value, dict):
        _refuse(file, "not-json", "JSON that is no object")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else Repeating(members)


def _refuse(file: str, identifier: str, given: str) -> NoReturn:
    raise Refused(
        [
            Finding(
                f"{file.removesuffix('.json')}-{identifier}",
                file,
                given,
                "one JSON object in UTF-8",
                f"Give the {file} that a run wrote.",
            )
        ]
    ) from None
