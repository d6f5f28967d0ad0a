"""The role that a Clarify job runs under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.analysis_findings import unknown_keys, unknown_names
from clarify_cdk.handover import hand_over
from clarify_cdk.image import ClarifyImage
from clarify_cdk.job_rights import job_statements, key_uses
from clarify_cdk.place import Place
from clarify_cdk.warn import tell, warn
from clarify_contract import Finding, Refused
from clarify_lambda.prepare.names import job_scope


class ClarifyRole(iam.Role):
    """A role with what one analysis needs, and nothing else.

    SageMaker may assume it, on behalf of this account's processing jobs with the analysis' name
    prefix only. What it may read, ask and write is derived from the analysis: pre-training bias
    alone gets no SageMaker action; a model gets the life of its shadow endpoint, under this
    analysis' endpoint prefix; an endpoint gets its calls.

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
    permissions_boundary
        The policy that limits what any policy of the role can give. Default: none.
    path
        IAM path of the role. Default: ``/``.
    role_name
        Default: CloudFormation chooses one; a role with a name of its own cannot be replaced.
    trust_conditions
        What must hold besides when the role is assumed, as in a policy: operator, then condition
        key, then value.

    Attributes
    ----------
    rights
        The policy with all of it, apart from the keys'.

    Raises
    ------
    Refused
        If the stack's Region is known and has no managed image, or a trust condition would take
        the place of one of the role's own.
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
        permissions_boundary: iam.IManagedPolicy | None = None,
        path: str | None = None,
        role_name: str | None = None,
        trust_conditions: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        own = _source_conditions(Place.of(Stack.of(scope)), analysis)
        super().__init__(
            scope,
            id,
            description="Runs Clarify processing jobs",
            assumed_by=iam.ServicePrincipal(
                "sagemaker.amazonaws.com", conditions=_with(own, trust_conditions or {})
            ),
            permissions_boundary=permissions_boundary,
            path=path,
            role_name=role_name,
        )
        self.rights = iam.Policy(self, "Rights")
        self.attach_inline_policy(self.rights)
        grant_job(self, self, analysis, image=image, in_vpc=in_vpc, volume_key=volume_key)


class JobNeeds(TypedDict):
    """What the rights of a job depend on, beside its analysis: see ``ClarifyRole``."""

    image: ClarifyImage
    in_vpc: bool
    volume_key: kms.IKey | None


def job_role(
    scope: Construct, given: iam.IRole | None, analysis: Analysis, **needs: Unpack[JobNeeds]
) -> iam.IRole:
    """Return the given role, with the rights of the job, or a ``ClarifyRole``, ``JobRole``."""
    if given is None:
        return ClarifyRole(scope, "JobRole", analysis=analysis, **needs)
    grant_job(scope, given, analysis, **needs)
    return given


def grant_job(
    scope: Construct,
    role: iam.IRole,
    analysis: Analysis,
    *,
    image: ClarifyImage | None = None,
    in_vpc: bool = False,
    volume_key: kms.IKey | None = None,
) -> None:
    """Give a role what ``ClarifyRole`` has, or say what it needs where it cannot be changed.

    A role imported as immutable, or of another account, stays as it is: then the stack's output
    ``JobPolicy`` is the policy for its owner, and a warning, ``clarify-cdk:role-unchanged``, says
    so.

    Parameters
    ----------
    scope
        Where a policy for a role that is no ``ClarifyRole`` is made, with the id ``JobRights``, or
        the output ``JobPolicy``.
    role
        Who gets the rights.
    analysis, image, in_vpc, volume_key
        As for ``ClarifyRole``.
    """
    bound = (image or ClarifyImage.managed()).bind(scope)
    warn(scope, *unknown_names(analysis), *unknown_keys(analysis.read_uris))
    if isinstance(role, ClarifyRole):
        # What it has already is not written twice: a policy keeps one of equal statements.
        policy = role.rights
    else:
        policy = iam.Policy(scope, "JobRights")
        role.attach_inline_policy(policy)
        if not _is_attached(policy):
            scope.node.try_remove_child("JobRights")
            _tell_owner(
                scope,
                role,
                job_policy(scope, analysis, image=bound, in_vpc=in_vpc, volume_key=volume_key),
            )
            return
    statements = job_statements(Place.of(Stack.of(scope)), analysis, image=bound, in_vpc=in_vpc)
    policy.add_statements(*statements)
    for key, actions in key_uses(analysis, volume_key):
        key.grant(role, *actions)


def job_policy(
    scope: Construct,
    analysis: Analysis,
    *,
    image: ClarifyImage | None = None,
    in_vpc: bool = False,
    volume_key: kms.IKey | None = None,
) -> iam.PolicyDocument:
    """Return all that a job's role may do, in one document; nothing is made.

    Parameters
    ----------
    scope
        Whose stack tells partition, Region and account.
    analysis, image, in_vpc, volume_key
        As for ``ClarifyRole``.
    """
    bound = (image or ClarifyImage.managed()).bind(scope)
    return iam.PolicyDocument(
        statements=[
            *job_statements(Place.of(Stack.of(scope)), analysis, image=bound, in_vpc=in_vpc),
            *(
                iam.PolicyStatement(actions=list(actions), resources=[key.key_arn])
                for key, actions in key_uses(analysis, volume_key)
            ),
        ]
    )


def _is_attached(policy: iam.Policy) -> bool:
    """Tell whether a role took a policy; one that is immutable takes none and says nothing."""
    template = policy.node.default_child
    return isinstance(template, iam.CfnPolicy) and bool(Stack.of(policy).resolve(template.roles))


def _tell_owner(scope: Construct, role: iam.IRole, policy: iam.PolicyDocument) -> None:
    output = hand_over(scope, "JobPolicy", policy, "What the job's role must be allowed")
    tell(
        scope,
        "role-unchanged",
        f"The role of the job in {scope.node.path} is not changed by this app. Its owner must give"
        f" it the policy that is the stack's output {output} (and ClarifyPipeline.job_policy here;"
        " 'clarify policy' prints it too), and let sagemaker.amazonaws.com assume it.",
    )


def _source_conditions(place: Place, analysis: Analysis) -> dict[str, dict[str, Any]]:
    """Return the conditions by which no other account's job can be made to use the role.

    SageMaker developer guide, "Cross-service confused deputy prevention".
    """
    jobs = place.arn("sagemaker", f"processing-job/{job_scope(analysis.job_name_prefix)}*")
    return {
        "StringEquals": {"aws:SourceAccount": place.account},
        "ArnLike": {"aws:SourceArn": jobs},
    }


def _with(
    own: dict[str, dict[str, Any]], more: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    taken = [
        f"{operator} {key}"
        for operator, keys in more.items()
        for key in keys.keys() & own.get(operator, {}).keys()
    ]
    if taken:
        raise Refused([_condition_taken(taken)])
    return {
        operator: {**own.get(operator, {}), **more.get(operator, {})}
        for operator in dict.fromkeys([*own, *more])
    }


def _condition_taken(taken: list[str]) -> Finding:
    return Finding(
        "trust-condition-taken",
        "trust_conditions",
        ", ".join(taken),
        "conditions besides the role's own on aws:SourceAccount and aws:SourceArn",
        "Leave them out: both must hold, so a second value would never let SageMaker in.",
    )
