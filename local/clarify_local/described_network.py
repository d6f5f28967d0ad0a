"""A network as the ``describe`` calls of EC2 give it, and where a job stands in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clarify_local.security_rules import EVERYWHERE, admits, allows, inside, names

HTTPS = 443


@dataclass(frozen=True)
class DescribedNetwork:
    """The VPC of a job, as the ``describe`` calls of EC2 give it.

    Attributes
    ----------
    vpc_config
        ``Subnets`` and ``SecurityGroupIds`` of the job.
    subnets, route_tables, security_groups, endpoints, prefix_lists
        What ``describe_subnets``, ``describe_route_tables``, ``describe_security_groups``,
        ``describe_vpc_endpoints`` and ``describe_managed_prefix_lists`` list.
    """

    vpc_config: Mapping[str, Sequence[str]]
    subnets: Sequence[Mapping[str, Any]]
    route_tables: Sequence[Mapping[str, Any]]
    security_groups: Sequence[Mapping[str, Any]]
    endpoints: Sequence[Mapping[str, Any]]
    prefix_lists: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class JobPlace:
    """What of a VPC a job stands in."""

    subnets: Sequence[Mapping[str, Any]]
    routes: Mapping[str, Sequence[Mapping[str, Any]]]
    tables: Mapping[str, str]
    groups: Sequence[Mapping[str, Any]]
    group_ids: frozenset[str]
    endpoints: Sequence[Mapping[str, Any]]
    other_lists: frozenset[str]
    vpc_addresses: Mapping[str, str]

    @classmethod
    def of(cls, network: DescribedNetwork) -> JobPlace | None:
        """Return where the job stands; None in a VPC that the account does not have."""
        known = {subnet["SubnetId"]: subnet for subnet in network.subnets}
        groups = {group["GroupId"]: group for group in network.security_groups}
        chosen, own = network.vpc_config["Subnets"], network.vpc_config["SecurityGroupIds"]
        if not set(chosen) <= known.keys() or not set(own) <= groups.keys():
            return None
        subnets = [known[name] for name in chosen]
        vpc = subnets[0]["VpcId"]
        tables = {subnet["SubnetId"]: _table(network.route_tables, subnet) for subnet in subnets}
        lists = {entry["PrefixListId"]: entry["PrefixListName"] for entry in network.prefix_lists}
        return cls(
            subnets,
            {name: table.get("Routes", ()) for name, table in tables.items()},
            {name: table.get("RouteTableId", "") for name, table in tables.items()},
            [group for group in groups.values() if group["VpcId"] == vpc],
            frozenset(own),
            [endpoint for endpoint in network.endpoints if endpoint["VpcId"] == vpc],
            frozenset(name for name, title in lists.items() if not title.endswith(".s3")),
            {name: s["CidrBlock"] for name, s in known.items() if s["VpcId"] == vpc},
        )

    @property
    def addresses(self) -> list[str]:
        """The job's own."""
        return [subnet["CidrBlock"] for subnet in self.subnets]

    @property
    def out(self) -> list[Mapping[str, Any]]:
        """What its groups let out."""
        return self._rules("IpPermissionsEgress")

    @property
    def into(self) -> list[Mapping[str, Any]]:
        """What its groups let in."""
        return self._rules("IpPermissions")

    def _rules(self, key: str) -> list[Mapping[str, Any]]:
        return [
            r for group in self.groups if group["GroupId"] in self.group_ids for r in group[key]
        ]

    def reaches(self, service: str, subnet: Mapping[str, Any]) -> bool:
        """Tell whether something in a subnet, in the job's groups, reaches a service."""
        leaving = [rule for rule in self.out if allows(rule, HTTPS)]
        anywhere = any(EVERYWHERE in _ranges(rule) for rule in leaving)
        to_s3 = service == "s3" and any(self._is_s3(rule) for rule in leaving)
        for endpoint in self.endpoints:
            if not serves(endpoint, service):
                continue
            if endpoint["VpcEndpointType"] == "Gateway":
                table = self.tables[subnet["SubnetId"]]
                if table in endpoint["RouteTableIds"] and (anywhere or to_s3):
                    return True
            elif endpoint["PrivateDnsEnabled"] and self._reaches_endpoint(endpoint, leaving):
                return True
        for destination, _ in _ways(self.routes[subnet["SubnetId"]]):
            if destination == EVERYWHERE and (anywhere or to_s3):
                return True
            # To a central endpoint in another network, whose name DNS answers with its address.
            if service != "s3" and any(inside(rule, [destination]) for rule in leaving):
                return True
        return False

    def _reaches_endpoint(
        self, endpoint: Mapping[str, Any], leaving: Sequence[Mapping[str, Any]]
    ) -> bool:
        behind = {group["GroupId"] for group in endpoint.get("Groups", ())}
        enters = [
            rule
            for group in self.groups
            if group["GroupId"] in behind
            for rule in group["IpPermissions"]
            if allows(rule, HTTPS)
        ]
        theirs = [
            self.vpc_addresses[name]
            for name in endpoint.get("SubnetIds", ())
            if name in self.vpc_addresses
        ]
        return any(names(rule, behind) or admits(rule, theirs) for rule in leaving) and any(
            names(rule, self.group_ids) or admits(rule, self.addresses) for rule in enters
        )

    def _is_s3(self, rule: Mapping[str, Any]) -> bool:
        # A list that the account does not have is one of the real account: who named it knows.
        return any(
            entry["PrefixListId"] not in self.other_lists for entry in rule.get("PrefixListIds", ())
        )

    def ways_out(self) -> list[tuple[str, str]]:
        """Return the routes out of the VPC that the groups let the job take."""
        ways = dict.fromkeys(
            way for subnet in self.subnets for way in _ways(self.routes[subnet["SubnetId"]])
        )
        return [way for way in ways if any(inside(rule, [way[0]]) for rule in self.out)]


def _table(tables: Sequence[Mapping[str, Any]], subnet: Mapping[str, Any]) -> Mapping[str, Any]:
    main: Mapping[str, Any] = {}
    for table in tables:
        for association in table.get("Associations", ()):
            if association.get("SubnetId") == subnet["SubnetId"]:
                return table
            if association.get("Main") and table["VpcId"] == subnet["VpcId"]:
                main = table
    return main


def _ways(routes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
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


def serves(endpoint: Mapping[str, Any], service: str) -> bool:
    """Tell whether an endpoint leads to a service, by its usual or its FIPS names."""
    return str(endpoint["ServiceName"]).endswith((f".{service}", f".{service}-fips"))


def _ranges(rule: Mapping[str, Any]) -> list[str]:
    return [entry["CidrIp"] for entry in rule.get("IpRanges", ())]
