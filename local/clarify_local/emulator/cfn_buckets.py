"""S3 in CloudFormation: moto knows no bucket policies and drops most of a bucket's properties."""

from __future__ import annotations

import json
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.s3.models import FakeBucket, PublicAccessBlock, s3_backends

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import PARTITION, World

_KEPT_BY_MOTO = {"BucketName", "BucketEncryption", "Tags"}
_KEPT_HERE = {
    "LifecycleConfiguration",
    "NotificationConfiguration",
    "OwnershipControls",
    "PublicAccessBlockConfiguration",
    "VersioningConfiguration",
}


class BucketPolicy(CloudFormationModel):
    """``AWS::S3::BucketPolicy``."""

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that holds the resource's name: there is none."""
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::S3::BucketPolicy"

    @property
    def physical_resource_id(self) -> str:
        """The bucket's name."""
        return self.bucket

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> BucketPolicy:
        """Put the policy on its bucket."""
        properties = cloudformation_json["Properties"]
        document = json.dumps(properties["PolicyDocument"]).encode()
        s3_backends[account_id][PARTITION].put_bucket_policy(properties["Bucket"], document)
        return cls(properties["Bucket"])

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> BucketPolicy:
        """Replace the policy."""
        return cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> None:
        """Take the policy off, if the bucket is still there."""
        bucket = s3_backends[account_id][PARTITION].buckets.get(resource_name)
        if bucket is not None:
            bucket.policy = None


def install(world: World) -> None:
    """Let buckets keep the properties that moto drops."""

    def create(
        cls: Any, /, resource_name: str, cloudformation_json: Any, *rest: Any, **kw: Any
    ) -> Any:
        bucket = moto_create(resource_name, cloudformation_json, *rest, **kw)
        return _complete(world, bucket, cloudformation_json)

    def update(
        cls: Any,
        /,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        **kw: Any,
    ) -> Any:
        properties = cloudformation_json["Properties"]
        properties.setdefault("BucketName", original_resource.name)
        bucket = moto_update(
            original_resource=original_resource,
            new_resource_name=new_resource_name,
            cloudformation_json=cloudformation_json,
            **kw,
        )
        return _complete(world, bucket, cloudformation_json)

    moto_create = replace(FakeBucket, "create_from_cloudformation_json", classmethod(create))
    moto_update = replace(FakeBucket, "update_from_cloudformation_json", classmethod(update))


def _complete(world: World, bucket: Any, cloudformation_json: Any) -> Any:
    properties = cloudformation_json.get("Properties", {})
    if block := properties.get("PublicAccessBlockConfiguration"):
        bucket.public_access_block = PublicAccessBlock(
            **{
                name: str(block.get(given, False)).lower()
                for name, given in (
                    ("block_public_acls", "BlockPublicAcls"),
                    ("ignore_public_acls", "IgnorePublicAcls"),
                    ("block_public_policy", "BlockPublicPolicy"),
                    ("restrict_public_buckets", "RestrictPublicBuckets"),
                )
            }
        )
    if versioning := properties.get("VersioningConfiguration"):
        bucket.versioning_status = versioning["Status"]
    if lifecycle := properties.get("LifecycleConfiguration"):
        bucket.set_lifecycle([_rule(rule) for rule in lifecycle["Rules"]])
    if ownership := properties.get("OwnershipControls"):
        [bucket.ownership_rule] = [rule["ObjectOwnership"] for rule in ownership["Rules"]]
    notifications = properties.get("NotificationConfiguration", {})
    if notifications.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled") is not None:
        _send_events(bucket, notifications["EventBridgeConfiguration"]["EventBridgeEnabled"])
    for name in sorted(notifications.keys() - {"EventBridgeConfiguration"}):
        world.controls.note(f"{name} of a bucket's NotificationConfiguration is not emulated")
    for name in sorted(properties.keys() - _KEPT_BY_MOTO - _KEPT_HERE):
        world.controls.note(f"property {name} of AWS::S3::Bucket is not emulated")
    return bucket


def _send_events(bucket: Any, enabled: Any) -> None:
    # A template's value may be a text.
    on = str(enabled).lower() == "true"
    bucket.set_notification_configuration({"EventBridgeConfiguration": {}} if on else None)


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a lifecycle rule as the S3 API takes it; the template's names differ."""
    result: dict[str, Any] = {
        "ID": rule.get("Id"),
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
    }
    expiration = {
        api: rule[template]
        for api, template in (
            ("Days", "ExpirationInDays"),
            ("Date", "ExpirationDate"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if template in rule
    }
    if expiration:
        result["Expiration"] = expiration
    old = rule.get("NoncurrentVersionExpiration", {})
    days = old.get("NoncurrentDays", rule.get("NoncurrentVersionExpirationInDays"))
    if days is not None:
        result["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    if "AbortIncompleteMultipartUpload" in rule:
        result["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
    if transitions := rule.get("Transitions"):
        result["Transition"] = [
            {"Days": item.get("TransitionInDays"), "StorageClass": item["StorageClass"]}
            for item in transitions
        ]
    return result
