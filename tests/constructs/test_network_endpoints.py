"""Endpoints that are there already are used, and no second one can be deployed."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from support_constructs.configs import pre_training, with_model
from support_constructs.given import ROUTE_TABLES, given_vpc
from support_constructs.networks import (
    HTTPS,
    S3_LIST,
    egress,
    group_reference,
    network,
    refusal,
    rules,
    warned,
)
from support_constructs.templates import template_of


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Network")


def existing(stack: cdk.Stack, name: str, **more: Any) -> ec2.IInterfaceVpcEndpoint:
    return ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
        stack, name, port=443, vpc_endpoint_id=f"vpce-{name.lower()}", **more
    )


def test_existing_endpoints_are_used_and_none_is_made(stack: cdk.Stack) -> None:
    vpc = given_vpc(stack)
    group = ec2.SecurityGroup.from_security_group_id(stack, "Endpoints", "sg-0a1b2c3d")
    network(
        stack,
        with_model(),
        vpc=vpc,
        s3_prefix_list="pl-6ea54007",
        s3_endpoint=ec2.GatewayVpcEndpoint.from_gateway_vpc_endpoint_id(stack, "S3", "vpce-s3"),
        api_endpoint=existing(stack, "Api", security_groups=[group]),
        runtime_endpoint=existing(stack, "Runtime", security_groups=[group]),
    )
    template = template_of(stack)
    assert template.of_type("EC2::VPCEndpoint") == {}
    assert egress(template) == [S3_LIST, {**HTTPS, "DestinationSecurityGroupId": "sg-0a1b2c3d"}]
    job = group_reference(template, "ClarifyJobSecurityGroup")
    assert rules(template, "Ingress", "sg-0a1b2c3d") == [{**HTTPS, "SourceSecurityGroupId": job}]
    assert warned(stack, "sagemaker-unreachable") == 0


def test_endpoints_of_another_stack_admit_jobs_and_functions_by_rules_of_this_one() -> None:
    """A rule in the other stack would have each need the other, and no app could be synthesised."""
    app = cdk.App(analytics_reporting=False)
    platform, stack = cdk.Stack(app, "Platform"), cdk.Stack(app, "Network")
    vpc, services = ec2.Vpc(platform, "Vpc"), ec2.InterfaceVpcEndpointAwsService
    made = network(
        stack,
        with_model(),
        vpc=vpc,
        s3_prefix_list="pl-6ea54007",
        api_endpoint=vpc.add_interface_endpoint("Api", service=services.SAGEMAKER_API, open=False),
        runtime_endpoint=vpc.add_interface_endpoint(
            "Runtime", service=services.SAGEMAKER_RUNTIME, open=False
        ),
    )
    assert made.function_security_group.connections
    template = template_of(stack)
    job, function = (
        group_reference(template, name)
        for name in ("ClarifyJobSecurityGroup", "ClarifyFunctionSecurityGroup")
    )
    rules_of_endpoints = sorted(
        (endpoint, rule["Properties"]["SourceSecurityGroupId"])
        for rule in template.of_type("EC2::SecurityGroupIngress").values()
        for endpoint in ("Api", "Runtime")
        if f"Vpc{endpoint}" in rule["Properties"]["GroupId"]
    )
    assert rules_of_endpoints == [("Api", function), ("Api", job), ("Runtime", job)]
    assert template_of(platform).of_type("EC2::SecurityGroupIngress") == {}


def test_the_endpoint_that_is_missing_is_made_beside_the_existing_one(stack: cdk.Stack) -> None:
    group = ec2.SecurityGroup.from_security_group_id(
        stack, "Endpoints", "sg-0a1b2c3d", mutable=False
    )
    network(
        stack,
        with_model(),
        vpc=given_vpc(stack),
        s3_prefix_list="pl-6ea54007",
        api_endpoint=existing(stack, "Api", security_groups=[group]),
        runtime_endpoint=True,
        endpoint_clients=[],
    )
    template = template_of(stack)
    (made,) = template.of_type("EC2::VPCEndpoint").values()
    assert made["Properties"]["ServiceName"].endswith(".sagemaker.runtime")
    made_group = group_reference(template, "ClarifyEndpointSecurityGroup")
    assert egress(template) == [
        S3_LIST,
        {**HTTPS, "DestinationSecurityGroupId": made_group},
        {**HTTPS, "DestinationSecurityGroupId": "sg-0a1b2c3d"},
    ]
    assert rules(template, "Ingress", "sg-0a1b2c3d") == []  # not ours to change


def test_an_existing_endpoint_without_its_group_is_refused(stack: cdk.Stack) -> None:
    endpoint = existing(stack, "Api")
    found = refusal(stack, config=with_model(), vpc=given_vpc(stack), api_endpoint=endpoint)
    assert found == "endpoint-without-group"


def test_central_endpoints_are_reached_at_their_addresses(stack: cdk.Stack) -> None:
    network(
        stack,
        with_model(),
        vpc=given_vpc(stack),
        s3_prefix_list="pl-6ea54007",
        reachable=[ec2.Peer.ipv4("10.200.1.0/24"), ec2.Peer.ipv4("10.200.2.0/24")],
    )
    template = template_of(stack)
    assert template.of_type("EC2::VPCEndpoint") == {}
    assert egress(template) == [
        {"CidrIp": "10.200.1.0/24", **HTTPS},
        {"CidrIp": "10.200.2.0/24", **HTTPS},
        S3_LIST,
    ]
    assert warned(stack, "sagemaker-unreachable") == 0


@pytest.mark.parametrize(
    ("argument", "second"),
    [("s3_endpoint", "gateway"), ("runtime_endpoint", "interface")],
)
def test_a_second_endpoint_of_the_same_app_is_refused(
    stack: cdk.Stack, argument: str, second: str
) -> None:
    vpc = given_vpc(stack, private_subnet_route_table_ids=ROUTE_TABLES)
    if second == "gateway":
        vpc.add_gateway_endpoint("Theirs", service=ec2.GatewayVpcEndpointAwsService.S3)
    else:
        service = ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME
        vpc.add_interface_endpoint("Theirs", service=service, open=False)
    network(stack, with_model(), vpc=vpc, endpoint_clients=[], **{argument: True})
    with pytest.raises(RuntimeError, match=r"\[endpoint-exists\].*Network/Given/Theirs"):
        template_of(stack)


def test_the_same_endpoint_in_another_vpc_is_no_second_one(stack: cdk.Stack) -> None:
    other = ec2.Vpc(stack, "Other", restrict_default_security_group=False)
    other.add_gateway_endpoint("Theirs", service=ec2.GatewayVpcEndpointAwsService.S3)
    vpc = given_vpc(stack, private_subnet_route_table_ids=ROUTE_TABLES)
    network(stack, pre_training(), vpc=vpc, s3_endpoint=True)
    assert len(template_of(stack).of_type("EC2::VPCEndpoint")) == 2


def test_own_vpcs_of_two_stacks_are_two(stack: cdk.Stack) -> None:
    network(stack, pre_training())
    network(cdk.Stack(stack.node.root, "Second"), pre_training())
    template_of(stack)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"config": with_model()}, 1),
        ({"config": with_model(), "api_endpoint": True, "endpoint_clients": []}, 1),
        ({"config": with_model(), "reachable": [ec2.Peer.ipv4("10.0.0.0/24")]}, 0),
        ({"config": pre_training()}, 0),
    ],
)
def test_a_model_behind_a_closed_door_is_a_warning(
    stack: cdk.Stack, arguments: dict[str, Any], expected: int
) -> None:
    network(stack, vpc=given_vpc(stack), s3_prefix_list="pl-1", **arguments)
    assert warned(stack, "sagemaker-unreachable") == expected
