"""The permissions of a deployed pipeline's roles, one by one, and a way to take one away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from clarify_local.aws import EmulatedAws
from clarify_local.deploy import DeployedStack

#: A policy must have a statement.
_NOTHING = {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource, for one role; names are those of the template."""

    role: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role} {self.action} {self.resource}"


class Roles:
    """The inline policies of a deployed stack's roles."""

    def __init__(self, aws: EmulatedAws, stack: DeployedStack) -> None:
        self._iam = aws.client("iam")
        self._names = {
            resource.physical_id: _plain(resource.logical_id)
            for resource in stack.resources
            if resource.type != "AWS::S3::BucketPolicy"  # its physical id is the bucket's
        }
        self._policies: dict[tuple[str, str], dict[str, Any]] = {}
        for role in stack.of_type("AWS::IAM::Role"):
            name = role.physical_id
            for policy in self._iam.list_role_policies(RoleName=name)["PolicyNames"]:
                document = self._iam.get_role_policy(RoleName=name, PolicyName=policy)
                self._policies[name, policy] = document["PolicyDocument"]

    def grants(self) -> set[Grant]:
        """Return every permission that a policy holds."""
        return {
            Grant(self._names[role], action, self._label(resource))
            for (role, _), document in self._policies.items()
            for statement in document["Statement"]
            for action in _list(statement["Action"])
            for resource in _list(statement["Resource"])
        }

    @contextmanager
    def without(self, *taken: Grant) -> Iterator[None]:
        """Take permissions away for as long as a ``with`` block."""
        changed = {}
        for (role, policy), document in self._policies.items():
            statements = [
                {**statement, "Action": action, "Resource": resource}
                for statement in document["Statement"]
                for action in _list(statement["Action"])
                for resource in _list(statement["Resource"])
                if Grant(self._names[role], action, self._label(resource)) not in taken
            ]
            if any(grant.role == self._names[role] for grant in taken):
                changed[role, policy] = {**document, "Statement": statements or [_NOTHING]}
        try:
            self._put(changed)
            yield
        finally:
            self._put({key: self._policies[key] for key in changed})

    def _put(self, policies: dict[tuple[str, str], dict[str, Any]]) -> None:
        for (role, policy), document in policies.items():
            self._iam.put_role_policy(
                RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document)
            )

    def _label(self, arn: str) -> str:
        """Return the part of an ARN that tells resources apart, in the template's names."""
        label = arn.split(":", 5)[-1]
        for physical, name in self._names.items():
            label = label.replace(physical.rsplit(":", 1)[-1], name)
        return label


def _plain(logical_id: str) -> str:
    """Drop the hash that CDK ends a logical id with, and the pipeline's own name."""
    return re.sub(r"[0-9A-F]{8}$", "", logical_id).removeprefix("Pipeline")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
