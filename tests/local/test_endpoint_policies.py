"""Policies of the endpoints that a deployed job goes through, beside what its role allows."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_local.endpoint_policies import Call, calls, refused
from support_local.networks import Described, Facts, found


def allow(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": resource, **more}


def test_what_the_role_allows_is_asked_of_the_endpoints(described: Described) -> None:
    asked = {call.action for call in described.tenant.calls}
    assert {"s3:GetObject", "s3:PutObject", "s3:ListBucket"} <= asked
    assert {"sagemaker:CreateEndpoint", "sagemaker:InvokeEndpoint"} <= asked
    assert not [action for action in asked if not action.startswith(("s3:", "sagemaker:"))]
    # The endpoints of the own VPC are narrow, and let all of it pass.
    assert '"s3:PutObject"' in Facts(described).endpoint("s3")["PolicyDocument"]
    assert found(described) == []


@pytest.mark.parametrize(
    ("service", "statements", "first"),
    [
        ("s3", [allow("s3:GetObject", "s3:ListBucket")], "s3:PutObject"),
        ("s3", [allow("s3:*", resource="arn:aws:s3:::elsewhere/*")], "s3:ListBucket"),
        ("s3", [allow("s3:*", Principal={"AWS": "arn:aws:iam::123456789012:role/other"})], "s3:"),
        ("s3", [allow("*"), allow("s3:PutObject", Effect="Deny")], "s3:PutObject"),
        ("sagemaker.api", [allow("sagemaker:Describe*")], "sagemaker:"),
        ("sagemaker.runtime", [allow("sagemaker:InvokeEndpointAsync")], "sagemaker:InvokeEndpoint"),
    ],
)
def test_a_policy_that_refuses_what_the_role_allows_is_named(
    described: Described, service: str, statements: list[dict[str, Any]], first: str
) -> None:
    (finding,) = found(described, lambda facts: facts.policy(service, *statements))
    assert finding.id == f"{service.replace('.', '-')}-policy"
    assert finding.severity == "error"
    assert f"refuses {first}" in finding.given


@pytest.mark.parametrize(
    "statement",
    [
        allow("*"),
        allow("s3:*", Principal={"AWS": ["123456789012"]}),
        # Whose organisation this is, nobody here can tell.
        allow("s3:*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
    ],
)
def test_a_policy_that_may_let_it_pass_is_no_finding(
    described: Described, statement: dict[str, Any]
) -> None:
    assert found(described, lambda facts: facts.policy("s3", statement)) == []


def test_of_a_wide_role_only_what_it_names_is_asked() -> None:
    role = "arn:aws:iam::123456789012:role/wide"
    policy = {
        "Statement": [
            allow("s3:*", "kms:Decrypt"),
            allow("s3:GetObject", resource="arn:aws:s3:::mine/*"),
            allow("s3:GetObject", resource="arn:aws:s3:::theirs/*"),
        ]
    }
    (call,) = calls(role, [policy], {"mine"})
    assert call == Call(role, "s3", "s3:GetObject", "arn:aws:s3:::mine/x")
    assert refused(None, [call]) == []
