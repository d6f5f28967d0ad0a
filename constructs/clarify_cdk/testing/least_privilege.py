"""Roles and policies that allow what is needed, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import Stack

from clarify_cdk.testing.policies import Statement, allowing
from clarify_cdk.testing.review import place, require
from clarify_cdk.wildcards import FORCED_WILDCARDS
from clarify_contract import Finding

_PRINCIPALS = {f"AWS::IAM::{kind}" for kind in ("Group", "Role", "User")}
_JUDGED = _PRINCIPALS | {
    f"AWS::IAM::{kind}"
    for kind in ("GroupPolicy", "ManagedPolicy", "Policy", "RolePolicy", "UserPolicy")
}
#: Services whose guides tell to name the account, or what acts, in the trust policy of a role:
#: else a resource of another account can have them use it. Lambda's names none for a function.
_ON_BEHALF = {
    f"{service}.amazonaws.com" for service in ("events", "sagemaker", "scheduler", "states")
}
_SOURCES = {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"}
#: Services whose ARNs name a resource without its type before it.
_WITHOUT_TYPE = ("execute-api", "s3", "sns", "sqs")
_REFERENCE = re.compile(r"\$\{[^{}]*(\$\{[^{}]*\}[^{}]*)*\}")


def assert_least_privilege(
    stack: Stack | Mapping[str, Any], *, acknowledged: Mapping[str, str] | None = None
) -> None:
    """Fail if a role or policy of a stack allows more than it has to.

    Judged are the identity policies of the template, inline ones too, and who may assume a role.
    None may

    - allow an action on everything (``any-resource``), but those of which
      ``clarify_cdk.wildcards.FORCED_WILDCARDS`` says why AWS forces it;
    - allow a service or a family of actions, like ``s3:*`` or ``s3:Get*`` (``action-family``);
    - say what is not meant: ``NotAction`` or ``NotResource`` (``everything-but``);
    - pass a role to any service (``pass-role-anywhere``);
    - attach a managed policy whose text is not in this template (``policy-elsewhere``);
    - let anybody assume a role (``trust-anybody``), or a service on behalf of another account
      (``trust-any-account``).

    Parameters
    ----------
    stack
        A stack or a template: see ``template_text``.
    acknowledged
        What is meant so: ``"finding-id LogicalId"`` -> why the risk does not arise. One that
        nothing needs fails too.

    Raises
    ------
    AssertionError
        With every finding: where, what was found, what is expected, and what to do.
    """
    __tracebackhide__ = True
    require(stack, judged=_JUDGED, findings=_findings, acknowledged=acknowledged)


def _findings(resources: Mapping[str, Any]) -> Iterator[Finding]:
    for name, resource in resources.items():
        if resource["Type"] not in _JUDGED:
            continue
        for statement in allowing(name, resource):
            if "AssumeRolePolicyDocument" in statement.path:
                yield from _trust(statement)
            else:
                yield from _rights(statement)
        if resource["Type"] in _PRINCIPALS:
            yield from _attached(name, resource, resources)


def _rights(statement: Statement) -> Iterator[Finding]:
    if statement.inverted:
        yield Finding(
            "everything-but",
            statement.path,
            " and ".join(statement.inverted),
            "Action and Resource",
            "Name what is allowed; what is not meant may be a statement of its own, with Deny.",
        )
    if families := [action for action in statement.actions if re.search(r"[*?]", action)]:
        yield Finding(
            "action-family",
            f"{statement.path}.Action",
            ", ".join(families),
            "single actions",
            "Name each action that is called, in an iam.PolicyStatement instead of a grant method.",
        )
    passes = "iam:passrole" in map(str.lower, statement.actions)
    if passes and "iam:passedtoservice" not in statement.condition_keys():
        yield Finding(
            "pass-role-anywhere",
            f"{statement.path}.Condition",
            "iam:PassRole for every service",
            "the condition iam:PassedToService",
            'Add conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}.',
        )
    wide = [resource for resource in statement.resources if _is_anything(resource)]
    if wide and (on := [each for each in statement.actions if not _is_forced(each, wide)]):
        yield Finding(
            "any-resource",
            f"{statement.path}.Resource",
            f"{', '.join(wide)} for {', '.join(on)}",
            "ARNs that name a resource, or what its name begins with",
            "Name the resources, such as bucket.arn_for_objects('dataset/*').",
        )


def _is_forced(action: str, wide: list[str]) -> bool:
    return action in FORCED_WILDCARDS and wide == ["*"]


def _is_anything(resource: str) -> bool:
    """Tell whether a resource names nothing: ``*``, or an ARN with no more than a type."""
    parts = _REFERENCE.sub("reference", resource).split(":", 5)
    if len(parts) < 6:
        return parts[0] in ("*", "arn")
    service, named = parts[2], parts[5]
    if service not in _WITHOUT_TYPE:
        named = re.split("[/:]", named, maxsplit=1)[-1].lstrip("/")
    return not re.split("[/:]", named)[0].strip("*?")


def _attached(
    name: str, resource: Mapping[str, Any], resources: Mapping[str, Any]
) -> Iterator[Finding]:
    attached = resource.get("Properties", {}).get("ManagedPolicyArns", [])
    own = {f"${{{other}}}" for other, each in resources.items() if "ManagedPolicy" in each["Type"]}
    if elsewhere := [str(arn) for arn in attached if arn not in own]:
        yield Finding(
            "policy-elsewhere",
            place(name, resource, "ManagedPolicyArns"),
            ", ".join(elsewhere),
            "policies of this template: the text of others is not known, and may change",
            "Name what is needed in an inline policy.",
        )


def _trust(statement: Statement) -> Iterator[Finding]:
    conditions = statement.condition_keys()
    everybody = "*" in statement.principals or "NotPrincipal" in statement.inverted
    if everybody and not conditions:
        yield Finding(
            "trust-anybody",
            f"{statement.path}.Principal",
            "everybody",
            "one service, account or role",
            "Name who assumes it: assumed_by=iam.ServicePrincipal('sagemaker.amazonaws.com').",
        )
    services = sorted(_ON_BEHALF & {*statement.principals})
    if services and not conditions & _SOURCES:
        yield Finding(
            "trust-any-account",
            f"{statement.path}.Condition",
            f"{', '.join(services)} on behalf of any account",
            "a condition on aws:SourceAccount or aws:SourceArn",
            "Give the principal conditions={'StringEquals': {'aws:SourceAccount': account}}.",
        )
