"""The calls that preflight makes: a listing, a read of at most 256 KB, and one description."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from clarify_lambda.places import split
from clarify_lambda.prepare.preflight.dataset import HEAD_BYTES, Dataset, Head, is_hidden
from clarify_lambda.prepare.preflight.predictor import Kind, Predictor

#: No call takes longer than this and none is repeated, so that all end within ten seconds. What is
#: not seen in that time is said to be unchecked.
_QUICK = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
_LISTED = 1000


@cache
def _s3() -> Any:
    return boto3.client("s3", config=_QUICK)


@cache
def _sagemaker() -> Any:
    return boto3.client("sagemaker", config=_QUICK)


def read_dataset(uri: str, *, manifest: bool) -> Dataset:
    """Look at a dataset: what lies under its URI, and how the first object begins.

    Parameters
    ----------
    uri
        Of an object or a prefix.
    manifest
        It is a manifest, which lists the objects: these are not looked at.
    """
    if manifest:
        return Dataset(unknown="a manifest, whose objects are not looked at")
    bucket, prefix = split(uri)
    try:
        answer = _s3().list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=_LISTED)
        objects = [
            item
            for item in answer.get("Contents", ())
            if not item["Key"].endswith("/") and not is_hidden(_below(prefix, item["Key"]))
        ]
        first = next((item for item in objects if item["Size"]), None)
        return Dataset(
            objects=len(objects),
            size=sum(item["Size"] for item in objects),
            listed=not answer.get("IsTruncated", False),
            head=_head(bucket, prefix, first) if first is not None else None,
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchBucket":
            return Dataset()
        return Dataset(unknown=f"{code} for {error.operation_name}")
    except BotoCoreError as error:
        return Dataset(unknown=f"no answer from S3 in time ({type(error).__name__})")


def describe(kind: Kind, name: str) -> Predictor:
    """Ask SageMaker about a model or an endpoint."""
    try:
        if kind == "model":
            vpc = _sagemaker().describe_model(ModelName=name).get("VpcConfig")
            return Predictor(kind, subnets=len(vpc["Subnets"]) if vpc else None)
        status = _sagemaker().describe_endpoint(EndpointName=name)["EndpointStatus"]
        return Predictor(kind, status=status)
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        # SageMaker has no error of its own for a name that it does not know.
        if code == "ValidationException" and "Could not find" in message:
            return Predictor(kind, found=False)
        return Predictor(kind, unknown=f"{code} for {error.operation_name}")
    except BotoCoreError as error:
        late = f"no answer from SageMaker in time ({type(error).__name__})"
        return Predictor(kind, unknown=late)


def _head(bucket: str, prefix: str, item: dict[str, Any]) -> Head:
    last = HEAD_BYTES - 1
    answer = _s3().get_object(Bucket=bucket, Key=item["Key"], Range=f"bytes=0-{last}")
    body: bytes = answer["Body"].read()
    name = f"dataset ({_below(prefix, item['Key'])})"
    return Head(name, body, whole=len(body) >= item["Size"])


def _below(prefix: str, key: str) -> str:
    """Return a key from the last folder of a prefix on: the prefix may end within a name."""
    return key[prefix.rfind("/") + 1 :]
