"""What ``CreateProcessingJob`` would refuse, found at synthesis. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import Duration, Size

from clarify_contract import Finding
from clarify_contract.container import (
    ENVIRONMENT_KEY_MAX,
    ENVIRONMENT_KEY_PATTERN,
    ENVIRONMENT_MAX,
    ENVIRONMENT_VALUE_MAX,
    JOB_NAME_MAX,
    JOB_NAME_PATTERN,
    MAX_RUNTIME_SECONDS,
    S3_URI_MAX,
    SECURITY_GROUPS_MAX,
    SUBNETS_MAX,
    TAG_KEY_MAX,
    TAG_VALUE_MAX,
    TAGS_MAX,
    VOLUME_GB_MAX,
)
from clarify_contract.s3 import S3Uri
from clarify_contract.tokens import is_token

#: Types with a local NVMe disk have a "d" behind their generation: ml.m5d, ml.c6gd, ml.g4dn.
_LOCAL_DISK = re.compile(r"ml\.[a-z]+\d+[a-z]*d[a-z]*\.")


def limit_findings(
    *,
    job_name: str,
    instance_type: str,
    volume_size: Size,
    has_volume_key: bool,
    max_runtime: Duration,
    subnet_ids: Sequence[str],
    security_group_ids: Sequence[str],
    uris: Mapping[str, str | None],
    environment: Mapping[str, str],
    tags: Mapping[str, str],
) -> Iterator[Finding]:
    """Yield each value that the service would refuse; what only CloudFormation knows passes."""
    if _literal(job_name) and not re.fullmatch(JOB_NAME_PATTERN, job_name):
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
    if has_volume_key and _LOCAL_DISK.match(instance_type):
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
    if bool(subnet_ids) != bool(security_group_ids):
        yield Finding(
            "vpc-half",
            "subnets, security_groups",
            f"{len(subnet_ids)} subnets and {len(security_group_ids)} security groups",
            "both, or neither",
            "Pass the missing ones; ClarifyNetwork has both.",
        )
    yield from _at_most("subnets", len(subnet_ids), SUBNETS_MAX)
    yield from _at_most("security_groups", len(security_group_ids), SECURITY_GROUPS_MAX)
    for place, uri in uris.items():
        if uri is not None and _literal(uri):
            yield from _uri_findings(place, uri)
    yield from _at_most("environment", len(environment), ENVIRONMENT_MAX)
    for key, value in environment.items():
        if not is_token(key) and (
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


def _literal(text: str) -> bool:
    """Tell whether a text is what the service will get: no token and no JSONata expression."""
    return not is_token(text) and not text.startswith("{%")


def _uri_findings(place: str, uri: str) -> Iterator[Finding]:
    yield from _no_longer(place, uri, S3_URI_MAX)
    try:
        S3Uri.parse(uri)
    except ValueError as error:
        yield Finding("s3-uri", place, repr(uri), "s3://bucket/key", f"Correct it: {error}.")


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
    if not is_token(text) and len(text) > most:
        yield Finding(
            "text-too-long",
            place,
            f"{len(text)} characters",
            f"at most {most}",
            "Shorten it.",
        )
