"""The role that a Clarify job runs under."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.image import ClarifyImage
from clarify_cdk.job_rights import grant_keys, job_statements
from clarify_cdk.place import Place


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

    Attributes
    ----------
    rights
        The policy with all of it, apart from the keys'.

    Raises
    ------
    Refused
        If the stack's Region is known and has no managed image.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
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
        self.rights = iam.Policy(self, "Rights")
        self.attach_inline_policy(self.rights)
        grant_job(self, self, analysis, image=image, in_vpc=in_vpc, volume_key=volume_key)


def grant_job(
    scope: Construct,
    role: iam.IRole,
    analysis: Analysis,
    *,
    image: ClarifyImage | None = None,
    in_vpc: bool = False,
    volume_key: kms.IKey | None = None,
) -> None:
    """Give a role what ``ClarifyRole`` has; one imported as immutable stays as it is.

    Parameters
    ----------
    scope
        Where a policy for a role that is no ``ClarifyRole`` is made, with the id ``JobRights``.
    role
        Who gets the rights.
    analysis, image, in_vpc, volume_key
        As for ``ClarifyRole``.
    """
    bound = (image or ClarifyImage.managed()).bind(scope)
    if isinstance(role, ClarifyRole):
        # What it has already is not written twice: a policy keeps one of equal statements.
        policy = role.rights
    else:
        policy = iam.Policy(scope, "JobRights")
        role.attach_inline_policy(policy)
    statements = job_statements(Place.of(Stack.of(scope)), analysis, image=bound, in_vpc=in_vpc)
    policy.add_statements(*statements)
    grant_keys(role, analysis, volume_key=volume_key)
