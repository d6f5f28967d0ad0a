"""Templates as people read them: references as short texts, definitions unfolded, hashes masked."""

from __future__ import annotations

import json
import re
from typing import Any

_ASSET = re.compile(r"[0-9a-f]{64}")
#: What CDK appends to the id of a function's version and of an API's deployment: a hash of them.
_VERSION = re.compile(r"(?<=[0-9A-F]{8})[0-9a-f]{32}(?![0-9a-zA-Z])")
#: A reference that stands for a number, so that no quotes are around it.
_BARE_REFERENCE = re.compile(r"(?<=[:,\[])(\$\{[^}\"]*\})(?=[,}\]])")


def readable(value: Any) -> Any:
    """Return a template with references as ``${Name}``, and hashes of assets and versions masked.

    What CDK writes as text out of JSON and references, the definition of a state machine, is JSON
    again. An intrinsic function of another kind stays as it is. A readable template stays so too.
    """
    if isinstance(value, str):
        return _VERSION.sub("<version>", _ASSET.sub("<asset>", value))
    if isinstance(value, list):
        return [readable(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": str() as name, **rest} if not rest:
            return readable(f"${{{name}}}")
        case {"Fn::GetAtt": [str() as name, str() as attribute], **rest} if not rest:
            return readable(f"${{{name}.{attribute}}}")
        case {"Fn::Join": [str() as separator, list() as parts], **rest} if not rest:
            return separator.join(_text(readable(part)) for part in parts)
        case {"Fn::Sub": str() as pattern, **rest} if not rest:
            return readable(pattern)
        case {"Fn::FindInMap": [str() as name, key, str() as column], **rest} if not rest:
            return f"${{{name}[{readable(key)}].{column}}}"
        case {"Fn::Select": [index, source], **rest} if not rest:
            return f"${{{readable(source)}[{index}]}}"
        case {"Fn::Split": [separator, source], **rest} if not rest:
            return f"split({separator!r}, {readable(source)})"
        case {"Fn::GetAZs": _, **rest} if not rest:
            return "zones"
        case {"Fn::ImportValue": name, **rest} if not rest:
            return f"${{import {_text(readable(name))}}}"
    made = {readable(key): readable(entry) for key, entry in value.items()}
    if isinstance(text := made.get("DefinitionString"), str):
        made["DefinitionString"] = _definition(text)
    return made


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _definition(text: str) -> Any:
    """Return a definition as JSON, or its text where it is none."""
    for candidate in (text, _BARE_REFERENCE.sub(r'"\1"', text)):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return text
