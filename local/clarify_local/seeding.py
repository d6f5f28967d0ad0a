"""Puts the person's data, files and model where the deployed pipeline will look for them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from clarify_local.aws import EmulatedAws
from clarify_local.deploy import ensure_bucket
from clarify_local.deployed import Pipeline
from clarify_local.errors import RehearsalFailed
from clarify_local.plan import Inputs

MODEL_BUCKET = "clarify-rehearsal-models"
MODEL_ROLE = "clarify-rehearsal-model"
MODEL_IMAGE = "{account}.dkr.ecr.{region}.amazonaws.com/clarify-rehearsal-model:local"
"""Never pulled: the emulator serves ``code/inference.py`` of the artifact itself."""
INSTANCE_TYPE = "ml.m5.large"
_POLL_SECONDS = 0.1


class SeedingFailed(RehearsalFailed):
    """Something could not be put in place; the message says what."""


def seed(aws: EmulatedAws, pipeline: Pipeline, given: Mapping[str, Any], inputs: Inputs) -> None:
    """Upload data and files, and create the model or endpoint that a run will ask.

    Parameters
    ----------
    given
        The execution's input: what it overrides is what a run will use.

    Raises
    ------
    SeedingFailed
        Something is missing, or the emulated AWS refused it; with its reason.
    """
    try:
        if inputs.data is not None:
            config = pipeline.config
            uri = given.get("dataset_uri") or config.get("dataset_uri") or pipeline.dataset_uri
            if uri is None:
                raise SeedingFailed("the deployed pipeline names no place for its dataset")
            upload_data(aws, inputs.data, uri)
        for uri, path in inputs.files.items():
            upload_data(aws, path, uri)
        if inputs.model is not None:
            named = {k: given[k] for k in ("model_name", "endpoint_name") if k in given}
            provide_model(aws, named or pipeline.config.get("predictor") or {}, inputs.model)
    except ClientError as error:
        raise SeedingFailed(f"data and model could not be put in place: {error}") from error


def split_uri(uri: str) -> tuple[str, str]:
    """Return bucket and key of ``s3://bucket/key``.

    Raises
    ------
    SeedingFailed
        The text is no S3 URI.
    """
    bucket, slash, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket:
        raise SeedingFailed(f"{uri!r} is no S3 URI: write s3://bucket/key")
    return bucket, key if slash else ""


def data_keys(data: Path, key: str) -> dict[str, Path]:
    """Return under which keys a file, or a folder's files, are read at a dataset URI's key.

    A key with the file's own suffix (``data/train.csv``) names the object itself; any other is a
    folder that the file goes into.
    """
    if data.is_file():
        if key and not key.endswith("/") and Path(key).suffix == data.suffix:
            return {key: data}
        return {_joined(key, data.name): data}
    files = sorted(path for path in data.rglob("*") if path.is_file())
    return {_joined(key, path.relative_to(data).as_posix()): path for path in files}


def upload_data(aws: EmulatedAws, data: Path, uri: str) -> int:
    """Upload a dataset to its URI; return the number of objects.

    Raises
    ------
    SeedingFailed
        There is no such file, or the folder is empty.
    """
    bucket, key = split_uri(uri)
    keys = data_keys(data, key) if data.exists() else {}
    if not keys:
        raise SeedingFailed(f"there is no data at {data}")
    ensure_bucket(aws, bucket)
    for name, path in keys.items():
        aws.client("s3").upload_file(str(path), bucket, name)
    return len(keys)


def create_model(
    aws: EmulatedAws, name: str, artifact: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Create a SageMaker model of a name from a ``model.tar.gz``, with a role of its own."""
    bucket = MODEL_BUCKET
    ensure_bucket(aws, bucket)
    key = f"{name}/model.tar.gz"
    aws.client("s3").upload_file(str(artifact), bucket, key)
    aws.client("sagemaker").create_model(
        ModelName=name,
        ExecutionRoleArn=_model_role(aws),
        PrimaryContainer={
            "Image": MODEL_IMAGE.format(account=aws.account, region=aws.region),
            "ModelDataUrl": f"s3://{bucket}/{key}",
            "Environment": dict(environment or {}),
        },
    )


def create_endpoint(aws: EmulatedAws, name: str, model: str, *, seconds: float = 120) -> None:
    """Create an endpoint of a name that serves a model, and wait until it does.

    Raises
    ------
    SeedingFailed
        It did not come into service; with SageMaker's reason.
    """
    sagemaker = aws.client("sagemaker")
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            {
                "VariantName": "AllTraffic",
                "ModelName": model,
                "InitialInstanceCount": 1,
                "InstanceType": INSTANCE_TYPE,
            }
        ],
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    deadline = time.monotonic() + seconds
    while True:
        described = sagemaker.describe_endpoint(EndpointName=name)
        if described["EndpointStatus"] == "InService":
            return
        if described["EndpointStatus"] == "Failed" or time.monotonic() > deadline:
            reason = described.get("FailureReason", "it was not in service in time")
            raise SeedingFailed(f"endpoint {name} could not be made from the model: {reason}")
        time.sleep(_POLL_SECONDS)


def provide_model(aws: EmulatedAws, predictor: Mapping[str, Any], artifact: Path) -> str:
    """Create the model, or the existing endpoint, that a config's ``predictor`` names.

    Returns
    -------
    str
        What was created, in words.

    Raises
    ------
    SeedingFailed
        The config asks for neither, or the endpoint does not come into service.
    """
    if "endpoint_name" in predictor:
        name = predictor["endpoint_name"]
        create_model(aws, name, artifact)
        create_endpoint(aws, name, name)
        return f"endpoint {name}"
    if "model_name" in predictor:
        create_model(aws, predictor["model_name"], artifact)
        return f"model {predictor['model_name']}"
    raise SeedingFailed("a model was given, but the config's predictor names none")


def _model_role(aws: EmulatedAws) -> str:
    iam = aws.client("iam")
    known = {role["RoleName"]: role["Arn"] for role in aws.listed("iam", "list_roles", "Roles")}
    if MODEL_ROLE in known:
        return str(known[MODEL_ROLE])
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName=MODEL_ROLE,
        AssumeRolePolicyDocument=_policy(
            trust | {"Principal": {"Service": "sagemaker.amazonaws.com"}}
        ),
    )
    iam.put_role_policy(
        RoleName=MODEL_ROLE,
        PolicyName="read-artifact",
        PolicyDocument=_policy(
            {
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{MODEL_BUCKET}/*",
            }
        ),
    )
    return str(role["Role"]["Arn"])


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _joined(key: str, name: str) -> str:
    return f"{key.rstrip('/')}/{name}" if key.strip("/") else name
