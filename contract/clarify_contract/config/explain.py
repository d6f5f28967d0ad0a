"""Pydantic's errors as findings: place, given, allowed, fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from clarify_contract.config.paths import Place, data_place, json_path, may_hold_data
from clarify_contract.config.wording import closest, describe, describe_type, did_you_mean
from clarify_contract.findings import Finding

UNKNOWN_KEY = "schema-unknown-key"
MISSING_KEY = "schema-missing-key"
#: How the two forms of a forecast baseline are called in the places of pydantic's errors.
URI_TAG, OBJECT_TAG = "(uri)", "(object)"


def explain(
    details: Iterable[ErrorDetails], model: type[BaseModel], root: str = "$"
) -> list[Finding]:
    """Return one finding for each place that is wrong."""
    return [_finding(detail, model, root) for detail in details]


def place_of(detail: ErrorDetails) -> Place:
    """Return where an error is, without pydantic's steps into the members of a union."""
    steps = detail["loc"]
    return tuple(
        step
        for before, step in zip((None, *steps), steps, strict=False)
        if not (before == "baseline" and step in (URI_TAG, OBJECT_TAG))
    )


def closest_key(detail: ErrorDetails, model: type[BaseModel]) -> Place | None:
    """Return the place of the key that was probably meant by an unknown one."""
    if detail["type"] != "extra_forbidden":
        return None
    *outer, key = place_of(detail)
    meant = closest(str(key), model_at(model, tuple(outer)).model_fields)
    return None if meant is None else (*outer, meant)


def model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    """Return the model of the object that stands at ``place``."""
    for step in place:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation)
    return model


def _finding(detail: ErrorDetails, model: type[BaseModel], root: str) -> Finding:
    kind, place, context = detail["type"], place_of(detail), detail.get("ctx", {})
    data = data_place(place) if root == "$" else None
    path = json_path(data or place, root)
    if kind == "missing":
        return _missing(path, str(place[-1]), model_at(model, place[:-1]))
    if kind == "extra_forbidden":
        return _unknown(path, str(place[-1]), model_at(model, place[:-1]))
    given = (describe_type if may_hold_data(place) else describe)(detail["input"])
    if "allowed" in context:
        return Finding(kind, path, given, context["allowed"], context["fix"])
    finding_id, allowed, fix = _BUILT_IN[kind](context)
    return Finding(finding_id, path, given, allowed, fix)


# The errors that pydantic makes by itself for the types of this package; all others are refusals.
_BUILT_IN: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str, str]]] = {
    "model_type": lambda _: ("schema-type", "an object", "Write an object: {…}."),
    "greater_than_equal": lambda limit: (
        "schema-value",
        f"at least {limit['ge']}",
        f"Write {limit['ge']} or more.",
    ),
    "less_than_equal": lambda limit: (
        "schema-value",
        f"at most {limit['le']}",
        f"Write {limit['le']} or less.",
    ),
}


def _missing(path: str, key: str, model: type[BaseModel]) -> Finding:
    meaning = " ".join(str(model.model_fields[key].description).split())
    return Finding(MISSING_KEY, path, "nothing", f'the key "{key}"', f"Add it: {meaning}")


def _unknown(path: str, key: str, model: type[BaseModel]) -> Finding:
    known = model.model_fields
    return Finding(
        UNKNOWN_KEY,
        path,
        "an unknown key",
        "a key that the analysis config knows",
        did_you_mean(key, known) or f"Remove it; the keys here are {', '.join(known)}.",
    )


def _model_in(annotation: Any) -> type[BaseModel]:
    candidates = [annotation]
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
        candidates.extend(get_args(candidate))
    raise LookupError(annotation)
