"""The body of ``CreateProcessingJob`` as Clarify wants it, and its limits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Size, Token

from clarify_contract import Finding
from clarify_contract.container import (
    CONFIG_DIR,
    CONFIG_INPUT,
    DATA_DIR,
    DATASET_INPUT,
    ENVIRONMENT_KEY_MAX,
    ENVIRONMENT_KEY_PATTERN,
    ENVIRONMENT_MAX,
    ENVIRONMENT_VALUE_MAX,
    JOB_NAME_MAX,
    JOB_NAME_PATTERN,
    MAX_RUNTIME_SECONDS,
    OUTPUT_DIR,
    RESULT_OUTPUT,
    SECURITY_GROUPS_MAX,
    SUBNETS_MAX,
    TAG_KEY_MAX,
    TAG_VALUE_MAX,
    TAGS_MAX,
    VOLUME_GB_MAX,
)

#: Images are written one by one, as soon as each is explained; everything else at the end.
_IMAGE_DATASET = "application/x-image"
#: Types with a local NVMe disk have a "d" behind their generation: ml.m5d, ml.c6gd, ml.g4dn.
_LOCAL_DISK = re.compile(r"ml\.[a-z]+\d+[a-z]*d[a-z]*\.")


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
    subnet_ids: Sequence[str],
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
            "Subnets": list(subnet_ids),
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


def limit_findings(
    *,
    job_name: str,
    instance_type: str,
    volume_size: Size,
    has_volume_key: bool,
    max_runtime: Duration,
    subnet_ids: Sequence[str],
    security_group_ids: Sequence[str],
    environment: Mapping[str, str],
    tags: Mapping[str, str],
) -> Iterator[Finding]:
    """Yield each value that the service would refuse; what only CloudFormation knows passes."""
    literal = _known(job_name) and not job_name.startswith("{%")
    if literal and not re.fullmatch(JOB_NAME_PATTERN, job_name):
        yield Finding(
            "job-name",
            "job_name",
            repr(job_name),
            f"at most {JOB_NAME_MAX} letters, digits and inner hyphens",
            "Shorten it, or take it from the state: JsonPath.string_at('$.job_name').",
        )
    if not volume_size.is_unresolved():
        gigabytes = int(volume_size.to_gibibytes())
        yield from _between("volume_size", gigabytes, 1, VOLUME_GB_MAX, " GiB")
    if has_volume_key and _known(instance_type) and _LOCAL_DISK.match(instance_type):
        yield Finding(
            "volume-key-on-local-disk",
            "volume_key",
            f"a key, and {instance_type}, whose storage is a local disk",
            "no key: the instance encrypts such a disk itself, and the service refuses a key",
            "Leave volume_key out, or choose an instance type without a 'd' in its generation.",
        )
    if not max_runtime.is_unresolved():
        seconds = int(max_runtime.to_seconds())
        yield from _between("max_runtime", seconds, 1, MAX_RUNTIME_SECONDS, " seconds")
    if not any(Token.is_unresolved(item) for item in (subnet_ids, security_group_ids)):
        if bool(subnet_ids) != bool(security_group_ids):
            yield Finding(
                "vpc-half",
                "subnet_ids, security_group_ids",
                f"{len(subnet_ids)} subnets and {len(security_group_ids)} security groups",
                "both, or neither",
                "Pass the missing ones; ClarifyNetwork has both.",
            )
        yield from _at_most("subnet_ids", len(subnet_ids), SUBNETS_MAX)
        yield from _at_most("security_group_ids", len(security_group_ids), SECURITY_GROUPS_MAX)
    yield from _at_most("environment", len(environment), ENVIRONMENT_MAX)
    for key, value in environment.items():
        if _known(key) and (
            len(key) > ENVIRONMENT_KEY_MAX or not re.fullmatch(ENVIRONMENT_KEY_PATTERN, key)
        ):
            yield Finding(
                "environment-key",
                f"environment[{key!r}]",
                repr(key),
                f"letters, digits and '_', no digit first, at most {ENVIRONMENT_KEY_MAX}",
                "Rename the variable.",
            )
        yield from _no_longer(f"environment[{key!r}]", value, ENVIRONMENT_VALUE_MAX)
    yield from _at_most("tags", len(tags), TAGS_MAX)
    for key, value in tags.items():
        yield from _no_longer("tags", key, TAG_KEY_MAX)
        yield from _no_longer(f"tags[{key!r}]", value, TAG_VALUE_MAX)


def _known(value: object) -> bool:
    return not Token.is_unresolved(value)


def _between(place: str, value: int, least: int, most: int, unit: str) -> Iterator[Finding]:
    if not least <= value <= most:
        yield Finding(
            f"{place.replace('_', '-')}-range",
            place,
            f"{value}{unit}",
            f"{least} to {most}{unit}",
            "Choose a value in that range.",
        )


def _at_most(place: str, count: int, most: int) -> Iterator[Finding]:
    if count > most:
        yield Finding(
            f"{place.replace('_', '-')}-count",
            place,
            f"{count} entries",
            f"at most {most}",
            "Remove some.",
        )


def _no_longer(place: str, text: str, most: int) -> Iterator[Finding]:
    if _known(text) and len(text) > most:
        yield Finding(
            "text-too-long",
            place,
            f"{len(text)} characters",
            f"at most {most}",
            "Shorten it.",
        )
