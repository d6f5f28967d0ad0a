"""Every call of every role is allowed, and every neighbour of it denied, in every configuration.

Judged by the code with which the emulator enforces IAM in each rehearsal; `test_rights_simulated`
asks an evaluator that is not ours.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import clarify_lambda
from clarify_cdk.wildcards import FORCED_WILDCARDS
from clarify_local.emulator.policy import as_list
from support_proof.account import Document
from support_proof.callers import TITLES
from support_proof.configurations import CONFIGURATIONS
from support_proof.deployments import callers, deployments
from support_proof.emulated import allows
from support_proof.neighbours import KINDS
from support_proof.requests import NOT_TAKEN_ON, OWN, TAKEN_ON, Request, all_requests, requests
from support_proof.rights_page import COMMAND, PAGE, page

NAMES = [one.name for one in CONFIGURATIONS]


@pytest.mark.parametrize("configuration", NAMES)
def test_its_own_calls_are_allowed_and_no_neighbour(configuration: str) -> None:
    found = [*requests(configuration)]
    assert [str(one) for one in found if allows(one) is not one.allowed] == []


def test_the_matrix_has_every_kind_of_role_and_of_neighbour() -> None:
    found = all_requests()
    assert {one.title for one in found} == {*TITLES}
    assert {one.kind for one in found} == {OWN, TAKEN_ON, NOT_TAKEN_ON, *KINDS}


@pytest.mark.parametrize("configuration", NAMES)
def test_every_role_and_every_policy_of_a_template_is_in_the_matrix(configuration: str) -> None:
    account = deployments()[configuration].account
    assert {one.role.arn for one in callers(configuration)} == {*account.roles}
    policies = [policy.properties["PolicyDocument"] for policy in account.of_type("IAM::Policy")]
    judged = [document for one in callers(configuration) for document in one.role.identity]
    assert sorted(map(str, judged)) == sorted(map(str, policies))
    assert not [one for one in account.of_type("IAM::Role") if "Policies" in one.properties]
    assert not [
        one for one in account.of_type("IAM::Role") if "ManagedPolicyArns" in one.properties
    ]


@pytest.mark.parametrize("configuration", NAMES)
def test_a_star_stands_only_where_aws_forces_it(configuration: str) -> None:
    for caller in callers(configuration):
        for statement in _statements(caller.role.identity):
            actions = as_list(statement["Action"])
            assert not [action for action in actions if "*" in action]
            if "*" in as_list(statement["Resource"]):
                assert {*actions} <= {*FORCED_WILDCARDS}


def test_every_call_in_the_functions_code_was_made() -> None:
    """The matrix has what the code did here; so the code has to do all that it can do."""
    written: set[str] = set()
    for file in Path(next(iter(clarify_lambda.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Call(func=ast.Name(id=client)), attr=method)
                ) if client in ("_s3", "_sagemaker", "_ec2"):
                    written.add(f"{client[1:]}.{method}")
    made = {
        f"{call.service}.{call.method}"
        for one in deployments().values()
        for call in one.lambda_calls
    }
    assert written == made


@pytest.mark.parametrize("configuration", NAMES)
def test_no_right_is_held_that_no_call_needs(configuration: str) -> None:
    own = [one for one in requests(configuration) if one.kind == OWN]
    unneeded = {
        told for told, changed in _changes(own, _alone, rest=False) if not any(map(allows, changed))
    }
    # CDK grants the versions of a function with it; the state machine calls none of them.
    versions = {
        f"workflow: lambda:InvokeFunction on {function.arn}:*"
        for function in deployments()[configuration].account.of_type("Lambda::Function")
    }
    assert unneeded == versions


@pytest.mark.parametrize("configuration", NAMES)
def test_a_right_that_is_widened_would_be_noticed(configuration: str) -> None:
    """So the neighbours lie close enough to say that a right is as narrow as it looks."""
    near = [one for one in requests(configuration) if one.kind in KINDS]
    changes = [*_changes(near, _wider, rest=True)]
    assert len(changes) > 20
    assert [told for told, changed in changes if not any(map(allows, changed))] == []


def test_the_page_for_people_says_what_is_so() -> None:
    assert PAGE.read_text("utf-8") == page(), f"out of date; write it with: {COMMAND}"


def _statements(documents: tuple[Document, ...]) -> Iterator[dict[str, Any]]:
    for document in documents:
        yield from as_list(document["Statement"])


Changed = Iterator[tuple[str, dict[str, Any] | None]]


def _changes(
    found: list[Request], change: Callable[[dict[str, Any]], Changed], *, rest: bool
) -> Iterator[tuple[str, list[Request]]]:
    """Yield each changed statement in words, with the requests of its role under it.

    ``rest``: the role keeps its other statements.
    """
    roles: dict[str, list[Request]] = {}
    for one in found:
        roles.setdefault(one.principal, []).append(one)
    for of_role in roles.values():
        held = [*_statements(of_role[0].identity)]
        for place, statement in enumerate(held):
            others = [*held[:place], *held[place + 1 :]] if rest else []
            for told, changed in change(statement):
                new = {"Statement": [*others, *([] if changed is None else [changed])]}
                yield (
                    f"{of_role[0].title}: {told}",
                    [replace(one, identity=(new,)) for one in of_role],
                )


def _alone(statement: dict[str, Any]) -> Changed:
    if statement["Effect"] == "Deny":
        return
    for action in as_list(statement["Action"]):
        for resource in as_list(statement["Resource"]):
            narrow = {**statement, "Action": action, "Resource": resource}
            yield f"{action} on {resource}", narrow


def _wider(statement: dict[str, Any]) -> Changed:
    actions = ", ".join(as_list(statement["Action"]))
    if statement["Effect"] == "Deny":
        yield f"without the denial of {actions}", None
        return
    if as_list(statement["Resource"]) != ["*"]:
        yield f"{actions} on everything", {**statement, "Resource": "*"}
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            rest = {name: value for name, value in keys.items() if name != key}
            yield (
                f"{actions} without {key}",
                {
                    **statement,
                    "Condition": {**statement["Condition"], operator: rest},
                },
            )
