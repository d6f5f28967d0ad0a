"""Network ACLs as EC2 describes them: whether they let a request pass, and its answer. Pure.

They keep no state, so an answer must be let through as well: to a port that the asking system
chose. Only what is certain counts: a request is stopped where no address of the other side passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

HTTPS = 443
PUBLIC = "public addresses"
"""Where S3 is: an ACL names addresses, not services, so it may name any of them."""
_PRIVATE = tuple(
    map(IPv4Network, ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))
)
#: From where Linux takes the port of a connection that it opens, by default.
_CHOSEN = (32768, 60999)
_ANY, _TCP = "-1", "6"
EVERY_PORT = (0, 65535)


def stopped(
    acls: Sequence[Mapping[str, Any]],
    subnet: Mapping[str, Any],
    there: str,
    other: Mapping[str, Any] | None = None,
    *,
    ports: tuple[int, int] = (HTTPS, HTTPS),
) -> str | None:
    """Return which network ACL lets no TCP request, or no answer, through; None if all let both.

    Parameters
    ----------
    acls
        What ``describe_network_acls`` lists.
    subnet
        Where the request comes from.
    there
        The addresses that it goes to: a range, or ``PUBLIC``.
    other
        The subnet of these addresses, where it is one of the same VPC. Within one subnet nothing is
        asked.
    ports
        The first and the last that requests go to.
    """
    if other is not None and other["SubnetId"] == subnet["SubnetId"]:
        return None
    here = str(subnet["CidrBlock"])
    steps = [(subnet, True, there, "out", ports), (subnet, False, there, "back in", _CHOSEN)]
    if other is not None:
        steps += [(other, False, here, "in", ports), (other, True, here, "back out", _CHOSEN)]
    for place, egress, network, way, (first, last) in steps:
        acl = _of(acls, place)
        if acl is not None and not _lets(acl["Entries"], egress, network, (first, last)):
            named = f"port {first}" if first == last else f"ports {first}-{last}"
            return (
                f"is stopped by network ACL {acl['NetworkAclId']}, which does not let {named}"
                f" {way} ({network})"
            )
    return None


def _of(acls: Sequence[Mapping[str, Any]], subnet: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for acl in acls:
        if any(entry.get("SubnetId") == subnet["SubnetId"] for entry in acl["Associations"]):
            return acl
    return None


def _lets(
    entries: Sequence[Mapping[str, Any]], egress: bool, network: str, ports: tuple[int, int]
) -> bool:
    rules = sorted(
        (
            entry
            for entry in entries
            if entry["Egress"] is egress
            and "CidrBlock" in entry
            and str(entry["Protocol"]) in (_ANY, _TCP)
        ),
        key=lambda entry: int(entry["RuleNumber"]),
    )
    networks = [IPv4Network("0.0.0.0/0" if network == PUBLIC else network)]
    for private in _PRIVATE if network == PUBLIC else ():
        networks = [rest for part in networks for rest in _without(part, private)]
    return all(_lets_port(rules, port, networks) for port in {*_stretches(rules, *ports)})


def _stretches(rules: Sequence[Mapping[str, Any]], first: int, last: int) -> Iterator[int]:
    """Yield one port of each stretch that the rules treat alike."""
    yield from (first, last)
    for rule in rules:
        lowest, highest = _range(rule)
        yield from (port for port in (lowest, highest + 1) if first <= port <= last)


def _lets_port(rules: Sequence[Mapping[str, Any]], port: int, left: list[IPv4Network]) -> bool:
    """Tell whether any of some addresses passes: the first rule that names one decides on it."""
    for rule in rules:
        lowest, highest = _range(rule)
        if not lowest <= port <= highest:
            continue
        named = IPv4Network(rule["CidrBlock"], strict=False)
        if rule["RuleAction"] == "allow":
            if any(named.overlaps(part) for part in left):
                return True
        else:
            left = [rest for part in left for rest in _without(part, named)]
    return False


def _without(part: IPv4Network, named: IPv4Network) -> list[IPv4Network]:
    if not part.overlaps(named):
        return [part]
    return [] if part.subnet_of(named) else [*part.address_exclude(named)]


def _range(rule: Mapping[str, Any]) -> tuple[int, int]:
    ports = rule.get("PortRange")
    if str(rule["Protocol"]) == _ANY or not ports:
        return EVERY_PORT
    return int(ports["From"]), int(ports["To"])
