"""VPCs under the ids that they have in a real account: moto makes up an id for all it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.ec2.models import ec2_backends, route_tables, security_groups, subnets, vpcs

from clarify_local.emulator.patching import replace


def make(account: str, network: Mapping[str, Any]) -> None:
    """Make a VPC with subnets, route tables and security groups; see ``Emulator.give_network``."""
    backend: Any = ec2_backends[account][network["region"]]
    vpc = network["vpc"]
    with _named(vpcs, "random_vpc_id", vpc):
        backend.create_vpc(network["cidr"])
    for subnet in network["subnets"]:
        with _named(subnets, "random_subnet_id", subnet["id"]):
            backend.create_subnet(vpc, subnet["cidr"], availability_zone=subnet["zone"])
        if subnet["table"] not in backend.route_tables:
            with _named(route_tables, "random_route_table_id", subnet["table"]):
                backend.create_route_table(vpc)
        backend.associate_route_table(subnet["table"], subnet_id=subnet["id"])
    for group in network["groups"]:
        with _named(security_groups, "random_security_group_id", group):
            backend.create_security_group(group, "of the account", vpc_id=vpc)


@contextmanager
def _named(module: Any, function: str, name: str) -> Iterator[None]:
    old = replace(module, function, lambda: name)
    try:
        yield
    finally:
        setattr(module, function, old)
