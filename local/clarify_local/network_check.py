"""Judges the network of a deployed pipeline's job, which nothing here travels through."""

from __future__ import annotations

from typing import Any

from clarify_contract import AnalysisConfig, Finding
from clarify_local.aws import EmulatedAws
from clarify_local.deployed import Pipeline
from clarify_local.described_network import DescribedNetwork
from clarify_local.reachability import SERVICES, reachability_findings


def network_findings(aws: EmulatedAws, pipeline: Pipeline) -> list[Finding]:
    """Return what the job lacks, and what it reaches or is reached by beside; of no VPC nothing."""
    network = describe_network(aws, pipeline)
    if network is None:
        return []
    asks = AnalysisConfig.load(pipeline.config).needs_predictions
    return [*reachability_findings(network, SERVICES if asks else SERVICES[:1])]


def describe_network(aws: EmulatedAws, pipeline: Pipeline) -> DescribedNetwork | None:
    """Return the network that a pipeline's job runs in; None where it runs in no VPC."""
    if pipeline.vpc_config is None:
        return None
    ec2 = aws.client("ec2")

    def listed(operation: str, key: str) -> list[dict[str, Any]]:
        pages = ec2.get_paginator(operation).paginate()
        return [entry for page in pages for entry in page[key]]

    return DescribedNetwork(
        vpc_config=pipeline.vpc_config,
        subnets=listed("describe_subnets", "Subnets"),
        route_tables=listed("describe_route_tables", "RouteTables"),
        security_groups=listed("describe_security_groups", "SecurityGroups"),
        endpoints=listed("describe_vpc_endpoints", "VpcEndpoints"),
        prefix_lists=listed("describe_managed_prefix_lists", "PrefixLists"),
    )
