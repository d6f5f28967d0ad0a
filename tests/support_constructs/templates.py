"""Templates of every configuration, and what is asked of them: resources, states, statements."""

from __future__ import annotations

import atexit
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import aws_cdk as cdk

from clarify_cdk.testing.readable import readable
from support_constructs.configs import ROOT
from support_constructs.stacks import add_all

#: Flags that `cdk.json` recommends, or none at all: what holds must hold with both.
FLAGS: Mapping[str, Mapping[str, Any]] = {
    "recommended-flags": {
        key: value
        for key, value in json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"].items()
        if key != "clarify"
    },
    "no-flags": {},
}


@dataclass(frozen=True)
class Assembly:
    """A synthesised app."""

    folder: Path

    def template(self, stack: str) -> Template:
        """Return the template of one stack."""
        text = (self.folder / f"{stack}.template.json").read_text("utf-8")
        return Template(readable(json.loads(text)))


@cache
def assembly(flags: str) -> Assembly:
    """Return the app of all configurations, synthesised once for each set of flags."""
    folder = Path(mkdtemp(prefix="clarify-assembly-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    app = cdk.App(outdir=str(folder), context=dict(FLAGS[flags]), analytics_reporting=False)
    add_all(app)
    app.synth()
    return Assembly(folder)


def template_of(stack: cdk.Stack) -> Template:
    """Synthesise the app of a stack and return the stack's template."""
    root = stack.node.root
    assert isinstance(root, cdk.Stage)
    artifact = root.synth(force=True).get_stack_by_name(stack.stack_name)
    return Template(readable(artifact.template))


@dataclass(frozen=True)
class Template:
    """One template, made readable."""

    document: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return resources of a type by logical id; the type is given without ``AWS::``."""
        return {
            name: resource
            for name, resource in self.document.get("Resources", {}).items()
            if resource["Type"] == f"AWS::{kind}"
        }

    def only(self, kind: str, name: str = "") -> dict[str, Any]:
        """Return the properties of the one resource of a type whose logical id begins so."""
        resource = self.of_type(kind)[self.logical_id(kind, name)]
        properties: dict[str, Any] = resource.get("Properties", {})
        return properties

    def logical_id(self, kind: str, name: str = "") -> str:
        """Return the logical id of the one resource of a type whose logical id begins so."""
        found = [logical_id for logical_id in self.of_type(kind) if logical_id.startswith(name)]
        assert len(found) == 1, f"{len(found)} resources {kind} {name}*"
        return found[0]

    def definition(self) -> dict[str, Any]:
        """Return the definition of the pipeline's state machine."""
        return self._definition(cleanup=False)

    def cleanup_definition(self) -> dict[str, Any]:
        """Return the definition of the state machine that deletes what a run left behind."""
        return self._definition(cleanup=True)

    def _definition(self, *, cleanup: bool) -> dict[str, Any]:
        (found,) = [
            resource["Properties"]["DefinitionString"]
            for name, resource in self.of_type("StepFunctions::StateMachine").items()
            if ("CleanUp" in name) == cleanup
        ]
        assert isinstance(found, dict)
        return found

    def state(self, name: str) -> dict[str, Any]:
        """Return one state of the pipeline's state machine."""
        state = self.definition()["States"][name]
        assert isinstance(state, dict)
        return state

    def statements(self, role: str = "") -> list[dict[str, Any]]:
        """Return the statements of the roles whose logical id begins so; actions are lists."""
        return [
            statement
            for policy in self.of_type("IAM::Policy").values()
            if any(name.startswith(f"${{{role}") for name in policy["Properties"]["Roles"])
            for statement in statements_of(policy["Properties"]["PolicyDocument"])
        ]

    def all_statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every statement of every document in the template, with its resource's type."""
        for resource in self.document["Resources"].values():
            for document in documents(resource.get("Properties", {})):
                for statement in statements_of(document):
                    yield resource["Type"], statement


def actions(statements: list[dict[str, Any]]) -> set[str]:
    """Return every action of these statements."""
    return {action for statement in statements for action in statement["Action"]}


def resources_of(statements: list[dict[str, Any]], action: str) -> set[str]:
    """Return every resource on which an action is allowed."""
    return {
        resource
        for statement in statements
        if action in statement["Action"] and statement["Effect"] == "Allow"
        for resource in statement["Resource"]
    }


def documents(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every policy document in a value."""
    if isinstance(value, dict):
        if "Statement" in value and "Version" in value:
            yield value
        for entry in value.values():
            yield from documents(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from documents(entry)


def statements_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statements of a policy document; actions and resources are lists."""
    return [
        statement
        | {
            key: [statement[key]] if isinstance(statement[key], str) else statement[key]
            for key in ("Action", "Resource")
            if key in statement
        }
        for statement in document["Statement"]
    ]
