"""A VPC of another account: what is its owner's to make is refused, with whom to ask."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from clarify_cdk import ClarifyNetwork
from support_constructs.configs import pre_training, with_model
from support_constructs.given import ROUTE_TABLES, given_vpc
from support_constructs.networks import refusal, warned

OWNER = "999988887777"
ADDRESSES = ec2.Peer.ipv4("10.0.0.0/16")


@pytest.fixture
def stack() -> cdk.Stack:
    env = cdk.Environment(account="111122223333", region="eu-central-1")
    return cdk.Stack(cdk.App(analytics_reporting=False), "Network", env=env)


def shared(stack: cdk.Stack, **more: Any) -> dict[str, Any]:
    vpc = given_vpc(stack, private_subnet_route_table_ids=ROUTE_TABLES)
    return {
        "config": with_model(),
        "vpc": vpc,
        "vpc_owner": OWNER,
        "s3_prefix_list": "pl-6ea54007",
        **more,
    }


@pytest.mark.parametrize("name", ["s3_endpoint", "api_endpoint", "runtime_endpoint"])
def test_endpoints_are_for_the_owner_to_make(stack: cdk.Stack, name: str) -> None:
    arguments = shared(stack, endpoint_clients=[], **{name: True})
    assert refusal(stack, **arguments) == "shared-vpc-endpoint"
    ClarifyNetwork(stack, "Own", **(arguments | {"vpc_owner": "111122223333"}))


def test_a_looked_up_vpc_tells_its_owner() -> None:
    key = (
        "vpc-provider:account=111122223333:filter.vpc-id=vpc-0a1b2c3d:region=eu-central-1"
        ":returnAsymmetricSubnets=true"
    )
    subnet = {"subnetId": "subnet-1", "cidr": "10.0.0.0/24", "availabilityZone": "eu-central-1a"}
    found = {
        "vpcId": "vpc-0a1b2c3d",
        "vpcCidrBlock": "10.0.0.0/16",
        "ownerAccountId": OWNER,
        "availabilityZones": [],
        "subnetGroups": [
            {"name": "S", "type": "Isolated", "subnets": [subnet | {"routeTableId": "rtb-1"}]}
        ],
    }
    app = cdk.App(context={key: found}, analytics_reporting=False)
    env = cdk.Environment(account="111122223333", region="eu-central-1")
    stack = cdk.Stack(app, "Network", env=env)
    vpc = ec2.Vpc.from_lookup(stack, "Shared", vpc_id="vpc-0a1b2c3d")
    arguments = {"config": pre_training(), "vpc": vpc, "s3_endpoint": True}
    assert refusal(stack, **arguments) == "shared-vpc-endpoint"


def test_no_rule_is_written_in_a_group_of_the_owner(stack: cdk.Stack) -> None:
    group = ec2.SecurityGroup.from_security_group_id(stack, "Theirs", "sg-0a1b2c3d")
    endpoint = ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
        stack, "Api", vpc_endpoint_id="vpce-0a1b2c3d", port=443, security_groups=[group]
    )
    assert refusal(stack, **shared(stack, api_endpoint=endpoint)) == "shared-vpc-rule"


def test_a_gateway_of_the_owner_is_used_and_its_endpoints_by_their_addresses(
    stack: cdk.Stack,
) -> None:
    gateway = ec2.GatewayVpcEndpoint.from_gateway_vpc_endpoint_id(stack, "S3", "vpce-1a2b3c4d")
    made = ClarifyNetwork(
        stack, "Clarify", **shared(stack, s3_endpoint=gateway, reachable=[ADDRESSES])
    )
    assert made.s3_endpoint is gateway
    assert warned(stack, "shared-vpc-group") == warned(stack, "sagemaker-unreachable") == 0


def test_groups_that_are_known_by_their_id_are_warned_of(stack: cdk.Stack) -> None:
    group = ec2.Peer.security_group_id("sg-0a1b2c3d")
    ClarifyNetwork(stack, "Clarify", **shared(stack, reachable=[group]))
    assert warned(stack, "shared-vpc-group") == 1


def test_groups_of_the_stack_are_of_its_account(stack: cdk.Stack) -> None:
    arguments = shared(stack)
    proxy = ec2.SecurityGroup(stack, "Proxy", vpc=arguments["vpc"])
    ClarifyNetwork(stack, "Clarify", reachable=[proxy], **arguments)
    assert warned(stack, "shared-vpc-group") == 0


def test_an_account_that_nobody_knows_may_be_the_owner() -> None:
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Network")
    arguments = shared(stack, s3_endpoint=True, s3_prefix_list=None)
    ClarifyNetwork(stack, "Clarify", **(arguments | {"vpc_owner": None}))
    assert refusal(cdk.Stack(stack, "Told"), **arguments) == "shared-vpc-endpoint"
