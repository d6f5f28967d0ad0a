"""What the roles of a rehearsed pipeline were asked for, beside what the matrix has of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from clarify_local.aws import EmulatedAws
from clarify_local.deploy import DeployedStack
from clarify_local.emulator.client import Emulator
from support_proof.account import Account
from support_proof.callers import Deployment
from support_proof.intrinsics import Place

#: What differs from run to run, and from one object of a folder to the next.
_PATTERNS = (
    (r"clarify-(?:[\w-]+-)?[0-9a-f]{12}\b", "clarify-<run>"),
    (r"(endpoint(?:-config)?/sm-clarify)-[0-9a-f]{8}-.*", r"\1-<run>"),
    (r"(:execution:[^:]+):.*", r"\1:<run>"),
    (r"(model/clarify-candidate)-[0-9a-f]+", r"\1-<package>"),
    (r"(model-package)/.*", r"\1/<package>"),
    (r"(log-group:[^:]+):.*", r"\1"),
    (r"/output/.*", "/output/<file>"),
    (r"(/dataset/).*", r"\1<file>"),
)


def asked_and_listed(
    aws: EmulatedAws, emulator: Emulator, stack: DeployedStack
) -> tuple[set[str], set[str]]:
    """Return what a stack's roles were asked for, and what the matrix has of it.

    Each is a text of role, action and resource.
    """
    cloudformation = aws.client("cloudformation")
    template: Any = cloudformation.get_template(StackName=stack.name)["TemplateBody"]
    account = Account(Place.of(aws.region, aws.account), template, aws.account)
    names = {
        one.physical_id.rpartition(":")[2]: account.name(one.logical_id)
        for one in stack.resources
        if one.type not in ("AWS::S3::BucketPolicy", "AWS::IAM::Policy")
    }
    callers = [*Deployment(account, {}).callers()]
    listed = {
        f"{caller.role.name} {call.action} {_plain(call.resource)}"
        for caller in callers
        for call in caller.calls
    }
    own = {caller.role.name for caller in callers}
    return {*_asked(emulator.asked(), names, own)}, listed


def _asked(
    asked: list[tuple[str, str, str]], names: dict[str, str], own: set[str]
) -> Iterator[str]:
    for role, action, resource in asked:
        if (holder := names.get(role.rpartition("/")[2])) in own:
            for physical in sorted(names, key=len, reverse=True):
                resource = resource.replace(physical, names[physical])
            yield f"{holder} {action} {_plain(resource)}"


def _plain(resource: str) -> str:
    for pattern, plain in _PATTERNS:
        resource = re.sub(pattern, plain, resource)
    return resource
