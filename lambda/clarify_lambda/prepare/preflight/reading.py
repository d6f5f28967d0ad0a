"""The calls that preflight makes: for each kind of data a listing and a read of at most 256 KB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from clarify_lambda.places import split
from clarify_lambda.prepare.preflight.dataset import HEAD_BYTES, Dataset, Head, is_hidden
from clarify_lambda.prepare.preflight.findings import Seen
from clarify_lambda.prepare.preflight.predictor import Kind, Predictor, asked
from clarify_lambda.prepare.preflight.side import side_uris

#: No call takes longer than this and none is repeated; no more than two follow each other, so that
#: all end within ten seconds. What is not seen in that time is said to be unchecked.
_QUICK = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
_LISTED = 1000


@cache
def _s3() -> Any:
    return boto3.client("s3", config=_QUICK)


@cache
def _sagemaker() -> Any:
    return boto3.client("sagemaker", config=_QUICK)


@cache
def _ec2() -> Any:
    return boto3.client("ec2", config=_QUICK)


def look(config: Mapping[str, Any], dataset_uri: str, *, manifest: bool) -> Seen:
    """Look at all that a run reads and asks, side by side.

    Parameters
    ----------
    config
        The run's config.
    dataset_uri
        What it reads.
    manifest
        That is a manifest, which lists the objects: these are not looked at.
    """
    named = asked(config)
    # boto3's session makes one client at a time: here those that two threads would make.
    _s3()
    if named is not None:
        _sagemaker()
    with ThreadPoolExecutor() as pool:
        described = pool.submit(describe, *named) if named is not None else None
        sides = [pool.submit(read_data, name, uri) for name, uri in side_uris(config).items()]
        if manifest:
            dataset = Dataset(unknown="a manifest, whose objects are not looked at")
        else:
            dataset = read_data("dataset", dataset_uri)
    return Seen(
        dataset,
        [side.result() for side in sides],
        described.result() if described is not None else None,
    )


def read_data(name: str, uri: str) -> Dataset:
    """Look at data: what lies under a URI, and how the first object begins.

    Parameters
    ----------
    name
        What findings call them.
    uri
        Of an object or a prefix.
    """
    try:
        bucket, prefix = split(uri)
    except ValueError:
        return Dataset(name, unknown="a URI that is none of S3")
    try:
        answer = _s3().list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=_LISTED)
        objects = [
            item
            for item in answer.get("Contents", ())
            if not item["Key"].endswith("/") and not is_hidden(_below(prefix, item["Key"]))
        ]
        first = next((item for item in objects if item["Size"]), None)
        return Dataset(
            name,
            objects=len(objects),
            size=sum(item["Size"] for item in objects),
            listed=not answer.get("IsTruncated", False),
            head=_head(name, bucket, prefix, first) if first is not None else None,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return Dataset(name)
        return Dataset(name, unknown=_why(error))
    except BotoCoreError as error:
        return Dataset(name, unknown=_why(error))


def describe(kind: Kind, name: str) -> Predictor:
    """Ask SageMaker about a model or an endpoint, and EC2 about the zones of a model's subnets."""
    try:
        if kind == "model":
            vpc = _sagemaker().describe_model(ModelName=name).get("VpcConfig")
            return _in_vpc(vpc["Subnets"]) if vpc else Predictor(kind)
        status = _sagemaker().describe_endpoint(EndpointName=name)["EndpointStatus"]
        return Predictor(kind, status=status)
    except ClientError as error:
        # SageMaker has no error of its own for a name that it does not know.
        said = error.response["Error"]
        if said["Code"] == "ValidationException" and "Could not find" in said["Message"]:
            return Predictor(kind, found=False)
        return Predictor(kind, unknown=_why(error))
    except BotoCoreError as error:
        return Predictor(kind, unknown=_why(error))


def _in_vpc(subnets: Sequence[str]) -> Predictor:
    seen = Predictor("model", subnets=len(subnets))
    if len(subnets) < 2:
        return replace(seen, zones=len(subnets))
    try:
        described = _ec2().describe_subnets(SubnetIds=list(subnets))["Subnets"]
    except (ClientError, BotoCoreError) as error:
        return replace(seen, zones_unknown=_why(error))
    return replace(seen, zones=len({subnet["AvailabilityZoneId"] for subnet in described}))


def _why(error: ClientError | BotoCoreError) -> str:
    """Say in words why a call gave no answer, without the answer's text."""
    if isinstance(error, ClientError):
        return f"{error.response['Error']['Code']} for {error.operation_name}"
    return f"no answer in time ({type(error).__name__})"


def _head(name: str, bucket: str, prefix: str, item: dict[str, Any]) -> Head:
    last = HEAD_BYTES - 1
    answer = _s3().get_object(Bucket=bucket, Key=item["Key"], Range=f"bytes=0-{last}")
    body: bytes = answer["Body"].read()
    return Head(f"{name} ({_below(prefix, item['Key'])})", body, whole=len(body) >= item["Size"])


def _below(prefix: str, key: str) -> str:
    """Return a key from the last folder of a prefix on: the prefix may end within a name."""
    return key[prefix.rfind("/") + 1 :]
