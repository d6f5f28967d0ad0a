"""Templates with one thing wrong, and what an assertion says about them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from support_constructs.templates import assembly

Assertion = Callable[..., None]
Resources = dict[str, Any]
Slip = Callable[[Resources], None]


@cache
def template(stack: str, flags: str = "recommended-flags") -> dict[str, Any]:
    path = assembly(flags).folder / f"{stack}.template.json"
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def slipped(stack: str, slip: Slip) -> dict[str, Any]:
    document = copy.deepcopy(template(stack))
    slip(document["Resources"])
    return document


def found(assertion: Assertion, document: Any, **more: Any) -> list[str]:
    """Return the finding and the logical id of each line of a failure."""
    with pytest.raises(AssertionError) as failed:
        assertion(document, **more)
    lines = [line for line in str(failed.value).splitlines() if line.startswith("[")]
    for line in lines:
        assert ": got " in line
        assert "; expected " in line
        assert line.endswith(".")
    return [" ".join(line[1:].replace("]", "", 1).split()[:2]) for line in lines]


def one(resources: Resources, kind: str, begins: str = "") -> Any:
    """Return the properties of the first resource of a type whose logical id begins so."""
    return next(
        resource.setdefault("Properties", {})
        for name, resource in resources.items()
        if resource["Type"] == f"AWS::{kind}" and name.startswith(begins)
    )


def statement_of(resources: Resources, policy: str = "CheckRoleDefaultPolicy") -> Any:
    return one(resources, "IAM::Policy", policy)["PolicyDocument"]["Statement"][2]


def set_in(*keys: Any, to: Any, kind: str, begins: str = "") -> Slip:
    """Return a slip that sets one property of the first resource of a type."""

    def slip(resources: Resources) -> None:
        inner = one(resources, kind, begins)
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = to

    return slip


def in_statement(**changes: Any) -> Slip:
    return lambda resources: statement_of(resources).update(changes)


def in_trust(**changes: Any) -> Slip:
    def slip(resources: Resources) -> None:
        role = one(resources, "IAM::Role", "PipelineJobRole")
        role["AssumeRolePolicyDocument"]["Statement"][0].update(changes)

    return slip


def in_definition(old: str, new: str) -> Slip:
    """Return a slip in the text of the pipeline's definition, which is an Fn::Join."""

    def slip(resources: Resources) -> None:
        machine = one(resources, "StepFunctions::StateMachine", "PipelineStateMachine")
        text = json.dumps(machine["DefinitionString"])
        assert json.dumps(old)[1:-1] in text
        machine["DefinitionString"] = json.loads(
            text.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])
        )

    return slip


def plus(kind: str, **properties: Any) -> Slip:
    """Return a slip that adds a resource, ``New``."""
    resource = {"Type": f"AWS::{kind}", "Properties": properties}
    return lambda resources: resources.update(New=resource)


def policy(**statement: Any) -> dict[str, Any]:
    return {"Statement": {"Effect": "Allow", **statement}}
