"""The VPC and subnets of a network, and the addresses of S3."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack, Token
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from clarify_cdk.network_findings import nat_without_way
from clarify_contract import Refused


def isolated_vpc(scope: Construct, id: str, *, zones: int) -> ec2.Vpc:
    """Make a VPC that leads nowhere."""
    return ec2.Vpc(
        scope,
        id,
        max_azs=zones,
        nat_gateways=0,
        # The default security group is used by nothing here; emptying it takes a custom
        # resource, which would be the one function with wide rights in the stack.
        restrict_default_security_group=False,
        subnet_configuration=[
            ec2.SubnetConfiguration(
                name="Job", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24
            )
        ],
    )


def selected_subnets(
    vpc: ec2.IVpc, chosen: ec2.SubnetSelection | None, *, own: bool, nat: bool
) -> list[ec2.ISubnet]:
    """Return the chosen subnets; without a choice those that suit an own VPC, or a NAT gateway.

    Raises
    ------
    Refused
        If ``nat`` is asked for, and it is known that a subnet leads to none.
    """
    subnet_type = None
    if own:
        subnet_type = ec2.SubnetType.PRIVATE_ISOLATED
    elif nat:
        subnet_type = ec2.SubnetType.PRIVATE_WITH_EGRESS
    if nat and own:
        raise Refused([nat_without_way([])])
    chosen = chosen or ec2.SubnetSelection(subnet_type=subnet_type)
    subnets: list[ec2.ISubnet] = vpc.select_subnets(
        availability_zones=chosen.availability_zones,
        one_per_az=chosen.one_per_az,
        subnet_filters=chosen.subnet_filters,
        subnet_group_name=chosen.subnet_group_name,
        subnets=chosen.subnets,
        subnet_type=chosen.subnet_type,
    ).subnets
    if nat:
        _refuse_those_without_nat(vpc, subnets)
    return subnets


def _refuse_those_without_nat(vpc: ec2.IVpc, subnets: Sequence[ec2.ISubnet]) -> None:
    elsewhere = {subnet.node.path for subnet in (*vpc.isolated_subnets, *vpc.public_subnets)}
    if without := [subnet.node.path for subnet in subnets if subnet.node.path in elsewhere]:
        raise Refused([nat_without_way(without)])


def known_zones(vpc: ec2.IVpc | None, stack: Stack) -> int | None:
    """Return how many zones a given VPC has, or else a stack knows; None where nobody knows."""
    zones = stack.availability_zones if vpc is None else vpc.availability_zones
    return None if Token.is_unresolved(zones) else len(zones)


def s3_addresses(scope: Construct, prefix_list: str | None) -> ec2.IPeer | None:
    """Return what stands for S3 in the rules of a security group; None where nobody knows.

    Parameters
    ----------
    scope
        Where an id is looked up, if account and Region are known: the child ``S3PrefixList``.
    prefix_list
        Its id, where somebody knows it.
    """
    if prefix_list is not None:
        return ec2.Peer.prefix_list(prefix_list)
    stack = Stack.of(scope)
    if Token.is_unresolved(stack.account) or Token.is_unresolved(stack.region):
        return None
    looked_up = ec2.PrefixList.from_lookup(
        scope, "S3PrefixList", prefix_list_name=f"com.amazonaws.{stack.region}.s3"
    )
    return ec2.Peer.prefix_list(looked_up.prefix_list_id)
