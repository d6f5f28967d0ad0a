"""What a processing job's role is asked for: by the platform, for its container, and by Clarify.

Sources: SageMaker developer guide, the page on roles (processing jobs) and the Clarify page on
permissions; what these lack was seen in failures of real jobs: deleting and describing endpoint
configs, describing the model, tagging.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from clarify_contract import AnalysisConfig
from support_proof.account import Door
from support_proof.calls import Call
from support_proof.intrinsics import Place
from support_proof.services import JOB_INTERFACES
from support_proof.storage import Storage, below

_IMAGE = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[^.]+)\.[^/]+/(?P<name>[^:@]+)")
_LOG_GROUP = "/aws/sagemaker/ProcessingJobs"
_FILES = ("analysis.json", "report.html", "explanations_shap/out.csv")


def job_calls(
    place: Place, storage: Storage, request: Mapping[str, Any], config: AnalysisConfig
) -> Iterator[Call]:
    """Yield every call that one job makes.

    Parameters
    ----------
    place
        Where it runs.
    storage
        What it reads and writes in.
    request
        Its ``CreateProcessingJob``, as the state machine sends it.
    config
        Its analysis config, as Prepare wrote it.
    """
    yield from _platform(place, request)
    for entry in request["ProcessingInputs"]:
        uri = entry["S3Input"]["S3Uri"]
        own = entry["InputName"] == "analysis_config"
        yield from _read(storage, uri, "the run's config" if own else "the data")
    for uri in config.s3_uris():
        yield from _read(storage, uri, "the data")
    for output in request["ProcessingOutputConfig"]["Outputs"]:
        for name in _FILES:
            yield from storage.upload(f"{output['S3Output']['S3Uri']}/{name}", "the run's results")
    if config.needs_predictions:
        yield from _predictions(place, request, config)


def _read(storage: Storage, uri: str, what: str) -> Iterator[Call]:
    yield from storage.list(uri, what)
    yield from storage.get(below(uri), what)


def _platform(place: Place, request: Mapping[str, Any]) -> Iterator[Call]:
    found = _IMAGE.match(request["AppSpecification"]["ImageUri"])
    assert found is not None
    repository = (
        f"arn:{place.partition}:ecr:{found['region']}:{found['account']}:repository/{found['name']}"
    )
    yield Call("ecr:GetAuthorizationToken", "*", "the registry")
    for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"):
        yield Call(f"ecr:{action}", repository, "the image")
    metrics = {"cloudwatch:namespace": (_LOG_GROUP,)}
    yield Call("cloudwatch:PutMetricData", "*", "the metrics of processing jobs", metrics)
    group = place.arn("logs", f"log-group:{_LOG_GROUP}")
    stream = f"{group}:log-stream:{request['ProcessingJobName']}/algo-1-1"
    for action, resource in (
        ("CreateLogGroup", f"{group}:*"),
        ("CreateLogStream", f"{group}:*"),
        ("DescribeLogStreams", f"{group}:*"),
        ("PutLogEvents", stream),
    ):
        yield Call(f"logs:{action}", resource, "the log of processing jobs")
    if "VpcConfig" in request["NetworkConfig"]:
        for action in JOB_INTERFACES:
            yield Call(f"ec2:{action}", "*", "the job's place in the VPC")
    cluster = request["ProcessingResources"]["ClusterConfig"]
    if (key := cluster.get("VolumeKmsKeyId")) is not None:
        yield Call("kms:CreateGrant", key, "the key of the job's volume")


def _predictions(
    place: Place, request: Mapping[str, Any], config: AnalysisConfig
) -> Iterator[Call]:
    predictor = config.predictor
    assert predictor is not None
    if predictor.endpoint_name is not None:
        for name in spelled(predictor.endpoint_name):
            endpoint = place.arn("sagemaker", f"endpoint/{name}")
            for action, door in _ASKS:
                yield Call(f"sagemaker:{action}", endpoint, "the endpoint", door=door)
        return
    model, prefix = predictor.model_name, predictor.endpoint_name_prefix
    assert model is not None
    endpoint, endpoint_config = shadow_names(str(prefix), model)
    yield from _shadow_endpoint(
        place,
        models=[place.arn("sagemaker", f"model/{name}") for name in spelled(model)],
        endpoint=place.arn("sagemaker", f"endpoint/{endpoint}"),
        config=place.arn("sagemaker", f"endpoint-config/{endpoint_config}"),
    )
    job = place.arn("sagemaker", f"processing-job/{request['ProcessingJobName']}")
    yield Call("sagemaker:ListTags", job, "a job of this pipeline's name", door="sagemaker.api")


_ASKS: tuple[tuple[str, Door], ...] = (
    ("DescribeEndpoint", "sagemaker.api"),
    ("InvokeEndpoint", "sagemaker.runtime"),
)


def _shadow_endpoint(
    place: Place, *, models: list[str], endpoint: str, config: str
) -> Iterator[Call]:
    what = "the shadow endpoint"
    for model in models:
        yield Call("sagemaker:DescribeModel", model, "the model", door="sagemaker.api")
        yield Call(
            "sagemaker:CreateEndpointConfig",
            config,
            what,
            {"sagemaker:ModelArn": (model,), "sagemaker:InstanceTypes": ("ml.m5.large",)},
            "sagemaker.api",
        )
    for action in ("AddTags", "CreateEndpoint", "DeleteEndpointConfig", "DescribeEndpointConfig"):
        yield Call(f"sagemaker:{action}", config, what, door="sagemaker.api")
    for action in ("AddTags", "CreateEndpoint", "DeleteEndpoint"):
        yield Call(f"sagemaker:{action}", endpoint, what, door="sagemaker.api")
    for action, door in _ASKS:
        yield Call(f"sagemaker:{action}", endpoint, what, door=door)


def shadow_names(prefix: str, model: str) -> tuple[str, str]:
    """Return the names of a shadow endpoint and of its config, made as real jobs make them."""
    tail = "1746251067-14e5"
    return f"{prefix}-{model.lower()}-{tail}", f"{prefix}-config-{tail}"


def spelled(name: str) -> list[str]:
    """Return a name as it was given and as SageMaker writes it in ARNs."""
    return list(dict.fromkeys((name, name.lower())))
