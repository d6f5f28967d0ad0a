"""What the endpoints of a network let through: what its analyses need, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from clarify_cdk.analysis import Analysis
from clarify_cdk.job_rights import predict_statements
from clarify_cdk.place import Place
from clarify_cdk.s3_scope import S3Scope

_INVOKE = "sagemaker:InvokeEndpoint"


def s3_statements(
    partition: str,
    analysis: Analysis,
    *,
    model_data_buckets: Sequence[s3.IBucket],
    also_read: Sequence[str],
) -> Iterator[iam.PolicyStatement]:
    """Yield what passes to S3: reads of the buckets in use, writes to the one of the results.

    Prefixes are the business of the roles. No image layer passes: SageMaker pulls images itself,
    outside of the VPC, so the layer buckets of ECR are not among these.

    Parameters
    ----------
    partition
        Of the buckets.
    analysis
        Whose data and results.
    model_data_buckets
        Where models in this VPC load their artifacts from.
    also_read
        S3 URIs of what else is read through the endpoint.
    """
    results = S3Scope.of(analysis.results_uri).bucket_arn(partition)
    read = [
        results,
        *(S3Scope.of(uri).bucket_arn(partition) for uri in (*analysis.read_uris, *also_read)),
        *(f"arn:{partition}:s3:::{bucket.bucket_name}" for bucket in model_data_buckets),
    ]
    buckets = [*dict.fromkeys(read)]
    yield _through("s3:ListBucket", resources=buckets)
    yield _through("s3:GetObject", resources=[f"{bucket}/*" for bucket in buckets])
    yield _through("s3:PutObject", resources=[f"{results}/*"])


def api_statements(place: Place, analysis: Analysis) -> Iterator[iam.PolicyStatement]:
    """Yield what passes to the SageMaker API: what the job's role may call there.

    The functions look at no more than it does.
    """
    for statement in predict_statements(place, analysis):
        if actions := [action for action in statement.actions if action != _INVOKE]:
            yield _through(*actions, resources=statement.resources)


def runtime_statements(place: Place, analysis: Analysis) -> Iterator[iam.PolicyStatement]:
    """Yield what passes to the SageMaker Runtime: requests to the endpoints in use."""
    for statement in predict_statements(place, analysis):
        if _INVOKE in statement.actions:
            yield _through(_INVOKE, resources=statement.resources)


def _through(*actions: str, resources: Sequence[str]) -> iam.PolicyStatement:
    # Who comes is told by security groups, and what each may do by its role.
    return iam.PolicyStatement(
        principals=[iam.StarPrincipal()], actions=[*actions], resources=[*resources]
    )
