"""What one deployed configuration consists of, as its account's IAM sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from support_proof.intrinsics import Place, Resolver

Document = Mapping[str, Any]
#: Which endpoint of a VPC a call goes through.
Door = Literal["s3", "sagemaker.api", "sagemaker.runtime"]


@dataclass(frozen=True)
class Role:
    """A role with all that is said of it.

    Attributes
    ----------
    name
        Without the stack's hash.
    trust
        Who may assume it.
    identity
        The policies that it holds.
    boundary
        Its permissions boundary; None where it has none.
    """

    name: str
    arn: str
    trust: Document
    identity: tuple[Document, ...]
    boundary: Document | None


@dataclass(frozen=True)
class Resource:
    """A resource of a template, every name in its properties worked out."""

    logical_id: str
    name: str
    arn: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Account:
    """One configuration, deployed.

    Attributes
    ----------
    place
        Where.
    template
        As it was synthesised.
    owner
        The account that owns what is not of this one.
    """

    place: Place
    template: Mapping[str, Any]
    owner: str
    _resolver: Resolver = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_resolver", Resolver(self.template, self.place))

    def name(self, logical_id: str) -> str:
        """Return the name that a resource has here."""
        return self._resolver.name(logical_id)

    def of_type(self, kind: str) -> Iterator[Resource]:
        """Yield the resources of a type, which is given without ``AWS::``."""
        for logical_id, resource in self.template["Resources"].items():
            if resource["Type"] == f"AWS::{kind}":
                properties = dict(resource.get("Properties", {}))
                if kind == "StepFunctions::StateMachine":
                    properties["Definition"] = self._resolver.definition(properties)
                yield Resource(
                    logical_id,
                    self._resolver.name(logical_id),
                    self._resolver.arn(logical_id) if _has_arn(kind) else "",
                    self._resolver.value(properties),
                )

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Every role of the template by its ARN."""
        held: dict[str, list[Document]] = {}
        for policy in self.of_type("IAM::Policy"):
            for role in policy.properties["Roles"]:
                held.setdefault(role, []).append(policy.properties["PolicyDocument"])
        boundaries = {
            policy.arn: policy.properties["PolicyDocument"]
            for policy in self.of_type("IAM::ManagedPolicy")
        }
        found = {}
        for role in self.of_type("IAM::Role"):
            boundary = role.properties.get("PermissionsBoundary")
            found[role.arn] = Role(
                role.name,
                role.arn,
                role.properties["AssumeRolePolicyDocument"],
                tuple(held.get(role.name, ())),
                None if boundary is None else boundaries[boundary],
            )
        return found

    @cached_property
    def resource_policies(self) -> dict[str, Document]:
        """The policies of buckets and keys by ARN, those that other accounts were asked for too."""
        buckets = {bucket.name: bucket.arn for bucket in self.of_type("S3::Bucket")}
        found = {
            buckets[policy.properties["Bucket"]]: policy.properties["PolicyDocument"]
            for policy in self.of_type("S3::BucketPolicy")
        }
        found |= {key.arn: key.properties["KeyPolicy"] for key in self.of_type("KMS::Key")}
        for output in self._resolver.value(dict(self.template.get("Outputs", {}))).values():
            if "What account" in output.get("Description", ""):
                found[output["Description"].rpartition(" ")[2]] = json.loads(output["Value"])
        return found

    def account_of(self, arn: str) -> str:
        """Return which account owns a resource: an S3 ARN does not tell."""
        if arn == "*":
            return self.place.account
        _, _, service, _, account, name = arn.split(":", 5)
        if service != "s3":
            return account or self.place.account
        bucket = f"arn:{self.place.partition}:s3:::{name.partition('/')[0]}"
        own = {one.arn for one in self.of_type("S3::Bucket")}
        foreign = bucket in self.resource_policies and bucket not in own
        return self.owner if foreign else self.place.account

    @cached_property
    def bucket_keys(self) -> dict[str, str]:
        """The KMS key of each of the stack's buckets that has one, by the bucket's name."""
        found = {}
        for bucket in self.of_type("S3::Bucket"):
            encryption = bucket.properties.get("BucketEncryption", {})
            for rule in encryption.get("ServerSideEncryptionConfiguration", ()):
                default = rule["ServerSideEncryptionByDefault"]
                if "KMSMasterKeyID" in default:
                    found[bucket.name] = default["KMSMasterKeyID"]
        return found

    @cached_property
    def doors(self) -> dict[Door, Document]:
        """The policies of the VPC's endpoints."""
        found: dict[Door, Document] = {}
        for endpoint in self.of_type("EC2::VPCEndpoint"):
            if (policy := endpoint.properties.get("PolicyDocument")) is not None:
                found[_door(endpoint.properties["ServiceName"])] = policy
        return found


def _door(service: str) -> Door:
    doors: tuple[Door, ...] = ("s3", "sagemaker.api", "sagemaker.runtime")
    (door,) = [door for door in doors if service.endswith(f".{door}")]
    return door


def _has_arn(kind: str) -> bool:
    return kind not in (
        "EC2::VPCEndpoint",
        "IAM::Policy",
        "S3::BucketPolicy",
        "Scheduler::Schedule",
    )
