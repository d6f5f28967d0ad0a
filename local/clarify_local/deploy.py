"""Deploys stacks as `cdk deploy` does: assets to S3, then a change set for each stack."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from clarify_local.assembly import FileAsset, StackArtifact
from clarify_local.aws import EmulatedAws
from clarify_local.errors import RehearsalFailed

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = "30"
"""What stacks check before they deploy; `cdk bootstrap` of 2026 writes at least this."""
STAGING_BUCKET = "clarify-rehearsal-templates"
_POLL_SECONDS = 0.1


class DeploymentFailed(RehearsalFailed):
    """CloudFormation did not create a stack; the message holds its reasons."""


@dataclass(frozen=True)
class DeployedResource:
    """One resource of a deployed stack, by its names in the template and in the account."""

    logical_id: str
    type: str
    physical_id: str


@dataclass(frozen=True)
class DeployedStack:
    """What a deployment leaves behind."""

    name: str
    outputs: dict[str, str]
    resources: tuple[DeployedResource, ...]

    def of_type(self, resource_type: str) -> list[DeployedResource]:
        """Return the resources of one CloudFormation type."""
        return [resource for resource in self.resources if resource.type == resource_type]


def deploy_all(
    aws: EmulatedAws, stacks: Sequence[StackArtifact], *, seconds: float = 300
) -> dict[str, DeployedStack]:
    """Deploy stacks in the given order.

    Raises
    ------
    DeploymentFailed
        A stack could not be created, or not in time.
    """
    bootstrap(aws)
    for asset in dict.fromkeys(asset for stack in stacks for asset in stack.assets):
        publish(aws, asset)
    return {stack.name: deploy(aws, stack, seconds=seconds) for stack in stacks}


def bootstrap(aws: EmulatedAws) -> None:
    """Do what stacks need of `cdk bootstrap`: the parameter that tells its version."""
    aws.client("ssm").put_parameter(
        Name=BOOTSTRAP_PARAMETER, Value=BOOTSTRAP_VERSION, Type="String", Overwrite=True
    )


def publish(aws: EmulatedAws, asset: FileAsset) -> None:
    """Put one asset where the templates expect it."""
    ensure_bucket(aws, asset.bucket)
    body = zipped(asset.source) if asset.zipped else asset.source.read_bytes()
    aws.client("s3").put_object(Bucket=asset.bucket, Key=asset.key, Body=body)


def zipped(folder: Path) -> bytes:
    """Return a folder as a zip archive; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if file.stat().st_mode & 0o100 else 0o644) << 16
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def deploy(aws: EmulatedAws, stack: StackArtifact, *, seconds: float = 300) -> DeployedStack:
    """Create one stack by a change set and wait for it.

    Raises
    ------
    DeploymentFailed
        With the reasons that CloudFormation gives.
    """
    cloudformation = aws.client("cloudformation")
    ensure_bucket(aws, STAGING_BUCKET)
    key = f"{stack.name}.template.json"
    aws.client("s3").put_object(Bucket=STAGING_BUCKET, Key=key, Body=stack.template.read_bytes())
    deadline = time.monotonic() + seconds
    change_set = {"StackName": stack.name, "ChangeSetName": "rehearsal"}
    try:
        cloudformation.create_change_set(
            **change_set,
            ChangeSetType="CREATE",
            TemplateURL=f"{aws.endpoint}/{STAGING_BUCKET}/{key}",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in stack.parameters.items()
            ],
        )
        _wait(
            lambda: cloudformation.describe_change_set(**change_set),
            "Status",
            {"CREATE_PENDING", "CREATE_IN_PROGRESS"},
            "CREATE_COMPLETE",
            deadline,
        )
        cloudformation.execute_change_set(**change_set)
        described = _wait(
            lambda: cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0],
            "StackStatus",
            {"REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS"},
            "CREATE_COMPLETE",
            deadline,
        )
    except (ClientError, BotoCoreError, _NotComplete) as error:
        reasons = "; ".join(_failures(cloudformation, stack.name)) or str(error)
        raise DeploymentFailed(f"stack {stack.name} was not created: {reasons}") from error
    resources = cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    return DeployedStack(
        stack.name,
        {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())},
        tuple(
            DeployedResource(r["LogicalResourceId"], r["ResourceType"], r["PhysicalResourceId"])
            for r in resources
            if "PhysicalResourceId" in r and "ResourceType" in r
        ),
    )


def ensure_bucket(aws: EmulatedAws, bucket: str) -> None:
    """Create a bucket unless it exists."""
    s3 = aws.client("s3")
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError:
        elsewhere = aws.region != "us-east-1"  # the one region that S3 does not want to be named
        where = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
        s3.create_bucket(Bucket=bucket, **(where if elsewhere else {}))


class _NotComplete(RuntimeError):  # noqa: N818
    pass


def _wait(describe: Any, status: str, going_on: set[str], done: str, deadline: float) -> Any:
    while True:
        described = describe()
        if described[status] == done:
            return described
        if described[status] not in going_on:
            reason = described.get("StatusReason") or described.get("StackStatusReason") or ""
            raise _NotComplete(f"{described[status]} {reason}".strip())
        if time.monotonic() > deadline:
            raise _NotComplete(f"still {described[status]} when the time was up")
        time.sleep(_POLL_SECONDS)


def _failures(cloudformation: Any, stack: str) -> list[str]:
    """Return what failed first, in CloudFormation's words."""
    try:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    except ClientError:  # the stack does not exist: the error in hand says more
        return []
    return [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in reversed(events)
        if event.get("ResourceStatus", "").endswith("_FAILED")
    ][:5]
