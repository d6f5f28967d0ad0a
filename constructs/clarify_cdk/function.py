"""One Lambda function of the pipeline: small, traced, with a log group and a role of its own."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from clarify_cdk.lambda_code import lambda_code
from clarify_cdk.network import ClarifyNetwork

_RUNTIME = lambda_.Runtime.PYTHON_3_13
_TIMEOUT = Duration.minutes(1)


#: What Lambda does with a function's role to put it into a VPC.
_NETWORK_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


def pipeline_function(
    scope: Construct, handler: str, description: str, *, network: ClarifyNetwork | None = None
) -> lambda_.Function:
    """Return the function that runs ``handler``, with no right but to write its own log and trace.

    Parameters
    ----------
    scope
        The construct that the function belongs to; it gets ``LogGroup``, ``Role`` and ``Function``,
        and in a network ``NoNetworkRights``.
    handler
        Import path of the handler: ``clarify_lambda.check.handler.handler``.
    description
        One sentence, shown in the console.
    network
        Where it runs. Default: in no VPC. It reaches S3 and the SageMaker API there; its log and
        its traces are sent by Lambda itself.
    """
    log_group = logs.LogGroup(scope, "LogGroup", retention=logs.RetentionDays.THREE_MONTHS)
    # A role of its own instead of the default one: that has a managed policy, with rights to every
    # log group of the account.
    role = iam.Role(
        scope,
        "Role",
        description=description,
        # Without aws:SourceAccount and aws:SourceArn: Lambda's guide names neither for the role of
        # a function (only for who may invoke it), so a condition might let nobody in.
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    )
    function = lambda_.Function(
        scope,
        "Function",
        description=description,
        code=lambda_code(),
        handler=handler,
        runtime=_RUNTIME,
        role=role,
        log_group=log_group,
        tracing=lambda_.Tracing.ACTIVE,
        timeout=_TIMEOUT,
        memory_size=256,
        **(_in_network(network) if network is not None else {}),
    )
    if network is not None:
        _let_lambda_connect(scope, function, role)
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[log_group.log_group_arn],
        )
    )
    return function


def _in_network(network: ClarifyNetwork) -> dict[str, Any]:
    return {
        "vpc": network.vpc,
        "vpc_subnets": ec2.SubnetSelection(subnets=network.subnets),
        "security_groups": [network.function_security_group],
        "environment": network.environment,
        # CDK refuses public subnets: a function has no way to the internet there. It needs none.
        "allow_public_subnet": True,
    }


def _let_lambda_connect(scope: Construct, function: lambda_.Function, role: iam.Role) -> None:
    """Let Lambda make network interfaces with the role, and the function's own code make none.

    Source: Lambda developer guide, on functions in a VPC and the condition for their code.
    """
    # `FORCED_WILDCARDS` says why it is every resource.
    function.add_to_role_policy(iam.PolicyStatement(actions=[*_NETWORK_ACTIONS], resources=["*"]))
    iam.Policy(
        scope,
        "NoNetworkRights",
        roles=[role],
        statements=[
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=[*_NETWORK_ACTIONS],
                resources=["*"],
                conditions={"ArnEquals": {"lambda:SourceFunctionArn": function.function_arn}},
            )
        ],
    )
