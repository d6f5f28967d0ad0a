"""Where jobs run: the own VPC and a given one of the deployed stacks, with and without flags."""

from __future__ import annotations

import pytest

from support_constructs.networks import group_reference, rules
from support_constructs.templates import FLAGS, Template, assembly


@pytest.fixture(params=FLAGS)
def flags(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def own(flags: str) -> Template:
    return assembly(flags).template("ModelInOwnVpc")


@pytest.fixture
def given(flags: str) -> Template:
    return assembly(flags).template("EndpointInGivenVpc")


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
    assert endpoint["SecurityGroupIds"] == [group_reference(own, "NetworkEndpointSecurityGroup")]
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
    job = group_reference(own, "NetworkJobSecurityGroup")
    assert rules(own, "Ingress", "NetworkJobSecurityGroup") == [
        {"IpProtocol": "-1", "SourceSecurityGroupId": job}
    ]


def test_the_jobs_group_reaches_itself_the_endpoints_and_s3(own: Template) -> None:
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    job, endpoints = (
        group_reference(own, f"Network{name}SecurityGroup") for name in ("Job", "Endpoint")
    )
    found = rules(own, "Egress", "NetworkJobSecurityGroup")
    assert len(found) == 3
    assert {"IpProtocol": "-1", "DestinationSecurityGroupId": job} in found
    assert {**https, "DestinationSecurityGroupId": endpoints} in found
    # The own VPC has no route but the one to S3: see the test of its ways out.
    assert {**https, "CidrIp": "0.0.0.0/0"} in found


def test_the_endpoints_admit_https_from_jobs_only_and_reach_nobody(own: Template) -> None:
    job = group_reference(own, "NetworkJobSecurityGroup")
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
    job = group_reference(given, "NetworkJobSecurityGroup")
    found = rules(given, "Egress", "NetworkJobSecurityGroup")
    assert len(found) == 3
    assert {**https, "DestinationPrefixListId": "pl-6ea54007"} in found
    assert {**https, "DestinationSecurityGroupId": "sg-0a1b2c3d"} in found
    assert {"IpProtocol": "-1", "DestinationSecurityGroupId": job} in found


def test_the_job_runs_in_the_networks_subnets_and_group(own: Template) -> None:
    vpc = own.state("RunClarifyJob")["Parameters"]["NetworkConfig"]["VpcConfig"]
    assert set(vpc["Subnets"]) == {f"${{{name}}}" for name in own.of_type("EC2::Subnet")}
    assert vpc["SecurityGroupIds"] == [group_reference(own, "NetworkJobSecurityGroup")]
