"""What a job or functions in a VPC reach, and who reaches them: from what EC2 describes. Pure.

Nothing of the emulated network is real, so what could not work in AWS would work here. Read are
route tables, security groups, network ACLs, and endpoints with their policies. A route to an
internet gateway is no way out: nothing here has a public address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

from clarify_contract import Finding
from clarify_local.described_network import DescribedNetwork, Place, Tenant, serves
from clarify_local.endpoint_policies import refused
from clarify_local.network_acls import EVERY_PORT, HTTPS, stopped
from clarify_local.security_rules import admits, all_ports, inside, names, overlaps

SERVICES = ("s3", "sagemaker.api", "sagemaker.runtime")


def reachability_findings(network: DescribedNetwork, tenant: Tenant) -> Iterator[Finding]:
    """Yield what a tenant lacks (errors), and what it reaches or is reached by beside (warnings).

    Parameters
    ----------
    network
        The networks of the account. Of a VPC that it does not have, nothing can be told.
    tenant
        Who runs in one of them.
    """
    place = Place.of(network, tenant)
    if place is None:
        return
    for service in tenant.services:
        yield from _unreachable(tenant, place, service)
        yield from _refused(tenant, place, service)
    if tenant.kind == "job":
        yield from _apart(tenant, place)
    yield from _beside(tenant, place)


def _unreachable(tenant: Tenant, place: Place, service: str) -> Iterator[Finding]:
    obstacles = {
        subnet["SubnetId"]: obstacle
        for subnet in place.subnets
        if (obstacle := place.obstacle(service, subnet)) is not None
    }
    if obstacles:
        yield _missing(
            tenant,
            f"{_spelled(service)}-unreachable",
            f"no way to {service} on port {HTTPS} from "
            + "; from ".join(f"{name}: {obstacle}" for name, obstacle in obstacles.items()),
            f"a VPC endpoint to {service} or a NAT gateway, which routes, security groups and"
            f" network ACLs of the {tenant.kind} lead to",
            "Make the endpoint, or let what stands in the way allow it.",
        )


def _refused(tenant: Tenant, place: Place, service: str) -> Iterator[Finding]:
    wanted = [call for call in tenant.calls if call.service == service]
    endpoints = {
        endpoint["VpcEndpointId"]: endpoint
        for subnet in place.subnets
        for endpoint in place.endpoints_to(service, subnet)
    }
    for name, endpoint in endpoints.items():
        if missing := refused(endpoint.get("PolicyDocument"), wanted):
            first, more = missing[0], len(missing) - 1
            yield _missing(
                tenant,
                f"{_spelled(service)}-policy",
                f"endpoint {name}, whose policy refuses {first.action} on {first.resource}"
                + (f", and {more} more" if more else ""),
                f"a policy that lets pass what the role of the {tenant.kind} allows",
                "Let the policy of the endpoint allow it.",
            )


def _apart(tenant: Tenant, place: Place) -> Iterator[Finding]:
    for direction, rules in (("out to", place.out), ("in from", place.into)):
        if not any(
            all_ports(rule) and (names(rule, place.group_ids) or admits(rule, place.addresses))
            for rule in rules
        ):
            yield _missing(
                tenant,
                "fellows-unreachable",
                f"no rule that lets every port {direction} the job's own security group",
                "one in each direction: the instances of one job talk on ports that are not"
                " documented",
                "Add it to the group.",
            )
    if tenant.instances == 1:
        return
    for one, other in permutations(place.subnets, 2):
        stop = stopped(place.acls, one, other["CidrBlock"], other, ports=EVERY_PORT)
        if stop is not None:
            yield _missing(
                tenant,
                "fellows-unreachable",
                f"{tenant.instances} instances, and {other['SubnetId']} {stop}, from"
                f" {one['SubnetId']}",
                "subnets that let every port pass between them",
                "Let the network ACL allow it, or choose one subnet.",
            )


def _beside(tenant: Tenant, place: Place) -> Iterator[Finding]:
    kind = tenant.kind
    wanted = {
        group["GroupId"]
        for endpoint in place.endpoints
        if any(serves(endpoint, service) for service in tenant.services)
        for group in endpoint.get("Groups", ())
    }
    for group in place.groups:
        if group["GroupId"] in place.group_ids | wanted:
            continue
        enters = group["IpPermissions"]
        if any(
            overlaps(leave, enter)
            for leave in place.out
            if names(leave, {group["GroupId"]}) or inside(leave, place.vpc_addresses)
            for enter in enters
            if names(enter, place.group_ids) or inside(enter, place.addresses)
        ):
            yield _more(
                tenant,
                f"{kind}-reaches-group",
                f"a way from the {kind} to security group {_title(group)}",
                "ways to what it needs, and to nothing else",
                f"Narrow what the {kind}'s group lets out, or what that group lets in.",
            )
    for destination, target in place.ways_out():
        yield _more(
            tenant,
            f"{kind}-reaches-outside",
            f"a way from the {kind} to {destination}, through {target}",
            "no way out of the VPC, where endpoints lead to all that it needs",
            f"Narrow what the {kind}'s group lets out, or choose subnets without that route.",
        )
    for rule in place.into:
        sources = [
            *(pair["GroupId"] for pair in rule.get("UserIdGroupPairs", ())),
            *(entry["CidrIp"] for entry in rule.get("IpRanges", ())),
            *(entry["CidrIpv6"] for entry in rule.get("Ipv6Ranges", ())),
            *(entry["PrefixListId"] for entry in rule.get("PrefixListIds", ())),
        ]
        for source in sources:
            if kind == "function" or source not in place.group_ids:
                yield _more(
                    tenant,
                    f"{kind}-is-reached",
                    f"a rule that lets {source} reach the {kind}",
                    "rules for the instances of the same job alone",
                    f"Remove the rule: nothing asks a {kind}.",
                )


def _spelled(service: str) -> str:
    return service.replace(".", "-")


def _title(group: Mapping[str, Any]) -> str:
    return f"{group['GroupId']} ({group.get('GroupName', 'without a name')})"


def _missing(tenant: Tenant, name: str, given: str, allowed: str, fix: str) -> Finding:
    return Finding(name, f"network of {tenant.name}", given, allowed, fix)


def _more(tenant: Tenant, name: str, given: str, allowed: str, fix: str) -> Finding:
    return Finding(name, f"network of {tenant.name}", given, allowed, fix, severity="warning")
