"""Keys of an analysis config: all that there are, and those that a config has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from clarify_contract.schema import json_schema


@cache
def known_keys() -> frozenset[str]:
    """Return every key of the config as a dotted path, list positions left out."""
    schema = json_schema()

    def below(node: dict[str, Any], place: str) -> Iterator[str]:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        for inner in (*node.get("anyOf", ()), node.get("items")):
            if isinstance(inner, dict):
                yield from below(inner, place)
        for key, inner in node.get("properties", {}).items():
            yield f"{place}{key}"
            yield from below(inner, f"{place}{key}.")

    return frozenset(below(schema, ""))


def values_of(configs: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the values, as JSON, that each known key has in these configs."""
    known, found = known_keys(), dict[str, set[str]]()

    def walk(value: Any, place: str) -> None:
        for item in value if isinstance(value, list) else ():
            walk(item, place)
        for key, item in value.items() if isinstance(value, dict) else ():
            if f"{place}{key}" in known:
                found.setdefault(f"{place}{key}", set()).add(json.dumps(item))
                walk(item, f"{place}{key}.")

    for config in configs:
        walk(config, "")
    return found
