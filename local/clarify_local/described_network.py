"""A network as the ``describe`` calls of EC2 give it, and where somebody stands in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clarify_local.endpoint_policies import Call
from clarify_local.network_acls import HTTPS, PUBLIC, stopped
from clarify_local.security_rules import EVERYWHERE, admits, allows, inside, names

Described = Mapping[str, Any]


@dataclass(frozen=True)
class DescribedNetwork:
    """All networks of an account, as the ``describe`` calls of EC2 give them.

    Attributes
    ----------
    subnets, route_tables, security_groups, endpoints, prefix_lists, acls
        What ``describe_subnets``, ``describe_route_tables``, ``describe_security_groups``,
        ``describe_vpc_endpoints``, ``describe_managed_prefix_lists`` and ``describe_network_acls``
        list.
    """

    subnets: Sequence[Described]
    route_tables: Sequence[Described]
    security_groups: Sequence[Described]
    endpoints: Sequence[Described]
    prefix_lists: Sequence[Described]
    acls: Sequence[Described]


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """Somebody in a VPC: the job, or functions in the same subnets and groups.

    Attributes
    ----------
    kind
        ``job`` or ``function``.
    name
        Names of the states that run it.
    subnet_ids, group_ids
        Where it runs.
    services
        What it must reach: of ``s3``, ``sagemaker.api`` and ``sagemaker.runtime``.
    calls
        What its roles allow it of these.
    instances
        How many of it talk to each other.
    """

    kind: str
    name: str
    subnet_ids: Sequence[str]
    group_ids: Sequence[str]
    services: Sequence[str]
    calls: Sequence[Call] = ()
    instances: int = 1


@dataclass(frozen=True)
class Place:
    """What of a VPC a tenant stands in."""

    subnets: Sequence[Described]
    routes: Mapping[str, Sequence[Described]]
    tables: Mapping[str, str]
    groups: Sequence[Described]
    group_ids: frozenset[str]
    endpoints: Sequence[Described]
    other_lists: frozenset[str]
    vpc_subnets: Mapping[str, Described]
    acls: Sequence[Described]

    @classmethod
    def of(cls, network: DescribedNetwork, tenant: Tenant) -> Place | None:
        """Return where a tenant stands; None in a VPC that the account does not have."""
        known = {subnet["SubnetId"]: subnet for subnet in network.subnets}
        groups = {group["GroupId"]: group for group in network.security_groups}
        if not {*tenant.subnet_ids} <= known.keys() or not {*tenant.group_ids} <= groups.keys():
            return None
        subnets = [known[name] for name in tenant.subnet_ids]
        vpc = subnets[0]["VpcId"]
        tables = {subnet["SubnetId"]: _table(network.route_tables, subnet) for subnet in subnets}
        lists = {entry["PrefixListId"]: entry["PrefixListName"] for entry in network.prefix_lists}
        return cls(
            subnets,
            {name: table.get("Routes", ()) for name, table in tables.items()},
            {name: table.get("RouteTableId", "") for name, table in tables.items()},
            [group for group in groups.values() if group["VpcId"] == vpc],
            frozenset(tenant.group_ids),
            [endpoint for endpoint in network.endpoints if endpoint["VpcId"] == vpc],
            frozenset(name for name, title in lists.items() if not title.endswith(".s3")),
            {name: subnet for name, subnet in known.items() if subnet["VpcId"] == vpc},
            network.acls,
        )

    @property
    def addresses(self) -> list[str]:
        """The tenant's own."""
        return [subnet["CidrBlock"] for subnet in self.subnets]

    @property
    def vpc_addresses(self) -> list[str]:
        """Those of all subnets of the VPC."""
        return [subnet["CidrBlock"] for subnet in self.vpc_subnets.values()]

    @property
    def out(self) -> list[Described]:
        """What its groups let out."""
        return self._rules("IpPermissionsEgress")

    @property
    def into(self) -> list[Described]:
        """What its groups let in."""
        return self._rules("IpPermissions")

    def _rules(self, key: str) -> list[Described]:
        return [
            r for group in self.groups if group["GroupId"] in self.group_ids for r in group[key]
        ]

    def endpoints_to(self, service: str, subnet: Described) -> list[Described]:
        """Return the endpoints that lead from a subnet to a service."""
        return [
            endpoint
            for endpoint in self.endpoints
            if serves(endpoint, service) and self._in_the_way(endpoint, service, subnet) is None
        ]

    def obstacle(self, service: str, subnet: Described) -> str | None:
        """Return why a service is not reached from a subnet, each way with its reason."""
        reasons = []
        for endpoint in self.endpoints:
            if serves(endpoint, service):
                reason = self._in_the_way(endpoint, service, subnet)
                if reason is None:
                    return None
                reasons.append(f"{endpoint['VpcEndpointId']} {reason}")
        for destination, target in _ways(self.routes[subnet["SubnetId"]]):
            # Not everything: to a central endpoint, whose name DNS answers with its address.
            if destination != EVERYWHERE and service == "s3":
                continue
            if destination == EVERYWHERE:
                leaves = self._leaves_everywhere(service)
            else:
                leaves = any(inside(rule, [destination]) for rule in self._leaving)
            reason = (
                stopped(self.acls, subnet, destination)
                if leaves
                else "is not let out to by the security group"
            )
            if reason is None:
                return None
            reasons.append(f"{destination} through {target} {reason}")
        return "; ".join(reasons) or "there is no endpoint to it, and no route out"

    @property
    def _leaving(self) -> list[Described]:
        return [rule for rule in self.out if allows(rule, HTTPS)]

    def _leaves_everywhere(self, service: str) -> bool:
        return any(
            EVERYWHERE in _ranges(rule) or (service == "s3" and self._is_s3(rule))
            for rule in self._leaving
        )

    def _in_the_way(self, endpoint: Described, service: str, subnet: Described) -> str | None:
        if endpoint["VpcEndpointType"] != "Gateway":
            return self._in_the_way_of_interface(endpoint, subnet)
        table = self.tables[subnet["SubnetId"]]
        if table not in endpoint["RouteTableIds"]:
            return f"is not on route table {table}"
        if not self._leaves_everywhere(service):
            return "is not let out to by the security group"
        return stopped(self.acls, subnet, PUBLIC)

    def _in_the_way_of_interface(self, endpoint: Described, subnet: Described) -> str | None:
        if not endpoint["PrivateDnsEnabled"]:
            return "has no private DNS name"
        behind = {group["GroupId"] for group in endpoint.get("Groups", ())}
        theirs = [
            self.vpc_subnets[name]
            for name in endpoint.get("SubnetIds", ())
            if name in self.vpc_subnets
        ]
        addresses = [other["CidrBlock"] for other in theirs]
        if not any(names(rule, behind) or admits(rule, addresses) for rule in self._leaving):
            return "is not let out to by the security group"
        enters = [
            rule
            for group in self.groups
            if group["GroupId"] in behind
            for rule in group["IpPermissions"]
            if allows(rule, HTTPS)
        ]
        if not any(names(rule, self.group_ids) or admits(rule, self.addresses) for rule in enters):
            return f"is shut by its security group {', '.join(sorted(behind))}"
        reasons = [stopped(self.acls, subnet, other["CidrBlock"], other) for other in theirs]
        return None if not reasons or None in reasons else reasons[0]

    def _is_s3(self, rule: Described) -> bool:
        # A list that the account does not have is one of the real account: who named it knows.
        return any(
            entry["PrefixListId"] not in self.other_lists for entry in rule.get("PrefixListIds", ())
        )

    def ways_out(self) -> list[tuple[str, str]]:
        """Return the routes out of the VPC that the groups let the tenant take."""
        ways = dict.fromkeys(
            way for subnet in self.subnets for way in _ways(self.routes[subnet["SubnetId"]])
        )
        return [way for way in ways if any(inside(rule, [way[0]]) for rule in self.out)]


def _table(tables: Sequence[Described], subnet: Described) -> Described:
    main: Described = {}
    for table in tables:
        for association in table.get("Associations", ()):
            if association.get("SubnetId") == subnet["SubnetId"]:
                return table
            if association.get("Main") and table["VpcId"] == subnet["VpcId"]:
                main = table
    return main


def _ways(routes: Sequence[Described]) -> Iterator[tuple[str, str]]:
    """Yield address range and target of each route that leaves the VPC and leads somewhere."""
    for route in routes:
        target = next((str(route[key]) for key in _TARGETS if route.get(key)), "")
        destination = route.get("DestinationCidrBlock")
        if destination and target and not target.startswith(("local", "igw-", "vpce-")):
            yield str(destination), target


_TARGETS = (
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "InstanceId",
    "GatewayId",
)


def serves(endpoint: Described, service: str) -> bool:
    """Tell whether an endpoint leads to a service, by its usual or its FIPS names."""
    return str(endpoint["ServiceName"]).endswith((f".{service}", f".{service}-fips"))


def _ranges(rule: Described) -> list[str]:
    return [entry["CidrIp"] for entry in rule.get("IpRanges", ())]
