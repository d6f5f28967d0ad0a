"""One rule of a security group as EC2 describes it: its ports, groups and addresses. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from ipaddress import IPv4Network
from typing import Any

EVERYWHERE = "0.0.0.0/0"
_ALL = "-1"
_TCP = "tcp"


def all_ports(rule: Mapping[str, Any]) -> bool:
    """Tell whether a rule is about every protocol and port."""
    return bool(rule["IpProtocol"] == _ALL)


def allows(rule: Mapping[str, Any], port: int) -> bool:
    """Tell whether a rule lets TCP pass on a port."""
    return all_ports(rule) or (
        rule["IpProtocol"] == _TCP and rule["FromPort"] <= port <= rule["ToPort"]
    )


def overlaps(leave: Mapping[str, Any], enter: Mapping[str, Any]) -> bool:
    """Tell whether what one rule lets out, another could let in, by protocol and port."""
    if all_ports(leave) or all_ports(enter):
        return True
    return bool(
        leave["IpProtocol"] == enter["IpProtocol"]
        and leave["FromPort"] <= enter["ToPort"]
        and enter["FromPort"] <= leave["ToPort"]
    )


def inside(rule: Mapping[str, Any], networks: Sequence[str]) -> bool:
    """Tell whether a rule is about any address of these networks."""
    return any(
        IPv4Network(entry["CidrIp"]).overlaps(IPv4Network(network))
        for entry in rule.get("IpRanges", ())
        for network in networks
    )


def admits(rule: Mapping[str, Any], networks: Sequence[str]) -> bool:
    """Tell whether one range of a rule holds every address of these networks."""
    return any(
        all(IPv4Network(network).subnet_of(IPv4Network(entry["CidrIp"])) for network in networks)
        for entry in rule.get("IpRanges", ())
    )


def names(rule: Mapping[str, Any], groups: Set[str]) -> bool:
    """Tell whether a rule is about one of these security groups."""
    return any(pair.get("GroupId") in groups for pair in rule.get("UserIdGroupPairs", ()))
