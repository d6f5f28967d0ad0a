"""Where jobs run: the own VPC, a given one, and what either lets through."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match

from clarify_cdk import ClarifyNetwork
from clarify_contract import Refused
from support_constructs.configs import pre_training, with_model
from support_constructs.templates import FLAGS, Template, assembly, template_of


@pytest.fixture(params=FLAGS)
def flags(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def own(flags: str) -> Template:
    return assembly(flags).template("ModelInOwnVpc")


@pytest.fixture
def given(flags: str) -> Template:
    return assembly(flags).template("EndpointInGivenVpc")


def without_descriptions(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in rule.items() if key != "Description"} for rule in rules]


def rules(template: Template, kind: str, group: str) -> list[dict[str, Any]]:
    """Rules of a group, those that stand in it and those that stand beside it."""
    inline = template.only("EC2::SecurityGroup", group).get(f"SecurityGroup{kind}", [])
    beside = [
        {key: value for key, value in rule["Properties"].items() if key != "GroupId"}
        for rule in template.of_type(f"EC2::SecurityGroup{kind}").values()
        if rule["Properties"]["GroupId"].startswith(f"${{{group}")
    ]
    return without_descriptions([*inline, *beside])


def reference(template: Template, group: str) -> str:
    (name,) = [name for name in template.of_type("EC2::SecurityGroup") if name.startswith(group)]
    return f"${{{name}.GroupId}}"


def test_the_own_vpc_has_two_zones_and_no_way_out(own: Template) -> None:
    assert len(own.of_type("EC2::Subnet")) == 2
    zones = {
        subnet["Properties"]["AvailabilityZone"] for subnet in own.of_type("EC2::Subnet").values()
    }
    assert len(zones) == 2
    for kind in ("InternetGateway", "NatGateway", "Route", "EIP", "VPNGateway"):
        assert own.of_type(f"EC2::{kind}") == {}


def test_the_s3_gateway_is_on_the_route_tables_of_the_jobs_subnets(own: Template) -> None:
    endpoint = own.only("EC2::VPCEndpoint", "NetworkS3Endpoint")
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == "com.amazonaws.${AWS::Region}.s3"
    tables = {f"${{{name}}}" for name in own.of_type("EC2::RouteTable")}
    assert set(endpoint["RouteTableIds"]) == tables
    assert len(tables) == 2


@pytest.mark.parametrize(("name", "service"), [("Api", "api"), ("Runtime", "runtime")])
def test_sagemaker_is_reached_by_interface_endpoints_with_private_dns(
    own: Template, name: str, service: str
) -> None:
    endpoint = own.only("EC2::VPCEndpoint", f"Network{name}Endpoint")
    assert endpoint["ServiceName"] == f"com.amazonaws.${{AWS::Region}}.sagemaker.{service}"
    assert endpoint["VpcEndpointType"] == "Interface"
    assert endpoint["PrivateDnsEnabled"] is True
    assert endpoint["SecurityGroupIds"] == [reference(own, "NetworkEndpointSecurityGroup")]
    assert set(endpoint["SubnetIds"]) == {f"${{{name}}}" for name in own.of_type("EC2::Subnet")}


def test_pre_training_bias_needs_no_sagemaker_endpoint(flags: str) -> None:
    template = assembly(flags).template("PreTrainingInOwnVpc")
    (endpoint,) = template.of_type("EC2::VPCEndpoint").values()
    assert endpoint["Properties"]["VpcEndpointType"] == "Gateway"
    assert len(template.of_type("EC2::SecurityGroup")) == 1


def test_without_a_vpc_there_is_no_network_at_all(flags: str) -> None:
    template = assembly(flags).template("PreTrainingWithoutVpc")
    assert not [
        resource["Type"]
        for resource in template.document["Resources"].values()
        if resource["Type"].startswith("AWS::EC2::")
    ]
    assert "VpcConfig" not in template.state("RunClarifyJob")["Parameters"]["NetworkConfig"]


def test_the_jobs_group_admits_itself_only(own: Template) -> None:
    job = reference(own, "NetworkJobSecurityGroup")
    assert rules(own, "Ingress", "NetworkJobSecurityGroup") == [
        {"IpProtocol": "-1", "SourceSecurityGroupId": job}
    ]


def test_the_jobs_group_reaches_itself_the_endpoints_and_s3(own: Template) -> None:
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    job, endpoints = (reference(own, f"Network{name}SecurityGroup") for name in ("Job", "Endpoint"))
    found = rules(own, "Egress", "NetworkJobSecurityGroup")
    assert len(found) == 3
    assert {"IpProtocol": "-1", "DestinationSecurityGroupId": job} in found
    assert {**https, "DestinationSecurityGroupId": endpoints} in found
    # The own VPC has no route but the one to S3: see the test of its ways out.
    assert {**https, "CidrIp": "0.0.0.0/0"} in found


def test_the_endpoints_admit_https_from_jobs_only_and_reach_nobody(own: Template) -> None:
    job = reference(own, "NetworkJobSecurityGroup")
    assert rules(own, "Ingress", "NetworkEndpointSecurityGroup") == [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": job}
    ]
    (nobody,) = rules(own, "Egress", "NetworkEndpointSecurityGroup")
    assert nobody["CidrIp"] == "255.255.255.255/32"


def test_in_a_given_vpc_nothing_is_made_but_a_security_group(given: Template) -> None:
    assert {
        resource["Type"]
        for resource in given.document["Resources"].values()
        if resource["Type"].startswith("AWS::EC2::")
    } == {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
    }
    assert len(given.of_type("EC2::SecurityGroup")) == 1


def test_in_a_given_vpc_jobs_reach_s3_by_its_prefix_list(given: Template) -> None:
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    job = reference(given, "NetworkJobSecurityGroup")
    found = rules(given, "Egress", "NetworkJobSecurityGroup")
    assert len(found) == 3
    assert {**https, "DestinationPrefixListId": "pl-6ea54007"} in found
    assert {**https, "DestinationSecurityGroupId": "sg-0a1b2c3d"} in found
    assert {"IpProtocol": "-1", "DestinationSecurityGroupId": job} in found


def test_the_job_runs_in_the_networks_subnets_and_group(own: Template) -> None:
    vpc = own.state("RunClarifyJob")["Parameters"]["NetworkConfig"]["VpcConfig"]
    assert set(vpc["Subnets"]) == {f"${{{name}}}" for name in own.of_type("EC2::Subnet")}
    assert vpc["SecurityGroupIds"] == [reference(own, "NetworkJobSecurityGroup")]


# --- alone, by its own arguments ------------------------------------------------------------------


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Network")


def given_vpc(stack: cdk.Stack, **more: Any) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Given",
        vpc_id="vpc-0a1b2c3d",
        availability_zones=["a", "b"],
        private_subnet_ids=["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
        **more,
    )


def test_in_a_given_vpc_endpoints_are_made_when_asked_for(stack: cdk.Stack) -> None:
    vpc = given_vpc(stack, private_subnet_route_table_ids=["rtb-0a1b2c3d", "rtb-1a2b3c4d"])
    notebook = ec2.SecurityGroup(stack, "Notebook", vpc=vpc)
    ClarifyNetwork(
        stack,
        "Clarify",
        config=pre_training(),
        vpc=vpc,
        s3_prefix_list="pl-1",
        s3_endpoint=True,
        sagemaker_endpoints=True,
        endpoint_clients=[notebook],
    )
    template = template_of(stack)
    assert template.only("EC2::VPCEndpoint", "ClarifyS3")["RouteTableIds"] == [
        "rtb-0a1b2c3d",
        "rtb-1a2b3c4d",
    ]
    assert template.only("EC2::VPCEndpoint", "ClarifyApi")["SubnetIds"] == [
        "subnet-0a1b2c3d",
        "subnet-1a2b3c4d",
    ]
    admitted = {
        rule["SourceSecurityGroupId"]
        for rule in rules(template, "Ingress", "ClarifyEndpointSecurityGroup")
    }
    assert admitted == {
        reference(template, "ClarifyJobSecurityGroup"),
        reference(template, "Notebook"),
    }


def test_in_an_own_vpc_endpoints_can_be_left_out(stack: cdk.Stack) -> None:
    ClarifyNetwork(
        stack, "Clarify", config=with_model(), s3_endpoint=False, sagemaker_endpoints=False
    )
    assert template_of(stack).of_type("EC2::VPCEndpoint") == {}


def test_a_given_vpc_without_the_prefix_list_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(Refused) as refused:
        ClarifyNetwork(stack, "Clarify", config=pre_training(), vpc=given_vpc(stack))
    (finding,) = refused.value.findings
    assert finding.id == "s3-prefix-list-missing"


@pytest.mark.parametrize(
    ("arguments", "warned"),
    [
        ({"config": with_model()}, True),
        ({"config": with_model(), "sagemaker_endpoints": True}, False),
        ({"config": with_model(), "reachable": [ec2.Peer.ipv4("10.0.0.0/24")]}, False),
        ({"config": pre_training()}, False),
    ],
)
def test_a_model_behind_a_closed_door_is_a_warning(
    stack: cdk.Stack, arguments: dict[str, Any], warned: bool
) -> None:
    ClarifyNetwork(stack, "Clarify", vpc=given_vpc(stack), s3_prefix_list="pl-1", **arguments)
    found = Annotations.from_stack(stack).find_warning(
        "/Network/Clarify", Match.string_like_regexp(r".*\[sagemaker-unreachable\].*")
    )
    assert len(found) == warned


def test_an_s3_gateway_without_route_tables_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(Refused) as refused:
        ClarifyNetwork(
            stack,
            "Clarify",
            config=pre_training(),
            vpc=given_vpc(stack),
            s3_prefix_list="pl-1",
            s3_endpoint=True,
        )
    (finding,) = refused.value.findings
    assert finding.id == "route-tables-missing"
    assert "PrivateSubnet1" in finding.given


def test_the_network_is_connectable(stack: cdk.Stack) -> None:
    network = ClarifyNetwork(stack, "Clarify", config=pre_training())
    database = ec2.SecurityGroup(stack, "Database", vpc=network.vpc, allow_all_outbound=False)
    network.connections.allow_to(database, ec2.Port.tcp(5432))
    (rule,) = rules(template_of(stack), "Ingress", "Database")
    assert rule["FromPort"] == 5432
