"""Pydantic's errors as findings: place, given, allowed, fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from clarify_contract.config.paths import Place, data_place, json_path
from clarify_contract.config.wording import describe, describe_type, did_you_mean
from clarify_contract.findings import Finding

UNKNOWN_KEY = "schema-unknown-key"
MISSING_KEY = "schema-missing-key"


def explain(error: ValidationError, given: Any, model: type[BaseModel]) -> list[Finding]:
    """Return one finding for each place that is wrong, in the order of the config."""
    root = "$" if model.__name__.startswith("Analysis") else model.__name__
    return [
        _finding(detail, place_of(detail), given, model, root)
        for detail in error.errors(include_url=False)
    ]


def place_of(detail: ErrorDetails) -> Place:
    """Return where an error is; steps in parentheses are pydantic's names for union members."""
    return tuple(
        step for step in detail["loc"] if not (isinstance(step, str) and step.startswith("("))
    )


def _finding(
    detail: ErrorDetails, place: Place, given: Any, model: type[BaseModel], root: str
) -> Finding:
    kind, context = detail["type"], detail.get("ctx", {})
    path = json_path(data_place(place) or place, root)
    if kind == "missing":
        key = str(place[-1])
        return Finding(
            id=MISSING_KEY,
            path=path,
            given="nothing",
            allowed=f'the key "{key}"',
            fix=f"Add {key}: {_meaning(model_at(model, place[:-1]), key)}",
        )
    if kind == "extra_forbidden":
        return _unknown(path, place, model_at(model, place[:-1]))
    shown = describe_type if data_place(place) else describe
    if "allowed" in context:
        return Finding(
            id=kind,
            path=path,
            given=shown(detail["input"]),
            allowed=context["allowed"],
            fix=context["fix"],
        )
    allowed, fix = _BUILT_IN[kind](context)
    finding_id = "schema-type" if kind == "model_type" else "schema-value"
    return Finding(id=finding_id, path=path, given=shown(detail["input"]), allowed=allowed, fix=fix)


_BUILT_IN: Mapping[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "model_type": lambda _: ("an object", "Write an object: {…}."),
    "greater_than_equal": lambda c: (f"at least {c['ge']}", f"Write {c['ge']} or more."),
    "less_than_equal": lambda c: (f"at most {c['le']}", f"Write {c['le']} or less."),
}


def _unknown(path: str, place: Place, model: type[BaseModel]) -> Finding:
    key = str(place[-1])
    known = list(model.model_fields)
    hint = did_you_mean(key, known) or f"Known keys here: {', '.join(known)}."
    return Finding(
        id=UNKNOWN_KEY,
        path=path,
        given="an unknown key",
        allowed="a key that the analysis config knows",
        fix=f"Remove or rename it. {hint}",
    )


def model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    """Return the model of the object that stands at ``place``."""
    for step in place:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation)
    return model


def _model_in(annotation: Any) -> type[BaseModel]:
    candidates = [annotation]
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
        candidates.extend(get_args(candidate))
    raise LookupError(annotation)


def _meaning(model: type[BaseModel], key: str) -> str:
    described: Mapping[str, Any] = model.model_fields
    return " ".join(str(described[key].description).split())
