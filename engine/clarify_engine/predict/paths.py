"""JMESPath on a parsed response; the plain paths that most models need are walked directly.

The library interprets a path for each record anew: `predictions[*].score` over 10,000 records takes
it five times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jmespath

Find = Callable[[Any], Any]


def compiled(path: str) -> Find:
    """Return what finds a path's value in a document of JSON, or `None` where there is none.

    Raises
    ------
    jmespath.exceptions.JMESPathError
        If it is no JMESPath.
    """
    expression = jmespath.compile(path)
    search: Find = expression.search
    return _walk(expression.parsed) or search


def _walk(node: dict[str, Any]) -> Find | None:
    """Return a walk along keys and `[*]`, or `None` if a node is anything else."""
    kind, children = node["type"], node["children"]
    if kind == "identity":
        return lambda value: value
    if kind == "field":
        key = node["value"]
        return lambda value: value.get(key) if type(value) is dict else None
    if kind not in ("subexpression", "projection") or len(children) != 2:
        return None
    base, step = _walk(children[0]), _walk(children[1])
    if base is None or step is None:
        return None
    return _then(base, step) if kind == "subexpression" else _each(base, step)


def _then(base: Find, step: Find) -> Find:
    def walk(value: Any) -> Any:
        found = base(value)
        return None if found is None else step(found)

    return walk


def _each(base: Find, step: Find) -> Find:
    def walk(value: Any) -> Any:
        entries = base(value)
        if type(entries) is not list:
            return None
        return [found for entry in entries if (found := step(entry)) is not None]

    return walk
