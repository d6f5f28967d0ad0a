"""Data under a key: at rest, and on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from aws_cdk import Stack

from clarify_cdk.testing.jobs import MACHINE, PROCESSING_JOB, job_requests, unreadable
from clarify_cdk.testing.policies import listed
from clarify_cdk.testing.review import place, require
from clarify_contract import Finding

_BUCKET, _BUCKET_POLICY = "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
_TOPIC, _QUEUE, _KEY = "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::KMS::Key"
#: Type -> the property that names a customer's key, and what to do without.
_OWN_KEY = {
    "AWS::Logs::LogGroup": ("KmsKeyId", "Call encrypt_logs(stack, key)."),
    "AWS::SageMaker::EndpointConfig": ("KmsKeyId", "Give kms_key_id=key.key_arn."),
    _QUEUE: ("KmsMasterKeyId", "Give encryption_master_key=key."),
}
_JUDGED = {_BUCKET, _KEY, _TOPIC, *_OWN_KEY, MACHINE, PROCESSING_JOB}


def assert_encrypted(
    stack: Stack | Mapping[str, Any],
    *,
    customer_keys: bool = False,
    acknowledged: Mapping[str, str] | None = None,
) -> None:
    """Fail if data of a stack is readable at rest, or may travel so.

    Judged are buckets, which must state their encryption (``bucket-unencrypted``) and refuse
    requests without TLS (``bucket-without-tls``); topics, which SNS encrypts only with a key
    (``topic-unencrypted``); queues with their encryption switched off (``queue-unencrypted``); keys
    that are not rotated (``key-not-rotated``); and processing jobs, in state machines too, whose
    instances talk to each other in plain text (``job-traffic-plain``, ``definition-unreadable``).
    With ``customer_keys`` buckets, queues, log groups, endpoint configurations and the volumes of
    jobs must name a KMS key (``own-key-missing``); what a job writes is under its bucket's.

    Not judged is what AWS encrypts by itself and the template need not say: state machines, event
    buses, and the environment of functions.

    Parameters
    ----------
    stack, acknowledged
        See ``assert_least_privilege``.
    customer_keys
        Keys that AWS manages are not enough. Instances with local disks take no key for them:
        acknowledge those jobs.

    Raises
    ------
    AssertionError
        With every finding: where, what was found, what is expected, and what to do.
    """
    __tracebackhide__ = True
    require(
        stack,
        judged=_JUDGED,
        findings=partial(_findings, customer_keys=customer_keys),
        acknowledged=acknowledged,
    )


def _findings(resources: Mapping[str, Any], *, customer_keys: bool) -> Iterator[Finding]:
    yield from unreadable(resources)
    for name, resource in resources.items():
        if (check := _CHECKS.get(resource["Type"])) is not None:
            yield from check(name, resource)
    yield from _without_tls(resources)
    yield from _jobs(resources)
    if customer_keys:
        yield from _own_keys(resources)


def _bucket(name: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    if not _bucket_rules(resource):
        yield Finding(
            "bucket-unencrypted",
            place(name, resource, "BucketEncryption"),
            "nothing said",
            "a rule with AES256 or aws:kms",
            "Give encryption=s3.BucketEncryption.S3_MANAGED, or an encryption_key.",
        )


def _topic(name: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    if not resource.get("Properties", {}).get("KmsMasterKeyId"):
        yield Finding(
            "topic-unencrypted",
            place(name, resource, "KmsMasterKeyId"),
            "no key",
            "a KMS key: SNS encrypts nothing by itself",
            "Give master_key=kms.Key(...).",
        )


def _queue(name: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    properties = resource.get("Properties", {})
    if properties.get("SqsManagedSseEnabled") is False and not properties.get("KmsMasterKeyId"):
        yield Finding(
            "queue-unencrypted",
            place(name, resource, "SqsManagedSseEnabled"),
            "false, and no key",
            "true, or a KMS key",
            "Leave encryption out, or give encryption_master_key.",
        )


def _key(name: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    properties = resource.get("Properties", {})
    if properties.get("KeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        return  # KMS rotates no other kind
    if properties.get("EnableKeyRotation") not in (True, "true"):
        yield Finding(
            "key-not-rotated",
            place(name, resource, "EnableKeyRotation"),
            str(properties.get("EnableKeyRotation", "nothing said")).lower(),
            "true",
            "Give enable_key_rotation=True.",
        )


_CHECKS: Mapping[str, Callable[[str, Mapping[str, Any]], Iterator[Finding]]] = {
    _BUCKET: _bucket,
    _KEY: _key,
    _QUEUE: _queue,
    _TOPIC: _topic,
}


def _bucket_rules(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    encryption = resource.get("Properties", {}).get("BucketEncryption", {})
    rules = encryption.get("ServerSideEncryptionConfiguration", [])
    return [rule.get("ServerSideEncryptionByDefault", {}) for rule in rules]


def _without_tls(resources: Mapping[str, Any]) -> Iterator[Finding]:
    refusing = {
        resource["Properties"]["Bucket"]
        for resource in resources.values()
        if resource["Type"] == _BUCKET_POLICY
        and any(map(_refuses_plain, listed(resource["Properties"]["PolicyDocument"]["Statement"])))
    }
    for name, resource in resources.items():
        if resource["Type"] == _BUCKET and f"${{{name}}}" not in refusing:
            yield Finding(
                "bucket-without-tls",
                place(name, resource, "").rstrip(),
                "no policy that refuses requests without TLS",
                "one that denies s3:* where aws:SecureTransport is false",
                "Give enforce_ssl=True.",
            )


def _refuses_plain(statement: Mapping[str, Any]) -> bool:
    values = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    objects = [each for each in listed(statement.get("Resource")) if str(each).endswith("*")]
    return (
        statement.get("Effect") == "Deny"
        and listed(statement.get("Action")) in (["s3:*"], ["*"])
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and values in ("false", False, ["false"])
        and bool(objects)
    )


def _jobs(resources: Mapping[str, Any]) -> Iterator[Finding]:
    for path, request in job_requests(resources):
        cluster = (request.get("ProcessingResources") or {}).get("ClusterConfig") or {}
        network = request.get("NetworkConfig") or {}
        alone = cluster.get("InstanceCount") == 1
        if not alone and network.get("EnableInterContainerTrafficEncryption") is not True:
            yield Finding(
                "job-traffic-plain",
                f"{path} NetworkConfig.EnableInterContainerTrafficEncryption",
                "false, and more than one instance",
                "true",
                "Give encrypt_traffic=True.",
            )


def _own_keys(resources: Mapping[str, Any]) -> Iterator[Finding]:
    for name, resource in resources.items():
        if resource["Type"] == _BUCKET:
            if not any(rule.get("KMSMasterKeyID") for rule in _bucket_rules(resource)):
                yield _own_key(
                    place(name, resource, "BucketEncryption"), "Give encryption_key=key."
                )
        elif resource["Type"] in _OWN_KEY:
            key, fix = _OWN_KEY[resource["Type"]]
            if not resource.get("Properties", {}).get(key):
                yield _own_key(place(name, resource, key), fix)
    for path, request in job_requests(resources):
        cluster = (request.get("ProcessingResources") or {}).get("ClusterConfig") or {}
        if not cluster.get("VolumeKmsKeyId"):
            where = "ProcessingResources.ClusterConfig.VolumeKmsKeyId"
            yield _own_key(f"{path} {where}", "Give volume_key=key.")


def _own_key(path: str, fix: str) -> Finding:
    given = "a key that AWS manages"
    return Finding("own-key-missing", path, given, "a KMS key of the account's", fix)
