"""What a job in a VPC reaches, and who reaches it: told from what EC2 describes. Pure.

Nothing of the emulated network is real, so a job that could not work in AWS would work here. Read
are route tables, security groups and endpoints, not network ACLs and policies of endpoints. A route
to an internet gateway is no way out: the interfaces of a job have no public address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clarify_contract import Finding
from clarify_local.described_network import HTTPS, DescribedNetwork, JobPlace, serves
from clarify_local.security_rules import admits, all_ports, inside, names, overlaps

SERVICES = ("s3", "sagemaker.api", "sagemaker.runtime")


def reachability_findings(network: DescribedNetwork, services: Sequence[str]) -> Iterator[Finding]:
    """Yield what a job lacks (errors), and what it reaches or is reached by beside (warnings).

    Parameters
    ----------
    network
        Where it runs. Of a VPC that the account does not have, nothing can be told.
    services
        Which of ``SERVICES`` it needs.
    """
    place = JobPlace.of(network)
    if place is None:
        return
    for service in services:
        if without := [
            subnet["SubnetId"] for subnet in place.subnets if not place.reaches(service, subnet)
        ]:
            yield _missing(
                f"{service.replace('.', '-')}-unreachable",
                f"no way to {service} on port {HTTPS} from {', '.join(without)}",
                f"a VPC endpoint to {service} or a NAT gateway, which routes and security groups of"
                " the job lead to",
                "Make the endpoint, or let the groups of job and endpoint allow it.",
            )
    for direction, rules in (("out to", place.out), ("in from", place.into)):
        if not any(
            all_ports(rule) and (names(rule, place.group_ids) or admits(rule, place.addresses))
            for rule in rules
        ):
            yield _missing(
                "fellows-unreachable",
                f"no rule that lets every port {direction} the job's own security group",
                "one in each direction: the instances of one job talk on ports that are not"
                " documented",
                "Add it to the group.",
            )
    yield from _beside(place, services)


def _beside(place: JobPlace, services: Sequence[str]) -> Iterator[Finding]:
    wanted = {
        group["GroupId"]
        for endpoint in place.endpoints
        if any(serves(endpoint, service) for service in services)
        for group in endpoint.get("Groups", ())
    }
    for group in place.groups:
        if group["GroupId"] in place.group_ids | wanted:
            continue
        enters = group["IpPermissions"]
        if any(
            overlaps(leave, enter)
            for leave in place.out
            if names(leave, {group["GroupId"]}) or inside(leave, [*place.vpc_addresses.values()])
            for enter in enters
            if names(enter, place.group_ids) or inside(enter, place.addresses)
        ):
            yield _more(
                "job-reaches-group",
                f"a way from the job to security group {_title(group)}",
                "ways to what it needs, and to nothing else",
                "Narrow what the job's group lets out, or what that group lets in.",
            )
    for destination, target in place.ways_out():
        yield _more(
            "job-reaches-outside",
            f"a way from the job to {destination}, through {target}",
            "no way out of the VPC, where endpoints lead to all that it needs",
            "Narrow what the job's group lets out, or choose subnets without that route.",
        )
    for rule in place.into:
        sources = [
            *(pair["GroupId"] for pair in rule.get("UserIdGroupPairs", ())),
            *(entry["CidrIp"] for entry in rule.get("IpRanges", ())),
            *(entry["CidrIpv6"] for entry in rule.get("Ipv6Ranges", ())),
            *(entry["PrefixListId"] for entry in rule.get("PrefixListIds", ())),
        ]
        for source in sources:
            if source not in place.group_ids:
                yield _more(
                    "job-is-reached",
                    f"a rule that lets {source} reach the job",
                    "rules for the instances of the same job alone",
                    "Remove the rule: nothing asks a job.",
                )


def _title(group: Mapping[str, Any]) -> str:
    return f"{group['GroupId']} ({group.get('GroupName', 'without a name')})"


def _missing(name: str, given: str, allowed: str, fix: str) -> Finding:
    return Finding(name, "network", given, allowed, fix)


def _more(name: str, given: str, allowed: str, fix: str) -> Finding:
    return Finding(name, "network", given, allowed, fix, severity="warning")
