"""Log groups under a KMS key of one's own; CloudWatch Logs itself must be let use it."""

from __future__ import annotations

import json

import jsii
from aws_cdk import Aspects, IAspect, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from clarify_cdk.place import Place
from clarify_cdk.warn import tell


def encrypt_logs(scope: Construct, key: kms.IKey) -> None:
    """Put every log group of a scope under a key, also those that are added to it later.

    A key that this app makes lets CloudWatch Logs use it. An imported one stays as it is: a
    warning, ``clarify-cdk:log-key``, holds the statement that its policy needs before deployment,
    since a log group cannot be made without.

    The log group of the jobs themselves, ``/aws/sagemaker/ProcessingJobs``, is the account's.

    Parameters
    ----------
    scope
        A stack, or a part of one.
    key
        Of the same Region.
    """
    stack = Stack.of(scope)
    statement = _use_by_logs(Place.of(stack), stack.url_suffix)
    if not key.add_to_resource_policy(statement).statement_added:
        text = json.dumps(stack.resolve(statement.to_statement_json()))
        tell(
            scope,
            "log-key",
            "The policy of the log groups' key is not changed by this app. Before deployment it"
            f" must say: {text}",
        )
    Aspects.of(scope).add(_UnderKey(key))


@jsii.implements(IAspect)
class _UnderKey:
    def __init__(self, key: kms.IKey) -> None:
        self._arn = key.key_arn

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, logs.CfnLogGroup):
            node.kms_key_id = self._arn


def _use_by_logs(place: Place, url_suffix: str) -> iam.PolicyStatement:
    """Return the statement of the user guide of CloudWatch Logs, "Encrypt log data".

    A group's own ARN cannot stand there: it is made after its key.
    """
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(f"logs.{place.region}.{url_suffix}")],
        actions=[
            "kms:Decrypt*",
            "kms:Describe*",
            "kms:Encrypt*",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
        ],
        # In a key's policy, this key.
        resources=["*"],
        conditions={
            "ArnLike": {"kms:EncryptionContext:aws:logs:arn": place.arn("logs", "log-group:*")}
        },
    )
