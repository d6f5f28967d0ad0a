"""What a job's role must be allowed for the platform to start the job's container.

The platform pulls the image, attaches network interfaces and uses keys with the job's role. None of
that is done here; the permissions are asked for all the same, so that a role without them fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from clarify_local.emulator.permissions_sagemaker import Permission

_IMAGE = re.compile(r"^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+/([^:@]+)")

NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
IMAGE_ACTIONS = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
)


def network_permissions(request: Mapping[str, Any]) -> list[Permission]:
    """Return what a job in a VPC needs; SageMaker checks it when the job is created."""
    if not (request.get("NetworkConfig") or {}).get("VpcConfig"):
        return []
    return [Permission(action, "*") for action in NETWORK_ACTIONS]


def image_permissions(request: Mapping[str, Any]) -> list[Permission]:
    """Return what pulling the job's image from ECR needs."""
    image = _IMAGE.match(str(request["AppSpecification"]["ImageUri"]))
    if image is None:
        return []
    account, region, repository = image.groups()
    arn = f"arn:aws:ecr:{region}:{account}:repository/{repository}"
    return [
        Permission("ecr:GetAuthorizationToken", "*"),
        *(Permission(action, arn) for action in IMAGE_ACTIONS),
    ]


def key_permissions(request: Mapping[str, Any], account: str, region: str) -> list[Permission]:
    """Return what using the keys of the job's volume and of its results needs."""
    cluster = request["ProcessingResources"].get("ClusterConfig") or {}
    output = request.get("ProcessingOutputConfig") or {}
    wanted = (
        ("kms:CreateGrant", cluster.get("VolumeKmsKeyId")),
        ("kms:GenerateDataKey", output.get("KmsKeyId")),
    )
    return [
        Permission(
            action, key if key.startswith("arn:") else f"arn:aws:kms:{region}:{account}:{key}"
        )
        for action, key in ((a, _full(k)) for a, k in wanted if k)
    ]


def _full(key: str) -> str:
    return key if ":" in key or "/" in key else f"key/{key}"
