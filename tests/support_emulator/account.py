"""Makes what a test needs in the emulated account: roles, buckets, jobs, functions, models."""

from __future__ import annotations

import io
import itertools
import json
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from clarify_local.emulator.client import Emulator

_numbers = itertools.count(1)
IMAGE = "205585389593.dkr.ecr.us-east-1.amazonaws.com/sagemaker-clarify-processing:1.0"
TERMINAL = ("Completed", "Failed", "Stopped")


def unique(name: str) -> str:
    """Return a name that no other test uses."""
    return f"{name}-{next(_numbers)}"


def allow(actions: str | Iterable[str], resource: Any = "*", **condition: Any) -> dict[str, Any]:
    """Return a statement that allows actions."""
    statement = {
        "Effect": "Allow",
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": resource,
    }
    return statement | ({"Condition": condition} if condition else {})


def make_role(
    emulator: Emulator,
    service: str,
    statements: Iterable[Mapping[str, Any]] = (),
    **condition: Any,
) -> str:
    """Make a role that a service may take on, under a condition, and return its ARN."""
    iam, name = emulator.session().client("iam"), unique("role")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        **({"Condition": condition} if condition else {}),
    }
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    if statements:
        set_policy(emulator, role["Arn"], statements)
    return str(role["Arn"])


def set_policy(emulator: Emulator, role_arn: str, statements: Iterable[Mapping[str, Any]]) -> None:
    """Give a role these permissions and no others."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    emulator.session().client("iam").put_role_policy(
        RoleName=role_arn.rsplit("/", 1)[-1],
        PolicyName="test",
        PolicyDocument=json.dumps(document),
    )


def make_bucket(emulator: Emulator, objects: Mapping[str, str | bytes] | None = None) -> str:
    """Make a bucket with some objects, and return its name."""
    s3, name = emulator.session().client("s3"), unique("bucket")
    if emulator.region == "us-east-1":
        s3.create_bucket(Bucket=name)
    else:
        s3.create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": emulator.region}
        )
    for key, content in (objects or {}).items():
        body = content.encode() if isinstance(content, str) else content
        s3.put_object(Bucket=name, Key=key, Body=body)
    return name


def read(emulator: Emulator, bucket: str, key: str) -> str:
    """Return an object's text."""
    body = emulator.session().client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    return str(body.read().decode())


def keys(emulator: Emulator, bucket: str, prefix: str = "") -> list[str]:
    """Return the keys in a bucket."""
    listed = emulator.session().client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
    return [item["Key"] for item in listed.get("Contents", [])]


def job_statements(bucket: str) -> list[dict[str, Any]]:
    """Return what a job's role needs in these tests."""
    return [
        allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"),
        allow("s3:GetObject", [f"arn:aws:s3:::{bucket}/config/*", f"arn:aws:s3:::{bucket}/data/*"]),
        allow("s3:PutObject", f"arn:aws:s3:::{bucket}/out/*"),
        allow("ecr:GetAuthorizationToken"),
        allow(
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            "arn:aws:ecr:us-east-1:205585389593:repository/sagemaker-clarify-processing",
        ),
    ]


def job_request(bucket: str, role_arn: str, **changes: Any) -> dict[str, Any]:
    """Return a CreateProcessingJob request over a bucket's ``config/``, ``data/`` and ``out/``."""

    def source(name: str, folder: str) -> dict[str, Any]:
        return {
            "InputName": name,
            "S3Input": {
                "S3Uri": f"s3://{bucket}/{folder}/",
                "LocalPath": f"/opt/ml/processing/input/{folder}",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
            },
        }

    return {
        "ProcessingJobName": unique("job"),
        "AppSpecification": {"ImageUri": IMAGE},
        "ProcessingInputs": [source("analysis_config", "config"), source("dataset", "data")],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "analysis_result",
                    "S3Output": {
                        "S3Uri": f"s3://{bucket}/out",
                        "LocalPath": "/opt/ml/processing/output",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.xlarge",
                "VolumeSizeInGB": 20,
            }
        },
        "RoleArn": role_arn,
        **changes,
    }


