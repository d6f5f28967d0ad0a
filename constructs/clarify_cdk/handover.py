"""Policies for somebody else to put in place: printed as outputs of the stack."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct


def hand_over(
    scope: Construct, id: str, policy: iam.PolicyDocument | dict[str, Any], description: str
) -> str:
    """Print a policy as an output, where deployment fills in every name; return the output's id.

    Parameters
    ----------
    scope, id
        Of the output.
    policy
        The document.
    description
        Who must put it where, in one line.
    """
    stack = Stack.of(scope)
    document = policy.to_json() if isinstance(policy, iam.PolicyDocument) else policy
    output = CfnOutput(scope, id, value=stack.to_json_string(document), description=description)
    return str(stack.resolve(output.logical_id))
