"""Whether instances in a VPC could reach a service, told from the emulated EC2's own records.

Nothing here travels through a VPC: this is what keeps a job from succeeding that would wait in vain
in AWS. Only what is certain counts: a default route of any kind is a way out, and a VPC that is not
of this account, or of which only a part is here, is not judged. Policies of VPC endpoints and
network ACLs are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any, Literal

from moto.ec2.models import ec2_backends

from clarify_local.emulator.world import World

Service = Literal["s3", "sagemaker.api", "sagemaker.runtime"]
_EVERYWHERE = "0.0.0.0/0"
_HTTPS = 443


def missing_path(
    world: World, vpc_config: Mapping[str, Any] | None, region: str, service: Service
) -> str | None:
    """Return why instances of a job could not reach a service; None if they could.

    Parameters
    ----------
    vpc_config
        The request's ``VpcConfig``; None where there is none: then everything can be reached.
    """
    if vpc_config is None:
        return None
    backend: Any = ec2_backends[world.options.account][region]
    subnets = {subnet.id: subnet for subnet in backend.describe_subnets()}
    groups = [backend.get_security_group_from_id(name) for name in vpc_config["SecurityGroupIds"]]
    if None in groups or not set(vpc_config["Subnets"]) <= subnets.keys():
        return None
    if any(subnets[name].vpc_id in world.given_vpcs for name in vpc_config["Subnets"]):
        return None
    for name in vpc_config["Subnets"]:
        table = _route_table(backend, subnets[name])
        if not _reachable(backend, table, subnets[name].vpc_id, groups, service):
            return (
                f"Subnet {name} has no way to {service} on port {_HTTPS} that the job's security"
                " groups allow: neither a VPC endpoint nor a default route."
            )
    return None


def _reachable(backend: Any, table: Any, vpc_id: str, groups: list[Any], service: Service) -> bool:
    out = _allowed(groups, "egress")
    anywhere = any(_range(rule) == _EVERYWHERE for rule in out)
    if anywhere and any(route.destination_cidr_block == _EVERYWHERE for route in table.routes):
        return True
    for endpoint in backend.vpc_end_points.values():
        if endpoint.vpc_id != vpc_id or not _serves(endpoint, service):
            continue
        if (endpoint.vpc_endpoint_type or "Gateway") == "Gateway":  # what AWS takes by default
            prefixes = any(rule.prefix_list_id for rule in out)
            if table.id in (endpoint.route_table_ids or ()) and (anywhere or prefixes):
                return True
        elif endpoint.private_dns_enabled and _admits(backend, endpoint, vpc_id, groups, out):
            return True
    return False


def _serves(endpoint: Any, service: Service) -> bool:
    # A FIPS variant has names of its own, which its jobs ask for; here all names are this emulator.
    return str(endpoint.service_name).endswith((f".{service}", f".{service}-fips"))


def _admits(backend: Any, endpoint: Any, vpc_id: str, groups: list[Any], out: list[Any]) -> bool:
    """Tell whether the job's groups may leave for an interface endpoint, and it lets them in."""
    inside = ip_network(backend.get_vpc(vpc_id).cidr_block)
    behind = [backend.get_security_group_from_id(name) for name in endpoint.security_group_ids]
    leaves = any(_names(rule, behind) or _covers(rule, inside) for rule in out)
    enters = any(
        _names(rule, groups) or _covers(rule, inside) for rule in _allowed(behind, "ingress")
    )
    return leaves and enters


def _allowed(groups: Iterable[Any], direction: str) -> list[Any]:
    """Return the rules of some groups that let HTTPS through."""
    return [
        rule
        for group in groups
        for rule in getattr(group, f"{direction}_rules")
        if rule.ip_protocol == "-1"
        or (rule.ip_protocol == "tcp" and rule.from_port <= _HTTPS <= rule.to_port)
    ]


def _names(rule: Any, groups: Iterable[Any]) -> bool:
    return rule.source_group.get("GroupId") in {group.id for group in groups}


def _covers(rule: Any, network: Any) -> bool:
    given = _range(rule)
    return given is not None and bool(network.subnet_of(ip_network(given)))


def _range(rule: Any) -> str | None:
    given = rule.ip_range.get("CidrIp")
    return str(given) if given else None


def _route_table(backend: Any, subnet: Any) -> Any:
    own = backend.describe_route_tables(filters={"association.subnet-id": [subnet.id]})
    if own:
        return own[0]
    filters = {"association.main": ["true"], "vpc-id": [subnet.vpc_id]}
    return backend.describe_route_tables(filters=filters)[0]
