"""What the job's role may do: one statement for each reason, derived from the analysis.

Sources: SageMaker developer guide, the Clarify page on permissions and the page on SageMaker roles;
the actions that the guide's table lacks (delete, describe, tag) were seen in failures of real jobs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from clarify_cdk.analysis import Analysis
from clarify_cdk.image import BoundImage
from clarify_cdk.place import Place
from clarify_cdk.s3_scope import S3Scope
from clarify_contract.container import LOG_GROUP
from clarify_contract.tokens import is_token
from clarify_lambda.prepare.names import job_scope


def job_statements(
    place: Place, analysis: Analysis, *, image: BoundImage, in_vpc: bool
) -> list[iam.PolicyStatement]:
    """Return the statements of the job's role, apart from those for KMS keys.

    Parameters
    ----------
    place
        Where the role is.
    analysis
        What is read, asked and written.
    image
        The image that is pulled with the role.
    in_vpc
        Whether the job runs in a VPC.
    """
    return [
        *_observe(place),
        *_pull(image),
        *_read_and_write(place, analysis),
        *predict_statements(place, analysis),
        *(_network() if in_vpc else ()),
    ]


def key_uses(
    analysis: Analysis, volume_key: kms.IKey | None
) -> Iterator[tuple[kms.IKey, tuple[str, ...]]]:
    """Yield each key of what the job reads and writes and of its volume, with what it does."""
    for key in analysis.read_keys:
        yield key, ("kms:Decrypt",)
    kept, told = analysis.results_bucket.encryption_key, analysis.results_key
    if kept is not None and told is not None:
        yield kept, ("kms:Decrypt",)  # its config lies there; it writes with the other
    if (written := told or kept) is not None:
        # A large result goes up in parts, and that reads the data key.
        yield written, ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
    if volume_key is not None:
        yield volume_key, ("kms:CreateGrant",)


def _observe(place: Place) -> Iterator[iam.PolicyStatement]:
    yield iam.PolicyStatement(
        actions=["cloudwatch:PutMetricData"],
        resources=["*"],
        conditions={"StringEquals": {"cloudwatch:namespace": LOG_GROUP}},
    )
    yield iam.PolicyStatement(
        actions=[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
        ],
        resources=[place.arn("logs", f"log-group:{LOG_GROUP}*")],
    )


def _pull(image: BoundImage) -> Iterator[iam.PolicyStatement]:
    yield iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"])
    yield iam.PolicyStatement(
        actions=[
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ],
        resources=[image.repository_arn],
    )


def _read_and_write(place: Place, analysis: Analysis) -> Iterator[iam.PolicyStatement]:
    run = f"{analysis.results_uri}/{job_scope(analysis.job_name_prefix)}"
    config = S3Scope.of(f"{run}*/config/")
    reads = [config, *(S3Scope.of(uri) for uri in analysis.read_uris)]
    for scope in reads:
        yield iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[scope.bucket_arn(place.partition)],
            conditions=scope.list_condition(),
        )
    yield iam.PolicyStatement(
        actions=["s3:GetObject"],
        resources=[scope.objects_arn(place.partition) for scope in reads],
    )
    yield iam.PolicyStatement(
        actions=["s3:PutObject"],
        resources=[S3Scope.of(f"{run}*/output/").objects_arn(place.partition)],
    )


def predict_statements(place: Place, analysis: Analysis) -> Iterator[iam.PolicyStatement]:
    """Yield what the job calls of SageMaker: nothing, unless the config needs predictions."""
    if not analysis.config.needs_predictions:
        return
    if (scope := analysis.shadow_endpoint_scope) is not None:
        yield from _shadow_endpoint(place, analysis, f"{scope}*")
    if analysis.endpoints:
        yield iam.PolicyStatement(
            actions=["sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"],
            resources=sagemaker_arns(place, "endpoint", analysis.endpoints),
        )


def _shadow_endpoint(place: Place, analysis: Analysis, scope: str) -> Iterator[iam.PolicyStatement]:
    endpoint = sagemaker_arns(place, "endpoint", [scope])
    endpoint_config = sagemaker_arns(place, "endpoint-config", [scope])
    models = sagemaker_arns(place, "model", analysis.models)
    yield iam.PolicyStatement(actions=["sagemaker:DescribeModel"], resources=models)
    yield iam.PolicyStatement(
        actions=["sagemaker:CreateEndpointConfig"],
        resources=endpoint_config,
        # Without it the role could host, and ask, every model of the account.
        conditions={"ArnEquals": {"sagemaker:ModelArn": models}},
    )
    yield iam.PolicyStatement(
        actions=["sagemaker:DeleteEndpointConfig", "sagemaker:DescribeEndpointConfig"],
        resources=endpoint_config,
    )
    yield iam.PolicyStatement(
        actions=["sagemaker:AddTags", "sagemaker:CreateEndpoint"],
        resources=[*endpoint, *endpoint_config],
    )
    yield iam.PolicyStatement(
        actions=[
            "sagemaker:DeleteEndpoint",
            "sagemaker:DescribeEndpoint",
            "sagemaker:InvokeEndpoint",
        ],
        resources=endpoint,
    )
    # The workflow tags every job that it starts, and Clarify copies the job's tags to the endpoint.
    yield iam.PolicyStatement(
        actions=["sagemaker:ListTags"],
        resources=sagemaker_arns(
            place, "processing-job", [f"{job_scope(analysis.job_name_prefix)}*"]
        ),
    )


def _network() -> Iterator[iam.PolicyStatement]:
    yield iam.PolicyStatement(
        actions=[
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ],
        resources=["*"],
    )


def sagemaker_arns(place: Place, resource: str, names: Sequence[str]) -> list[str]:
    """Return the ARNs of these names, also in lower case: SageMaker writes its ARNs so."""
    # A token keeps its case: CDK could not resolve it otherwise.
    spelled = {
        form for name in names for form in ((name,) if is_token(name) else (name, name.lower()))
    }
    return [place.arn("sagemaker", f"{resource}/{name}") for name in sorted(spelled)]
