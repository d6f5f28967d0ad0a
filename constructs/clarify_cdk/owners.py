"""The other side of the roles' rights: what owners of buckets, keys and topics must allow.

Within one account a role's own policy is enough. Across accounts the resource's policy must say
the same of the role; it is derived from what the role may do, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import IResource, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.handover import hand_over
from clarify_cdk.warn import tell
from clarify_contract.tokens import is_token


@dataclass(frozen=True)
class Grantee:
    """A role, by its ARN, and the policy document with what it may do."""

    role_arn: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class Used:
    """A resource that a pipeline uses, and may not own.

    Attributes
    ----------
    label
        What it is to the pipeline, such as ``DatasetBucket``.
    resource, arn
        The resource; it knows its account where that was said when it was imported. A bucket's ARN
        is made of its name, as in the statements of policies.
    """

    label: str
    resource: IResource
    arn: str


def grantees(*roles: iam.IRole | None) -> Iterator[Grantee]:
    """Yield those of some roles to which this app gives rights, with these."""
    for role in roles:
        policy = role.node.try_find_child("DefaultPolicy") if role is not None else None
        if role is not None and isinstance(policy, iam.Policy):
            yield Grantee(role.role_arn, policy.document.to_json())


def used_resources(
    analysis: Analysis,
    *,
    volume_key: kms.IKey | None,
    topic: sns.ITopic | None,
    bus: events.IEventBus | None,
) -> Iterator[Used]:
    """Yield every bucket, key, topic and bus of a user's that a role of a pipeline uses."""
    if (dataset := analysis.dataset_bucket) is not None:
        yield Used("DatasetBucket", dataset, _arn_by_name(dataset))
    results = analysis.results_bucket
    yield Used("ResultsBucket", results, _arn_by_name(results))
    for name, keys in (
        ("DataKey", analysis.read_keys),
        ("ResultsKey", analysis.results_keys),
        ("VolumeKey", [volume_key]),
        ("TopicKey", [topic.master_key] if topic is not None else []),
    ):
        for number, key in enumerate(keys, 1):
            if key is not None:
                yield Used(f"{name}{number if number > 1 else ''}", key, key.key_arn)
    if topic is not None:
        yield Used("Topic", topic, topic.topic_arn)
    if bus is not None:
        yield Used("Bus", bus, bus.event_bus_arn)


def owner_policy(arn: str, grantees: Iterable[Grantee]) -> iam.PolicyDocument:
    """Return what a resource's policy must allow these roles; empty if they do nothing there.

    Parameters
    ----------
    arn
        Of a bucket, a KMS key, a topic or an event bus.
    grantees
        The roles.
    """
    return iam.PolicyDocument(
        statements=[statement for grantee in grantees for statement in _asked_by(grantee, arn)]
    )


def policy_asked_of(
    arn: str, analysis: Analysis, grantees: Iterable[Grantee]
) -> iam.PolicyDocument:
    """Return `owner_policy`, also for a bucket's ARN that only deployment knows.

    Statements name a bucket by its name, which such an ARN tells to nobody but CloudFormation.
    """
    buckets = [analysis.results_bucket]
    if analysis.dataset_bucket is not None:
        buckets.append(analysis.dataset_bucket)
    by_name = {bucket.bucket_arn: _arn_by_name(bucket) for bucket in buckets}
    return owner_policy(by_name.get(arn, arn), grantees)


def ask_owners(
    scope: Construct, used: Sequence[Used], grantees: Callable[[], Sequence[Grantee]]
) -> None:
    """Print, as outputs, what the owners of resources in other accounts must allow; warn of it.

    Parameters
    ----------
    scope
        Where the outputs are made, as ``<label>Policy``.
    used
        Every resource in question; those of this account are left out, and all of them where this
        account or theirs is not known.
    grantees
        Gives the roles; not asked where every resource is of this account, since it takes time.
    """
    outputs = []
    for label, arn, account in _elsewhere(Stack.of(scope).account, used):
        policy = owner_policy(arn, grantees())
        if not policy.is_empty:
            # A description has no functions, so nothing that only deployment knows stands there.
            name = next((n for n in (arn, arn.rpartition(":")[2]) if not is_token(n)), label)
            told = f"What account {account} must allow in the policy of {name}"
            outputs.append(hand_over(scope, f"{label}Policy", policy, told))
    if outputs:
        tell(
            scope,
            "other-account",
            f"{scope.node.path} uses what other accounts own. Nothing works there until their"
            f" policies say so: hand over these outputs of the stack: {', '.join(outputs)}"
            " (ClarifyPipeline.resource_policy gives the same).",
        )


def _elsewhere(own: str, used: Sequence[Used]) -> Iterator[tuple[str, str, str]]:
    seen = set()
    for one in used:
        account = one.resource.env.account
        known = not is_token(account) and not is_token(own)
        if known and account != own and one.arn not in seen:
            seen.add(one.arn)
            yield one.label, one.arn, account


def _asked_by(grantee: Grantee, arn: str) -> Iterator[iam.PolicyStatement]:
    for statement in grantee.document.get("Statement", ()):
        resources = [name for name in _listed(statement["Resource"]) if _is_of(name, arn)]
        if resources and statement["Effect"] == "Allow":
            actions = _listed(statement["Action"])
            yield iam.PolicyStatement(
                principals=[iam.ArnPrincipal(grantee.role_arn)],
                actions=actions,
                # In the policy of a key, `*` is that key.
                resources=["*"] if actions[0].startswith("kms:") else resources,
                conditions=statement.get("Condition"),
            )


def _is_of(resource: str, arn: str) -> bool:
    """Tell whether one ARN is another, or an object in it; their partitions may be tokens."""
    name, owner = (_without_partition(text) for text in (resource, arn))
    return name == owner or name.startswith(f"{owner}/")


def _arn_by_name(bucket: s3.IBucket) -> str:
    return f"arn:{Stack.of(bucket).partition}:s3:::{bucket.bucket_name}"


def _without_partition(arn: str) -> str:
    return arn.split(":", 2)[-1]


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
