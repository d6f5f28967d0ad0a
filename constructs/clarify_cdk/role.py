"""The role that a Clarify job runs under."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.image import ClarifyImage
from clarify_cdk.job_rights import grant_keys, job_statements


class ClarifyRole(iam.Role):
    """A role with what one analysis needs, and nothing else.

    SageMaker may assume it, on behalf of this account only. What it may read, ask and write is
    derived from the analysis: pre-training bias alone gets no SageMaker action; a model gets the
    life of its shadow endpoint, under this analysis' endpoint prefix; an endpoint gets its calls.

    Parameters
    ----------
    analysis
        What is read, asked and written.
    image
        The image that the job pulls. Default: the managed one.
    in_vpc
        Whether the job runs in a VPC. Default: it does not.
    volume_key
        KMS key of the job's volume.

    Raises
    ------
    Refused
        If the stack's Region is known and has no managed image.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - every construct calls it so
        *,
        analysis: Analysis,
        image: ClarifyImage | None = None,
        in_vpc: bool = False,
        volume_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(
            scope,
            id,
            description="Runs Clarify processing jobs",
            assumed_by=iam.ServicePrincipal(
                "sagemaker.amazonaws.com",
                # No other account's job can be made to use this role.
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
            ),
        )
        grant_job(
            self,
            analysis,
            image=image,
            in_vpc=in_vpc,
            volume_key=volume_key,
        )


def grant_job(
    role: iam.IRole,
    analysis: Analysis,
    *,
    image: ClarifyImage | None = None,
    in_vpc: bool = False,
    volume_key: kms.IKey | None = None,
) -> None:
    """Give a role what ``ClarifyRole`` has; one imported as immutable stays as it is."""
    bound = (image or ClarifyImage.managed()).bind(role)
    for statement in job_statements(Stack.of(role), analysis, image=bound, in_vpc=in_vpc):
        role.add_to_principal_policy(statement)
    grant_keys(role, analysis, volume_key=volume_key)
