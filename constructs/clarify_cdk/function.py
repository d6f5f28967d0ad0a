"""One Lambda function of the pipeline: small, traced, with a log group and a role of its own."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from clarify_cdk.lambda_code import lambda_code

_RUNTIME = lambda_.Runtime.PYTHON_3_13
_TIMEOUT = Duration.minutes(1)


def pipeline_function(scope: Construct, handler: str, description: str) -> lambda_.Function:
    """Return the function that runs ``handler``, with no right but to write its own log and trace.

    Parameters
    ----------
    scope
        The construct that the function belongs to; it gets ``LogGroup``, ``Role`` and ``Function``.
    handler
        Import path of the handler: ``clarify_lambda.check.handler.handler``.
    description
        One sentence, shown in the console.
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
    )
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[log_group.log_group_arn],
        )
    )
    return function
