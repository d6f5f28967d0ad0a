"""Which permissions the calls of SageMaker and of its runtime need."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

Parameters = Mapping[str, Any]
Values = tuple[str, ...]


@dataclass(frozen=True)
class Permission:
    """An action on a resource, with the values of the condition keys that belong to it."""

    action: str
    resource: str
    context: Mapping[str, Values] = field(default_factory=dict)


_KINDS = {
    "EndpointName": "endpoint",
    "EndpointConfigName": "endpoint-config",
    "ModelName": "model",
    "ProcessingJobName": "processing-job",
}
_NAME_OF = {
    "Endpoint": "EndpointName",
    "EndpointConfig": "EndpointConfigName",
    "Model": "ModelName",
    "ProcessingJob": "ProcessingJobName",
}
_OF_A_PACKAGE = ("DescribeModelPackage", "UpdateModelPackage")
_VERB = re.compile(r"^(Create|Describe|Delete|Stop|Update)(.+)$")


def sagemaker_permissions(
    action: str, parameters: Parameters, path: str, arn: Callable[[str], str]
) -> list[Permission]:
    """Return the permissions of one call; ``arn`` completes ``kind/name`` to an ARN."""
    name = f"sagemaker:{action}"
    if action.startswith("InvokeEndpoint"):
        return [Permission(name, arn(f"endpoint/{unquote(path.split('/')[2])}"))]
    if action in ("AddTags", "ListTags", "DeleteTags"):
        context = _tags(parameters) | {"sagemaker:taggingaction": ()}
        return [Permission(name, str(parameters.get("ResourceArn", "*")), context)]
    if action in _OF_A_PACKAGE:
        package = parameters.get("ModelPackageArn") or parameters.get("ModelPackageName")
        return [Permission(name, _package_arn(str(package), arn))]
    verb = _VERB.match(action)
    key = _NAME_OF.get(verb[2]) if verb else None
    if verb is None or key is None or key not in parameters:
        return [Permission(name, "*")]
    resource = arn(f"{_KINDS[key]}/{parameters[key]}")
    if verb[1] != "Create":
        return [Permission(name, resource)]

    context = _tags(parameters) | _request_keys(action, parameters, arn)
    needed = [Permission(name, resource, context)]
    if action == "CreateEndpoint":  # it needs the right on the endpoint and on its configuration
        configuration = arn(f"endpoint-config/{parameters.get('EndpointConfigName')}")
        needed.append(Permission(name, configuration, context))
    container = parameters.get("PrimaryContainer") or {}
    if package := container.get("ModelPackageName"):
        # The registry's guide asks for it on packages of other accounts; taken as needed for all.
        needed.append(Permission(name, _package_arn(package, arn)))
    if parameters.get("Tags"):
        tagging = _tags(parameters) | {"sagemaker:taggingaction": (action,)}
        needed.append(Permission("sagemaker:AddTags", resource, tagging))
    for role in (parameters.get("RoleArn"), parameters.get("ExecutionRoleArn")):
        if role:
            passed = {"iam:passedtoservice": ("sagemaker.amazonaws.com",)}
            needed.append(Permission("iam:PassRole", str(role), passed))
    return needed


def _package_arn(package: str, arn: Callable[[str], str]) -> str:
    return package if package.startswith("arn:") else arn(f"model-package/{package}")


def _tags(parameters: Parameters) -> dict[str, Values]:
    tags = parameters.get("Tags") or []
    return {"aws:tagkeys": tuple(tag["Key"] for tag in tags)} | {
        f"aws:requesttag/{tag['Key']}".lower(): (tag.get("Value", ""),) for tag in tags
    }


def _request_keys(
    action: str, parameters: Parameters, arn: Callable[[str], str]
) -> dict[str, Values]:
    if action == "CreateProcessingJob":
        cluster = (parameters.get("ProcessingResources") or {}).get("ClusterConfig") or {}
        network = parameters.get("NetworkConfig") or {}
        vpc = network.get("VpcConfig") or {}
        stopping = parameters.get("StoppingCondition") or {}
        output = parameters.get("ProcessingOutputConfig") or {}
        return {
            "sagemaker:instancetypes": _values(cluster.get("InstanceType")),
            "sagemaker:volumekmskey": _values(cluster.get("VolumeKmsKeyId")),
            "sagemaker:outputkmskey": _values(output.get("KmsKeyId")),
            "sagemaker:maxruntimeinseconds": _values(stopping.get("MaxRuntimeInSeconds")),
            "sagemaker:networkisolation": _values(network.get("EnableNetworkIsolation", False)),
            "sagemaker:vpcsubnets": tuple(vpc.get("Subnets", ())),
            "sagemaker:vpcsecuritygroupids": tuple(vpc.get("SecurityGroupIds", ())),
        }
    if action == "CreateEndpointConfig":
        variants = parameters.get("ProductionVariants") or []
        return {
            "sagemaker:instancetypes": tuple(
                variant["InstanceType"] for variant in variants if "InstanceType" in variant
            ),
            "sagemaker:modelarn": tuple(
                arn(f"model/{variant['ModelName']}") for variant in variants
            ),
            "sagemaker:volumekmskey": _values(parameters.get("KmsKeyId")),
        }
    return {}


def _values(value: Any) -> Values:
    if value is None:
        return ()
    return (str(value).lower() if isinstance(value, bool) else str(value),)
