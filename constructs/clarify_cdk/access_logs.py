"""Who asked what of a stack's buckets, kept in a bucket that the account has."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Annotations, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from clarify_cdk.handover import hand_over
from clarify_cdk.warn import tell


def access_log_prefix(stack: Stack, name: str) -> str:
    """Return where the access logs of one bucket stand, by its id."""
    return f"{stack.stack_name}/{name}/"


def ask_owner_of_access_logs(stack: Stack, logs: s3.IBucket, buckets: Sequence[s3.Bucket]) -> None:
    """Print what the policy of the bucket of access logs must allow; warn of it.

    Parameters
    ----------
    stack
        Where the output is made, as ``AccessLogsPolicy``.
    logs
        The bucket that keeps them.
    buckets
        Whose access logs they are.
    """
    for bucket in buckets:
        # It says no more than that something is missing.
        Annotations.of(bucket).acknowledge_warning(
            "@aws-cdk/aws-s3:accessLogsPolicyNotAdded", "clarify-cdk:access-logs says what"
        )
    policy = iam.PolicyDocument(
        statements=[
            # Source: S3 user guide, "Enabling Amazon S3 server access logging".
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("logging.s3.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[logs.arn_for_objects(f"{stack.stack_name}/*")],
                conditions={
                    "ArnLike": {"aws:SourceArn": [bucket.bucket_arn for bucket in buckets]},
                    "StringEquals": {"aws:SourceAccount": stack.account},
                },
            )
        ]
    )
    told = f"What the policy of {logs.bucket_name} must allow, to get access logs"
    output = hand_over(stack, "AccessLogsPolicy", policy, told)
    tell(
        stack,
        "access-logs",
        f"The policy of {logs.bucket_name} is not changed by this app. Access logs of the buckets"
        f" arrive there once it allows what is the stack's output {output}.",
    )
