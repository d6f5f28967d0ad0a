"""A VPC that is there already, by its attributes."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

SUBNETS = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
ROUTE_TABLES = ["rtb-0a1b2c3d", "rtb-1a2b3c4d"]


def given_vpc(scope: Construct, name: str = "Given", **more: Any) -> ec2.IVpc:
    """Return a VPC with two private subnets, whose route tables are not known unless given."""
    return ec2.Vpc.from_vpc_attributes(
        scope,
        name,
        vpc_id="vpc-0a1b2c3d",
        **{
            "availability_zones": ["eu-central-1a", "eu-central-1b"],
            "private_subnet_ids": SUBNETS,
            **more,
        },
    )
