"""The answer of the emulator's own judgement: the code that enforces IAM in every rehearsal."""

from __future__ import annotations

from typing import Any

from clarify_local.emulator.policy import Request as Asked
from clarify_local.emulator.policy import Statement, as_list, judge
from support_proof.account import Document
from support_proof.requests import Request

#: Keys of which a request that does not hold them is known not to have them.
_KNOWN = (
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "cloudwatch:namespace",
    "iam:PassedToService",
    "lambda:SourceFunctionArn",
    "s3:prefix",
    "sagemaker:ModelArn",
)


def allows(request: Request) -> bool:
    """Tell whether a request is allowed, with every condition judged."""
    context: dict[str, tuple[str, ...]] = {key.lower(): () for key in _KNOWN}
    context |= {key.lower(): values for key, values in request.context.items()}
    asked = Asked(request.action, request.resource, context)

    def says(document: Document, *, of_resource: bool = False) -> str:
        statements = as_list(document["Statement"])
        if of_resource:
            statements = [one for one in statements if _names(one, request.principal)]
        return judge(statements, asked, ignored=_not_judged)

    resource = request.resource_policy
    answer = "silent" if resource is None else says(resource, of_resource=True)
    if answer == "denied":
        return False
    if not request.identity:  # a service, which has no policies
        return answer == "allowed"
    limits = [one for one in (request.boundary, request.door) if one is not None]
    if any(says(limit) != "allowed" for limit in limits):
        return False
    every = [one for document in request.identity for one in as_list(document["Statement"])]
    if judge(every, asked, ignored=_not_judged) != "allowed":
        return False
    elsewhere = request.owner != request.principal.split(":")[4]
    needs_both = elsewhere or (request.action.startswith("kms:") and resource is not None)
    return answer == "allowed" or not needs_both


def _names(statement: Statement, principal: str) -> bool:
    named: Any = statement["Principal"]
    if named == "*":
        return True
    if principal.startswith("arn:"):
        _, partition, _, _, account, _ = principal.split(":", 5)
        identities = {"*", principal, f"arn:{partition}:iam::{account}:root"}
        return bool(identities & {*as_list(named.get("AWS", []))})
    return principal in as_list(named.get("Service", []))


def _not_judged(condition: str) -> None:
    raise AssertionError(f"not judged: {condition}")
