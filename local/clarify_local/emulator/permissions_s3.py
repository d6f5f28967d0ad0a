"""Which permissions the calls of S3 need, and what a bucket's own policy adds."""

from __future__ import annotations

import json
from typing import Any

from moto.s3.models import FakeBucket, s3_backends

from clarify_local.emulator.identities import Caller
from clarify_local.emulator.permissions_sagemaker import Permission
from clarify_local.emulator.policy import Request, Statement, as_list, judge
from clarify_local.emulator.world import PARTITION, World

_BY_KMS = ("aws:kms", "aws:kms:dsse")


def s3_permissions(
    world: World, action: str, bucket: str | None, key: str | None, response: Any
) -> list[Permission]:
    """Return the permissions of one S3 request, KMS keys included.

    Parameters
    ----------
    action
        moto's name for what is done, such as ``GetObject``.
    response
        moto's handler of the request, for its headers and query.
    """
    name = {"HeadBucket": "ListBucket", "ListObjects": "ListBucket"}.get(action, action)
    resource = f"arn:aws:s3:::{bucket or '*'}"
    if key is not None:
        resource = f"{resource}/{key}"
    elif name == "DeleteObject":  # DeleteObjects: its keys are in the body
        resource = f"{resource}/*"
    query = response.querystring
    context: dict[str, tuple[str, ...]] = {}
    if name in ("ListBucket", "ListBucketVersions"):
        context = {
            f"s3:{parameter}": tuple(map(str, query.get(parameter, ())))
            for parameter in ("prefix", "delimiter", "max-keys")
        }
    needed = [Permission(f"s3:{name}", resource, context)]
    source = response.headers.get("x-amz-copy-source")
    if source:
        needed.append(Permission("s3:GetObject", f"arn:aws:s3:::{source.lstrip('/')}"))
    found = _bucket(world, bucket)
    if found is not None and key is not None:
        asked_for = response.headers.get("x-amz-server-side-encryption-aws-kms-key-id")
        if name == "PutObject" and (kms := asked_for or _default_key(found)):
            needed.append(Permission("kms:GenerateDataKey", _key_arn(world, kms)))
        stored = found.keys.get(key) if name == "GetObject" else None
        if stored is not None and stored.encryption in _BY_KMS and stored.kms_key_id:
            needed.append(Permission("kms:Decrypt", _key_arn(world, stored.kms_key_id)))
    return needed


def hides_missing_key(world: World, bucket: str | None, key: str | None) -> Permission | None:
    """Return what a caller needs besides to be told that an object does not exist.

    Without ``s3:ListBucket``, S3 answers 403 for a missing object, not 404.
    """
    found = _bucket(world, bucket)
    if found is None or key is None or key in found.keys:
        return None
    return Permission(
        "s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": (), "s3:delimiter": ()}
    )


def bucket_policy_says(world: World, bucket: str | None, caller: Caller, request: Request) -> str:
    """Return what a bucket's policy says of a caller's request: allowed, denied or silent."""
    found = _bucket(world, bucket)
    if found is None or found.policy is None:
        return "silent"
    statements = [s for s in as_list(json.loads(found.policy)["Statement"]) if _meets(s, caller)]
    return judge(statements, request, ignored=world.controls.note)


def _meets(statement: Statement, caller: Caller) -> bool:
    principal = statement.get("Principal")
    if principal == "*":
        return True
    named = set(as_list((principal or {}).get("AWS", [])))
    identities = {"*", caller.arn}
    if caller.role is not None:
        identities.add(caller.role.arn)
    # Naming the whole account leaves the decision to the caller's own policies, but for a Deny.
    if statement["Effect"] == "Deny":
        account = caller.arn.split(":")[4]
        identities |= {account, f"arn:aws:iam::{account}:root"}
    return bool(named & identities)


def _bucket(world: World, name: str | None) -> FakeBucket | None:
    return s3_backends[world.options.account][PARTITION].buckets.get(name) if name else None


def _default_key(bucket: FakeBucket) -> str | None:
    rules = as_list((bucket.encryption or {}).get("Rule", []))
    for rule in rules:
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if default.get("SSEAlgorithm") in _BY_KMS and default.get("KMSMasterKeyID"):
            return str(default["KMSMasterKeyID"])
    return None


def _key_arn(world: World, key: str) -> str:
    if key.startswith("arn:"):
        return key
    return f"arn:aws:kms:{world.options.region}:{world.options.account}:key/{key}"
