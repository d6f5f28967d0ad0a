"""The VPC in CloudFormation: rules that moto skips, and what it leaves behind on deletion."""

from __future__ import annotations

import json
from typing import Any

from moto.core.common_models import CloudFormationModel
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupIngress
from moto.ec2.models.subnets import SubnetRouteTableAssociation
from moto.ec2.models.vpcs import VPCEndPoint

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World

_EVERYWHERE = "0.0.0.0/0"


class SecurityGroupEgress(CloudFormationModel):
    """``AWS::EC2::SecurityGroupEgress``.

    CloudFormation takes the default rule (everything to everywhere) off a group that gets a rule of
    its own; so it is assumed for rules that stand alone, which AWS does not say in so many words.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that holds the resource's name: there is none."""
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::EC2::SecurityGroupEgress"

    @property
    def physical_resource_id(self) -> str:
        """A name made up by CloudFormation."""
        return self._name

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> SecurityGroupEgress:
        """Add the rule to its group."""
        properties = cloudformation_json["Properties"]
        add_rule(ec2_backends[account_id][region_name], properties["GroupId"], properties, "egress")
        return cls(resource_name)

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> None:
        """Do nothing: the rule goes with its group."""


def add_rule(backend: Any, group_id: str, rule: dict[str, Any], direction: str) -> None:
    """Add a rule, given as a template has it, to a security group."""
    egress = direction == "egress"
    group = backend.get_security_group_from_id(group_id)
    if egress:
        group.egress_rules[:] = [
            existing
            for existing in group.egress_rules
            if not (existing.ip_protocol == "-1" and _range_of(existing) == _EVERYWHERE)
        ]
    other = rule.get("DestinationSecurityGroupId" if egress else "SourceSecurityGroupId")
    prefixes = rule.get("DestinationPrefixListId" if egress else "SourcePrefixListId")
    ranges = [
        {kind: rule[kind], "Description": rule.get("Description", "")}
        for kind in ("CidrIp", "CidrIpv6")
        if kind in rule
    ]
    authorize = getattr(backend, f"authorize_security_group_{direction}")
    authorize(
        group_name_or_id=group_id,
        ip_protocol=str(rule["IpProtocol"]),
        from_port=rule.get("FromPort"),
        to_port=rule.get("ToPort"),
        ip_ranges=ranges,
        source_groups=[{"GroupId": other}] if other else [],
        prefix_list_ids=[{"PrefixListId": prefixes}] if prefixes else [],
    )


def _range_of(rule: Any) -> str | None:
    given = rule.ip_range.get("CidrIp")
    return str(given) if given is not None else None


def install(world: World) -> None:
    """Mend security groups, VPC endpoints, route tables and their associations."""

    def create_group(
        cls: Any,
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Any:
        properties = dict(cloudformation_json["Properties"])
        ingress = properties.pop("SecurityGroupIngress", [])  # moto needs ports in each
        egress = properties.pop("SecurityGroupEgress", [])  # moto drops these
        group = moto_create_group(
            resource_name,
            {**cloudformation_json, "Properties": properties},
            account_id,
            region_name,
            **kwargs,
        )
        backend = ec2_backends[account_id][region_name]
        for direction, rules in (("ingress", ingress), ("egress", egress)):
            for rule in rules:
                add_rule(backend, group.id, rule, direction)
        return group

    def create_ingress(
        cls: Any,
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Any:
        properties = cloudformation_json["Properties"]
        backend = ec2_backends[account_id][region_name]
        add_rule(backend, properties["GroupId"], properties, "ingress")
        return cls(backend.get_security_group_from_id(properties["GroupId"]), properties)

    def create_endpoint(
        cls: Any,
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Any:
        properties = dict(cloudformation_json["Properties"])
        if isinstance(document := properties.get("PolicyDocument"), dict):
            properties["PolicyDocument"] = json.dumps(document)
        return moto_create_endpoint(
            resource_name,
            {**cloudformation_json, "Properties": properties},
            account_id,
            region_name,
            **kwargs,
        )

    def associate(
        cls: Any,
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Any:
        made = moto_associate(resource_name, cloudformation_json, account_id, region_name, **kwargs)
        # moto keeps a record of its own, which no route table shows.
        ec2_backends[account_id][region_name].associate_route_table(
            made.route_table_id, subnet_id=made.subnet_id
        )
        return made

    def delete_endpoint(self: Any, account_id: str, region_name: str) -> None:
        backend = ec2_backends[account_id][region_name]
        for interface in self.network_interface_ids:
            backend.enis.pop(interface, None)
        for table in self.route_table_ids or ():
            if table in backend.route_tables:  # CloudFormation may have deleted the table first
                backend.delete_route(table, self.destination_prefix_list_id)
        backend.vpc_end_points.pop(self.id)

    def delete_route_table(self: Any, account_id: str, region_name: str) -> None:
        backend = ec2_backends[account_id][region_name]
        for association in list(self._associations):
            backend.disassociate_route_table(association)
        backend.delete_route_table(self.id)

    moto_create_group = replace(
        SecurityGroup, "create_from_cloudformation_json", classmethod(create_group)
    )
    replace(SecurityGroupIngress, "create_from_cloudformation_json", classmethod(create_ingress))
    moto_create_endpoint = replace(
        VPCEndPoint, "create_from_cloudformation_json", classmethod(create_endpoint)
    )
    moto_associate = replace(
        SubnetRouteTableAssociation, "create_from_cloudformation_json", classmethod(associate)
    )
    # moto asks a resource to delete itself first, and these two cannot: they would stay for ever.
    VPCEndPoint.delete = delete_endpoint  # type: ignore[attr-defined]
    RouteTable.delete = delete_route_table  # type: ignore[attr-defined]
