"""The reference of `analysis_config.json`, from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clarify_contract.schema import json_schema
from clarify_local.explaining.markdown import prose
from support_docs.markdown import table

_INTRODUCTION = """\
# analysis_config.json

Every key that the analysis config knows; another one is refused. Rules between keys are among the
[findings](findings.md#in-a-config). `clarify schema` prints the same as a JSON Schema, so that an
editor completes and explains the keys.

A *whole number* has no decimal point and a *decimal number* has one: the container's own schema
tells `1` from `1.0`.
"""
TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "decimal number",
    "boolean": "`true` or `false`",
    "null": "`null`",
    "object": "object",
}

Schema = Mapping[str, Any]


def config_page() -> str:
    """Return the page."""
    schema = json_schema()
    return "\n".join([_INTRODUCTION, *sections(schema, schema["$defs"])])


def sections(schema: Schema, definitions: Schema, path: str = "") -> Iterator[str]:
    """Yield a section for an object, then one for each object among its members."""
    yield f"## `{path}` {{#{path.replace('[]', '')}}}" if path else "## The top level {#top}"
    yield ""
    yield prose(schema["description"])
    yield ""
    required = schema.get("required", ())
    yield from table(
        ["key", "type", "meaning"],
        (
            [
                f"`{key}`" + (" (required)" if key in required else ""),
                type_of(member, _join(path, key)),
                prose(member["description"]),
            ]
            for key, member in schema["properties"].items()
        ),
    )
    for key, member in schema["properties"].items():
        for name, suffix in _objects(member):
            yield from sections(definitions[name], definitions, _join(path, key) + suffix)


def type_of(schema: Schema, path: str, names: Mapping[str, str] = TYPES) -> str:
    """Return in words what a value may be; an object of its own is a link to its section.

    ``names`` says what JSON's own types are called.
    """
    match schema:
        case {"$ref": str()}:
            return f"[object](#{path.replace('[]', '')})"
        case {"const": value}:
            return f"`{value}`"
        case {"enum": list(values)}:
            return "one of " + ", ".join(f"`{value}`" for value in values)
        case {"anyOf": list(some)} | {"oneOf": list(some)}:
            return " or ".join(dict.fromkeys(type_of(each, path, names) for each in some))
        case {"type": list(kinds), **more}:
            return " or ".join(type_of({**more, "type": kind}, path, names) for kind in kinds)
        case {"type": "array", **more}:
            return f"list of: {type_of(more.get('items', {}), path, names)}"
        case {"type": str(name), **more}:
            return names[name] + _bounds(more)
        case _:
            return "any value"


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f", at least {low}" if low is not None else ""


def _objects(schema: Schema, suffix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the definitions that a value may be, with ``[]`` for each list around it."""
    if "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2], suffix
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _objects(each, suffix)
    if "items" in schema:
        yield from _objects(schema["items"], f"{suffix}[]")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
