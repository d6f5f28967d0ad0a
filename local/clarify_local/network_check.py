"""Judges the networks of a deployed pipeline's job and functions: nothing here travels there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from botocore.exceptions import ClientError

from clarify_contract import AnalysisConfig, Finding
from clarify_local.aws import EmulatedAws
from clarify_local.deployed import Pipeline
from clarify_local.described_network import DescribedNetwork, Tenant
from clarify_local.endpoint_policies import Call, calls
from clarify_local.reachability import SERVICES, reachability_findings


def network_findings(
    aws: EmulatedAws, pipeline: Pipeline, *, unknown: Collection[str] = ()
) -> list[Finding]:
    """Return what job and functions lack, and what they reach or are reached by beside.

    Of ``unknown`` VPCs, of which only a part is in the emulated account, nothing is told.
    """
    tenants = [*find_tenants(aws, pipeline)]
    if not tenants:
        return []
    network = describe_network(aws)
    elsewhere = {s["SubnetId"] for s in network.subnets if s["VpcId"] in unknown}
    tenants = [tenant for tenant in tenants if not elsewhere & {*tenant.subnet_ids}]
    return [finding for tenant in tenants for finding in reachability_findings(network, tenant)]


def find_tenants(aws: EmulatedAws, pipeline: Pipeline) -> Iterator[Tenant]:
    """Yield who of a pipeline runs in a VPC: the job, and functions in the same place together."""
    asks = AnalysisConfig.load(pipeline.config).needs_predictions
    if pipeline.vpc_config is not None:
        yield Tenant(
            kind="job",
            name="the job",
            subnet_ids=pipeline.vpc_config["Subnets"],
            group_ids=pipeline.vpc_config["SecurityGroupIds"],
            services=SERVICES if asks else SERVICES[:1],
            calls=_calls(aws, pipeline.role_arn, {*_buckets(pipeline)}),
            instances=pipeline.instances,
        )
    places: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, str]] = {}
    for state, function in pipeline.functions.items():
        described = aws.client("lambda").get_function_configuration(FunctionName=function)
        if vpc := described.get("VpcConfig"):
            where = (tuple(sorted(vpc["SubnetIds"])), tuple(sorted(vpc["SecurityGroupIds"])))
            places.setdefault(where, {})[state] = described["Role"]
    for (subnets, groups), roles in places.items():
        # The look at a model or endpoint is the only thing that functions ask of SageMaker.
        looks = asks and pipeline.prepare in roles
        yield Tenant(
            kind="function",
            name=f"the functions of {', '.join(roles)}",
            subnet_ids=subnets,
            group_ids=groups,
            services=SERVICES[:2] if looks else SERVICES[:1],
            calls=[call for role in dict.fromkeys(roles.values()) for call in _calls(aws, role)],
        )


def describe_network(aws: EmulatedAws) -> DescribedNetwork:
    """Return the networks of the account."""

    def listed(operation: str, key: str) -> list[dict[str, Any]]:
        return [*aws.listed("ec2", operation, key)]

    return DescribedNetwork(
        subnets=listed("describe_subnets", "Subnets"),
        route_tables=listed("describe_route_tables", "RouteTables"),
        security_groups=listed("describe_security_groups", "SecurityGroups"),
        endpoints=listed("describe_vpc_endpoints", "VpcEndpoints"),
        prefix_lists=listed("describe_managed_prefix_lists", "PrefixLists"),
        acls=listed("describe_network_acls", "NetworkAcls"),
    )


def _buckets(pipeline: Pipeline) -> Iterator[str]:
    """Yield the buckets that the deployed pipeline reads and writes."""
    uris = [pipeline.results_uri, pipeline.dataset_uri, *_texts(pipeline.config)]
    for uri in uris:
        if uri is not None and uri.startswith("s3://"):
            yield uri.removeprefix("s3://").split("/")[0]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _calls(aws: EmulatedAws, role_arn: str, buckets: set[str] | None = None) -> list[Call]:
    """Return what a role's own policies allow; nothing of a role that only the account has."""
    iam, name = aws.client("iam"), role_arn.rpartition("/")[2]
    try:
        inline = [*aws.listed("iam", "list_role_policies", "PolicyNames", RoleName=name)]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return []
    documents = [
        iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in inline
    ]
    return [*calls(role_arn, documents, buckets)]
