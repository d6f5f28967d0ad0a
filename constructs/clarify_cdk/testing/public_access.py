"""Nothing that anybody may use: buckets, functions, topics, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import Stack

from clarify_cdk.testing.policies import Statement, allowing
from clarify_cdk.testing.review import place, require
from clarify_contract import Finding

_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
#: Types with a policy about who may use them. Those of identities and endpoints are others: they
#: open nothing by themselves.
_WITH_POLICY = {
    "AWS::ECR::Repository",
    "AWS::Events::EventBus",
    "AWS::Events::EventBusPolicy",
    "AWS::KMS::Key",
    "AWS::Logs::ResourcePolicy",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::ResourcePolicy",
}
_JUDGED = _WITH_POLICY | {"AWS::S3::Bucket", "AWS::Lambda::Permission", "AWS::Lambda::Url"}
#: Conditions that say which account, organisation or network everybody must belong to.
_NARROWING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "kms:calleraccount",
}


def assert_no_public_access(
    stack: Stack | Mapping[str, Any], *, acknowledged: Mapping[str, str] | None = None
) -> None:
    """Fail if anybody in the world may use something of a stack.

    Judged are buckets, which must block public access (``bucket-unblocked``); the policies of
    buckets, keys, topics, queues, secrets, repositories, event buses and logs, none of which may
    allow everybody something without naming account, organisation or VPC
    (``policy-for-everybody``); and permissions and addresses of Lambda functions
    (``function-public``).

    Parameters
    ----------
    stack, acknowledged
        See ``assert_least_privilege``.

    Raises
    ------
    AssertionError
        With every finding: where, what was found, what is expected, and what to do.
    """
    __tracebackhide__ = True
    require(stack, judged=_JUDGED, findings=_findings, acknowledged=acknowledged)


def _findings(resources: Mapping[str, Any]) -> Iterator[Finding]:
    for name, resource in resources.items():
        yield from _of_resource(name, resource)


def _of_resource(name: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    kind, properties = resource["Type"], resource.get("Properties", {})
    if kind == "AWS::S3::Bucket":
        blocked = properties.get("PublicAccessBlockConfiguration", {})
        if missing := [block for block in _BLOCKS if blocked.get(block) not in (True, "true")]:
            yield Finding(
                "bucket-unblocked",
                place(name, resource, "PublicAccessBlockConfiguration"),
                f"no {', '.join(missing)}",
                "all four, true",
                "Give block_public_access=s3.BlockPublicAccess.BLOCK_ALL.",
            )
    elif kind == "AWS::Lambda::Url" and properties.get("AuthType") != "AWS_IAM":
        yield _function_public(place(name, resource, "AuthType"), "an address for everybody")
    elif kind == "AWS::Lambda::Permission" and properties.get("Principal") == "*":
        if not properties.keys() & {"SourceAccount", "PrincipalOrgID", "SourceArn"}:
            yield _function_public(place(name, resource, "Principal"), "a permission for everybody")
    elif kind in _WITH_POLICY:
        for statement in allowing(name, resource):
            yield from _open(statement)


def _open(statement: Statement) -> Iterator[Finding]:
    everybody = "*" in statement.principals or "NotPrincipal" in statement.inverted
    if everybody and not statement.condition_keys() & _NARROWING:
        yield Finding(
            "policy-for-everybody",
            f"{statement.path}.Principal",
            f"everybody, for {', '.join(statement.actions) or 'what NotAction leaves'}",
            "an account, role or service, or a condition such as aws:PrincipalOrgID",
            "Name who is meant: principals=[iam.AccountPrincipal(stack.account)].",
        )


def _function_public(path: str, given: str) -> Finding:
    return Finding(
        "function-public",
        path,
        given,
        "callers that are named, or signed requests",
        "Name principal and source account; an address takes FunctionUrlAuthType.AWS_IAM.",
    )
