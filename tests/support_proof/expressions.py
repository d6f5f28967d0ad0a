"""The expressions of a state machine's parameters, for one state of an execution."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

_ARGUMENT = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\$[\w.$\[\]]*|States\.\w+\((?:[^()]|\([^()]*\))*\))")


def evaluated(value: Any, state: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
    """Return parameters with every expression in them replaced by its value.

    Parameters
    ----------
    value
        As the definition has them: names that end with ``.$`` hold expressions.
    state
        What ``$`` is.
    context
        What ``$$`` is.

    Raises
    ------
    KeyError
        If an expression names what is not there.
    """
    if isinstance(value, list):
        return [evaluated(entry, state, context) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        name.removesuffix(".$"): expression(entry, state, context)
        if name.endswith(".$")
        else evaluated(entry, state, context)
        for name, entry in value.items()
    }


def expression(text: str, state: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
    """Return the value of one expression."""
    if text.startswith("'"):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text.startswith("$$"):
        return _at(context, text.removeprefix("$$"))
    if text.startswith("$"):
        return _at(state, text.removeprefix("$"))
    name, _, rest = text.partition("(")
    arguments = [expression(argument, state, context) for argument in _ARGUMENT.findall(rest[:-1])]
    match name, arguments:
        case "States.Format", [template, *given]:
            for one in given:
                template = template.replace("{}", str(one), 1)
            return template
        case "States.Hash", [data, "MD5"]:
            return hashlib.md5(data.encode(), usedforsecurity=False).hexdigest()
        case "States.StringSplit", [data, separator]:
            return data.split(separator)
    raise ValueError(f"not known here: {text}")


def _at(root: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        root = root[name]
    return root
