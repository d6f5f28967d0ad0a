"""What the policy of a VPC endpoint refuses of what a role is allowed. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clarify_local.emulator.policy import Request, Statement, as_list, judge

_INVOKE = "sagemaker:InvokeEndpoint"


@dataclass(frozen=True)
class Call:
    """One action on one resource that a role allows.

    Attributes
    ----------
    service
        Behind which endpoint it is: ``s3``, ``sagemaker.api`` or ``sagemaker.runtime``.
    resource
        An ARN that a pattern of the role stands for.
    """

    role_arn: str
    service: str
    action: str
    resource: str


def calls(
    role_arn: str,
    policies: Iterable[Mapping[str, Any]],
    buckets: Collection[str] | None = None,
) -> Iterator[Call]:
    """Yield what policies allow of S3 and SageMaker, by name.

    A pattern says of no call that it is made, so actions with ``*`` are left out, and so is ``*``
    as a resource. Of any other pattern one example stands for all.

    Parameters
    ----------
    role_arn, policies
        A role, and its documents.
    buckets
        Names of those in use, where a role may be allowed more than one analysis needs. Default:
        all.
    """
    for statement in (s for policy in policies for s in as_list(policy["Statement"])):
        if statement["Effect"] != "Allow":
            continue
        for action in as_list(statement.get("Action", [])):
            for resource in as_list(statement.get("Resource", [])):
                service = _service(action)
                if service is None or "*" in action or resource == "*":
                    continue
                bucket = resource.rpartition(":")[2].split("/")[0]
                if service == "s3" and buckets is not None and bucket not in buckets:
                    continue
                one = resource.replace("*", "x").replace("?", "x")
                yield Call(role_arn, service, action, one)


def refused(policy: str | None, wanted: Sequence[Call]) -> list[Call]:
    """Return the calls that an endpoint's policy, as EC2 describes it, does not let pass.

    Without a policy all pass. Conditions cannot be judged here: they count as met in what allows,
    and as not met in what denies.
    """
    statements = as_list(json.loads(policy or "{}").get("Statement", []))
    if not statements:
        return []
    return [
        call
        for call in wanted
        if judge(
            [statement for statement in statements if _names(statement, call.role_arn)],
            Request(call.action, call.resource),
            ignored=lambda condition: None,
        )
        != "allowed"
    ]


def _service(action: str) -> str | None:
    if action.startswith("s3:"):
        return "s3"
    if action.startswith("sagemaker:"):
        return "sagemaker.runtime" if action == _INVOKE else "sagemaker.api"
    return None


def _names(statement: Statement, role_arn: str) -> bool:
    _, partition, _, _, account, _ = role_arn.split(":", 5)
    principals = {"*", account, role_arn, f"arn:{partition}:iam::{account}:root"}
    principal = statement.get("Principal", "*")
    named = principal if isinstance(principal, str) else principal.get("AWS", [])
    return bool(principals & {*map(str, as_list(named))})
