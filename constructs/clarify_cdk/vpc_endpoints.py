"""Endpoints in a VPC: how they are made, and whether one is there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import jsii
from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IValidation

from clarify_cdk.network_findings import route_tables_missing, second_endpoint
from clarify_contract import Finding, Refused


def s3_gateway(
    scope: Construct, id: str, *, vpc: ec2.IVpc, subnets: Sequence[ec2.ISubnet]
) -> ec2.GatewayVpcEndpoint:
    """Make a gateway endpoint to S3 on the route tables of these subnets.

    Raises
    ------
    Refused
        If the route table of a subnet is not known.
    """
    if without := [subnet.node.path for subnet in subnets if not _has_route_table(subnet)]:
        raise Refused([route_tables_missing(without)])
    return ec2.GatewayVpcEndpoint(
        scope,
        id,
        vpc=vpc,
        service=ec2.GatewayVpcEndpointAwsService.S3,
        subnets=[ec2.SubnetSelection(subnets=subnets)],
    )


def interface_endpoint(
    scope: Construct,
    id: str,
    *,
    service: ec2.InterfaceVpcEndpointAwsService,
    vpc: ec2.IVpc,
    subnets: Sequence[ec2.ISubnet],
    security_group: ec2.ISecurityGroup,
) -> ec2.InterfaceVpcEndpoint:
    """Make an interface endpoint that answers to the service's usual name within the VPC."""
    return ec2.InterfaceVpcEndpoint(
        scope,
        id,
        vpc=vpc,
        service=service,
        subnets=ec2.SubnetSelection(subnets=subnets),
        security_groups=[security_group],
        private_dns_enabled=True,
        # Not for the whole VPC: for those whom the group admits.
        open=False,
    )


@jsii.implements(IValidation)
class NoSecondEndpoint:
    """Finds at synthesis what else of the app makes the same endpoint in the same VPC.

    Parameters
    ----------
    endpoints
        Those that were made here.
    """

    def __init__(self, endpoints: Sequence[ec2.VpcEndpoint]) -> None:
        self._endpoints = endpoints

    def validate(self) -> list[str]:
        """Return one line for each second endpoint."""
        return [str(finding) for endpoint in self._endpoints for finding in _seconds(endpoint)]


def _seconds(endpoint: ec2.VpcEndpoint) -> Iterator[Finding]:
    own: Any = endpoint.node.default_child
    mine = _facts(own)
    for other in endpoint.node.root.node.find_all():
        if not isinstance(other, ec2.CfnVPCEndpoint) or other.node.path == own.node.path:
            continue
        theirs = _facts(other)
        if any(mine[key] != theirs[key] for key in ("vpc", "service")):
            continue
        shared = [table for table in mine["route_tables"] if table in theirs["route_tables"]]
        if shared or (mine["private_dns"] and theirs["private_dns"]):
            yield second_endpoint(endpoint.node.path, other.node.path)


def _facts(endpoint: ec2.CfnVPCEndpoint) -> dict[str, Any]:
    return {
        # As given: what a token stands for may read alike in two stacks; the token itself does not.
        "vpc": endpoint.vpc_id,
        "route_tables": endpoint.route_table_ids or [],
        "service": Stack.of(endpoint).resolve(endpoint.service_name),
        "private_dns": endpoint.private_dns_enabled is True,
    }


def _has_route_table(subnet: ec2.ISubnet) -> bool:
    try:
        return bool(subnet.route_table.route_table_id)
    except RuntimeError:
        # An imported subnet may know none; asking for it then is an error of jsii or of the subnet.
        return False
