"""What an account has already, by ids and ARNs: for stacks that a file describes, not code.

A stack's own imports need the stack, which is not there before it is made: so these are names,
read once there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aws_cdk import PermissionsBoundary
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from clarify_cdk.network import ClarifyNetwork
from clarify_contract import AnalysisConfig, Finding, Refused


@dataclass(frozen=True, kw_only=True)
class Existing:
    """Names of what is in an account before a ``ClarifyStack`` is; none is changed by it.

    Parameters
    ----------
    vpc_id
        A VPC to run in, looked up by its id: the stack needs a known account and Region. It may be
        one that another account shares with this.
    subnet_ids
        Subnets of it. Default: its private ones.
    s3_prefix_list, nat
        See ``ClarifyNetwork``.
    s3_endpoint, sagemaker_endpoints
        Make the endpoint to S3, or both to SageMaker, there. Default: the VPC has them, or a NAT
        gateway.
    endpoint_clients
        Ids of the security groups of who else may use the endpoints to SageMaker that are made;
        an empty list for nobody.
    reachable_security_groups
        Ids of what jobs may reach there on port 443, such as the endpoints' security group.
    reachable_addresses
        IPv4 ranges that jobs may reach on port 443, such as those of endpoints in a shared VPC.
    model_data_buckets
        Names of buckets from which models load their artifacts, in a VPC that is made.
    job_role
        ARN of the job's role. It stays as it is: the output ``JobPolicy`` says what it needs.
    access_log_bucket
        Name of a bucket of the same account and Region that keeps who asked what of the stack's
        buckets, below the stack's name. The output ``AccessLogsPolicy`` says what it must allow.
    bucket_key, data_keys, volume_key, log_key
        ARNs of KMS keys: of the stack's buckets, of data elsewhere, of the job's volume, and of
        the stack's log groups.
    notify_topic, notify_topic_key, notify_bus
        ARNs of who is told of each end of a run, and of the topic's key.
    permissions_boundary
        Name or ARN of the policy that limits each role of the stack. What only deployment knows is
        taken for a name.

    Raises
    ------
    Refused
        If one of them says nothing without another that is missing.
    """

    vpc_id: str | None = None
    subnet_ids: Sequence[str] = field(default=())
    s3_prefix_list: str | None = None
    nat: bool = False
    s3_endpoint: bool = False
    sagemaker_endpoints: bool = False
    endpoint_clients: Sequence[str] | None = None
    reachable_security_groups: Sequence[str] = field(default=())
    reachable_addresses: Sequence[str] = field(default=())
    model_data_buckets: Sequence[str] = field(default=())
    job_role: str | None = None
    access_log_bucket: str | None = None
    bucket_key: str | None = None
    data_keys: Sequence[str] = field(default=())
    volume_key: str | None = None
    log_key: str | None = None
    notify_topic: str | None = None
    notify_topic_key: str | None = None
    notify_bus: str | None = None
    permissions_boundary: str | None = None

    def __post_init__(self) -> None:
        if found := [*self._findings()]:
            raise Refused(found)

    def boundary(self) -> PermissionsBoundary | None:
        """Return the boundary of every role of the stack."""
        given = self.permissions_boundary
        if given is None:
            return None
        by_arn = given.startswith("arn:")
        return (
            PermissionsBoundary.from_arn(given) if by_arn else PermissionsBoundary.from_name(given)
        )

    def network(
        self, scope: Construct, config: AnalysisConfig, *, fips: bool = False
    ) -> ClarifyNetwork | None:
        """Return the place of jobs in the VPC, with the id ``Network``; None where none is given.

        Parameters
        ----------
        scope, config, fips
            As for ``ClarifyNetwork``.

        Raises
        ------
        Refused
            If the VPC lacks what was asked for.
        """
        if self.vpc_id is None:
            return None
        vpc = ec2.Vpc.from_lookup(scope, "Vpc", vpc_id=self.vpc_id)
        chosen = self._subnets(vpc)
        return ClarifyNetwork(
            scope,
            "Network",
            config=config,
            vpc=vpc,
            subnets=ec2.SubnetSelection(subnets=chosen) if chosen else None,
            s3_endpoint=self.s3_endpoint,
            api_endpoint=self.sagemaker_endpoints,
            runtime_endpoint=self.sagemaker_endpoints,
            endpoint_clients=self._clients(scope),
            nat=self.nat,
            s3_prefix_list=self.s3_prefix_list,
            reachable=[
                *map(ec2.Peer.security_group_id, self.reachable_security_groups),
                *map(ec2.Peer.ipv4, self.reachable_addresses),
            ],
            fips=fips,
        )

    def buckets_of_models(self, scope: Construct) -> list[s3.IBucket]:
        """Return the buckets from which models load their artifacts."""
        return [
            s3.Bucket.from_bucket_name(scope, f"ModelDataBucket{number}", name)
            for number, name in enumerate(self.model_data_buckets, 1)
        ]

    def role(self, scope: Construct) -> iam.IRole | None:
        """Return the job's role, which stays as it is."""
        if self.job_role is None:
            return None
        return iam.Role.from_role_arn(scope, "GivenJobRole", self.job_role, mutable=False)

    def access_logs(self, scope: Construct) -> s3.IBucket | None:
        """Return the bucket that keeps access logs."""
        if self.access_log_bucket is None:
            return None
        return s3.Bucket.from_bucket_name(scope, "AccessLogs", self.access_log_bucket)

    def key(self, scope: Construct, name: str) -> kms.IKey | None:
        """Return one of the keys: ``bucket_key``, ``volume_key`` or ``log_key``."""
        arn: str | None = getattr(self, name)
        child = "".join(part.capitalize() for part in name.split("_"))
        return kms.Key.from_key_arn(scope, child, arn) if arn is not None else None

    def keys_of_data(self, scope: Construct) -> list[kms.IKey]:
        """Return the keys of data that is not in the stack's buckets."""
        return [
            kms.Key.from_key_arn(scope, f"DataKey{number}", arn)
            for number, arn in enumerate(self.data_keys, 1)
        ]

    def topic(self, scope: Construct) -> sns.ITopic | None:
        """Return the topic that is told of each end."""
        if self.notify_topic is None:
            return None
        return sns.Topic.from_topic_attributes(
            scope, "Topic", topic_arn=self.notify_topic, key_arn=self.notify_topic_key
        )

    def bus(self, scope: Construct) -> events.IEventBus | None:
        """Return the bus that is told of each end."""
        if self.notify_bus is None:
            return None
        return events.EventBus.from_event_bus_arn(scope, "Bus", self.notify_bus)

    def _clients(self, scope: Construct) -> list[ec2.IConnectable] | None:
        if self.endpoint_clients is None:
            return None
        return [
            ec2.SecurityGroup.from_security_group_id(scope, f"EndpointClient{number}", group)
            for number, group in enumerate(self.endpoint_clients, 1)
        ]

    def _subnets(self, vpc: ec2.IVpc) -> list[ec2.ISubnet]:
        """Return the named subnets as the VPC has them, with their zones and route tables."""
        if vpc.vpc_id != self.vpc_id:
            # CDK's stand-in, until its command line has looked the VPC up and starts anew.
            return []
        there = (*vpc.private_subnets, *vpc.isolated_subnets, *vpc.public_subnets)
        known = {subnet.subnet_id: subnet for subnet in there}
        if absent := [name for name in self.subnet_ids if name not in known]:
            raise Refused([_no_such_subnet(absent, self.vpc_id, sorted(known))])
        return [known[name] for name in self.subnet_ids]

    def _findings(self) -> Iterator[Finding]:
        for name in (
            "subnet_ids",
            "s3_prefix_list",
            "nat",
            "s3_endpoint",
            "sagemaker_endpoints",
            "endpoint_clients",
            "reachable_security_groups",
            "reachable_addresses",
        ):
            if self.vpc_id is None and getattr(self, name) not in (None, False, (), []):
                yield _lonely(name, "vpc_id")
        if self.notify_topic_key is not None and self.notify_topic is None:
            yield _lonely("notify_topic_key", "notify_topic")


def _lonely(name: str, needed: str) -> Finding:
    return Finding(
        "setting-alone",
        name,
        f"a value, and no {needed}",
        f"both, or neither: {name} is about what {needed} names",
        f"Name {needed} too, or remove {name}.",
    )


def _no_such_subnet(absent: list[str], vpc: str, known: list[str]) -> Finding:
    return Finding(
        "subnet-unknown",
        "subnet_ids",
        ", ".join(absent),
        f"subnets of {vpc}: {', '.join(known)}",
        "Correct them, or run `cdk context --clear` if the VPC has changed.",
    )
