"""What the state machine's role needs to run Clarify jobs (``.sync``), scoped to their names."""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import aws_iam as iam

from clarify_cdk.place import Place
from clarify_lambda.prepare.names import job_scope

#: The rule by which Step Functions learns that a processing job ended; AWS fixed its name.
MANAGED_RULE = "StepFunctionsGetEventsForSageMakerProcessingJobsRule"


def task_statements(
    place: Place, role: iam.IRole, job_name_prefix: str, *, sync: bool
) -> Iterator[iam.PolicyStatement]:
    """Yield the statements of the service's guide, narrowed to this prefix and this role."""
    jobs = place.arn("sagemaker", f"processing-job/{job_scope(job_name_prefix)}*")
    actions = ["sagemaker:AddTags", "sagemaker:CreateProcessingJob"]
    if sync:
        # Step Functions tags a job that it waits for, asks how it is, and stops it when aborted.
        actions += [
            "sagemaker:DescribeProcessingJob",
            "sagemaker:ListTags",
            "sagemaker:StopProcessingJob",
        ]
    yield iam.PolicyStatement(actions=actions, resources=[jobs])
    yield iam.PolicyStatement(
        actions=["iam:PassRole"],
        resources=[role.role_arn],
        conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    )
    if sync:
        yield iam.PolicyStatement(
            actions=["events:DescribeRule", "events:PutRule", "events:PutTargets"],
            resources=[place.arn("events", f"rule/{MANAGED_RULE}")],
        )
