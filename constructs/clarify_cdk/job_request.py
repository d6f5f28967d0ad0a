"""The body of ``CreateProcessingJob`` as Clarify wants it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Size

from clarify_contract.container import (
    CONFIG_DIR,
    CONFIG_INPUT,
    DATA_DIR,
    DATASET_INPUT,
    OUTPUT_DIR,
    RESULT_OUTPUT,
)

#: Images are written one by one, as soon as each is explained; everything else at the end.
_IMAGE_DATASET = "application/x-image"


def processing_input(name: str, uri: str, path: str, *, manifest: bool = False) -> dict[str, Any]:
    """Return one input: each instance gets all of it, as plain files."""
    return {
        "InputName": name,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": path,
            "S3DataType": "ManifestFile" if manifest else "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
            "S3CompressionType": "None",
        },
    }


def job_request(
    *,
    job_name: str,
    image_uri: str,
    role_arn: str,
    config_uri: str,
    dataset_uri: str | None,
    dataset_manifest: bool,
    dataset_type: str,
    output_uri: str,
    instance_type: str,
    instance_count: int,
    volume_size: Size,
    max_runtime: Duration,
    output_key_arn: str | None,
    volume_key_arn: str | None,
    subnet_ids: Sequence[str] | str,
    security_group_ids: Sequence[str],
    encrypt_traffic: bool,
    environment: Mapping[str, str],
    tags: Mapping[str, str],
) -> dict[str, Any]:
    """Return the request; keys that were not asked for are absent.

    No entrypoint and no arguments (Clarify refuses both), and no network isolation: an isolated job
    cannot ask an endpoint.
    """
    inputs = [processing_input(CONFIG_INPUT, config_uri, CONFIG_DIR)]
    if dataset_uri is not None:
        inputs.append(
            processing_input(DATASET_INPUT, dataset_uri, DATA_DIR, manifest=dataset_manifest)
        )
    cluster: dict[str, Any] = {
        "InstanceCount": instance_count,
        "InstanceType": instance_type,
        "VolumeSizeInGB": volume_size.to_gibibytes(),
    }
    if volume_key_arn is not None:
        cluster["VolumeKmsKeyId"] = volume_key_arn
    output: dict[str, Any] = {
        "Outputs": [
            {
                "OutputName": RESULT_OUTPUT,
                "S3Output": {
                    "S3Uri": output_uri,
                    "LocalPath": OUTPUT_DIR,
                    "S3UploadMode": "Continuous" if dataset_type == _IMAGE_DATASET else "EndOfJob",
                },
            }
        ]
    }
    if output_key_arn is not None:
        output["KmsKeyId"] = output_key_arn
    network: dict[str, Any] = {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": encrypt_traffic,
    }
    if subnet_ids:
        network["VpcConfig"] = {
            "SecurityGroupIds": list(security_group_ids),
            "Subnets": subnet_ids if isinstance(subnet_ids, str) else list(subnet_ids),
        }
    request: dict[str, Any] = {
        "ProcessingJobName": job_name,
        "AppSpecification": {"ImageUri": image_uri},
        "ProcessingInputs": inputs,
        "ProcessingOutputConfig": output,
        "ProcessingResources": {"ClusterConfig": cluster},
        "StoppingCondition": {"MaxRuntimeInSeconds": max_runtime.to_seconds()},
        "NetworkConfig": network,
        "RoleArn": role_arn,
    }
    if environment:
        request["Environment"] = dict(environment)
    if tags:
        request["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return request