def prepare_job(
    emulator: Emulator, config: Mapping[str, Any], **changes: Any
) -> tuple[str, dict[str, Any]]:
    """Make bucket and role of a job with a config for the toy engine; bucket and request."""
    bucket = make_bucket(
        emulator,
        {"config/analysis_config.json": json.dumps(config), "data/rows.csv": "a,b\n1,2\n"},
    )
    role = make_role(emulator, "sagemaker", job_statements(bucket))
    return bucket, job_request(bucket, role, **changes)


def wait_until(condition: Callable[[], Any], seconds: float = 120.0) -> Any:
    """Return the first true answer of a function."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"still not so after {seconds} seconds")


def finished_job(emulator: Emulator, name: str) -> dict[str, Any]:
    """Wait for a job's end, and return its description."""
    sagemaker = emulator.session().client("sagemaker")

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = sagemaker.describe_processing_job(ProcessingJobName=name)
        return job if job["ProcessingJobStatus"] in TERMINAL else None

    job: dict[str, Any] = wait_until(ended)
    return job


def run_job(emulator: Emulator, request: Mapping[str, Any]) -> dict[str, Any]:
    """Start a job, wait for its end, and return its description."""
    emulator.session().client("sagemaker").create_processing_job(**request)
    return finished_job(emulator, request["ProcessingJobName"])


def zipped(files: Mapping[str, str]) -> bytes:
    """Return a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def make_function(emulator: Emulator, code: str, role_arn: str | None = None, **more: Any) -> str:
    """Make a function of one module, ``index.py``, and return its name."""
    name = unique("function")
    emulator.session().client("lambda").create_function(
        **{
            "FunctionName": name,
            "Runtime": "python3.12",
            "Handler": "index.handler",
            "Role": role_arn or make_role(emulator, "lambda"),
            "Code": {"ZipFile": zipped({"index.py": code})},
            "Timeout": 20,
            **more,
        }
    )
    return name


DOUBLING = """
def model_fn(folder):
    return 2.0

def predict_fn(table, model):
    if (table == 666).any():
        raise ValueError("cannot take 666")
    return (table[:, 0] * model)
"""


def model_archive(code: str = DOUBLING) -> bytes:
    """Return a ``model.tar.gz``."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        data = code.encode()
        member = tarfile.TarInfo("code/inference.py")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def make_model(emulator: Emulator, code: str = DOUBLING) -> str:
    """Make a model, and return its name."""
    bucket = make_bucket(emulator, {"model.tar.gz": model_archive(code)})
    role = make_role(
        emulator, "sagemaker", [allow("s3:GetObject", f"arn:aws:s3:::{bucket}/model.tar.gz")]
    )
    name = unique("model")
    emulator.session().client("sagemaker").create_model(
        ModelName=name,
        ExecutionRoleArn=role,
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/model.tar.gz"},
    )
    return name


def make_endpoint(emulator: Emulator, model: str, wait: bool = True) -> str:
    """Make an endpoint of a model, and return its name; wait until it is not Creating any more."""
    sagemaker, name = emulator.session().client("sagemaker"), unique("endpoint")
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            {
                "VariantName": "AllTraffic",
                "ModelName": model,
                "InitialInstanceCount": 1,
                "InstanceType": "ml.m5.xlarge",
            }
        ],
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    if wait:
        wait_until(lambda: endpoint_status(emulator, name) != "Creating")
    return name


def endpoint_status(emulator: Emulator, name: str) -> str:
    """Return an endpoint's status."""
    described = emulator.session().client("sagemaker").describe_endpoint(EndpointName=name)
    return str(described["EndpointStatus"])


def alive(pid: int) -> bool:
    """Tell whether a process runs (a zombie does not)."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
