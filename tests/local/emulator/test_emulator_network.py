"""A job in a VPC reaches what its subnets, routes, endpoints and security groups let it reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from clarify_local.emulator.client import Emulator
from support_emulator.account import prepare_job, run_job, unique


@dataclass
class Network:
    """An isolated subnet with a security group for jobs, and what is added to it."""

    emulator: Emulator

    def __post_init__(self) -> None:
        self.ec2: Any = self.emulator.session().client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.5.0.0/24")["Subnet"][
            "SubnetId"
        ]
        self.table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.associate_route_table(RouteTableId=self.table, SubnetId=self.subnet)
        self.jobs = self.group()

    def group(self) -> str:
        return str(
            self.ec2.create_security_group(
                GroupName=unique("group"), Description="x", VpcId=self.vpc
            )["GroupId"]
        )

    def only_out_to(self, group: str, port: int = 443) -> None:
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        self.ec2.revoke_security_group_egress(GroupId=self.jobs, IpPermissions=[everything])
        self.ec2.authorize_security_group_egress(
            GroupId=self.jobs,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port,
                    "UserIdGroupPairs": [{"GroupId": group}],
                }
            ],
        )

    def admit(self, into: str, source: str, port: int = 443) -> None:
        self.ec2.authorize_security_group_ingress(
            GroupId=into,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port,
                    "UserIdGroupPairs": [{"GroupId": source}],
                }
            ],
        )

    def gateway(self, table: str | None = None) -> None:
        self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName="com.amazonaws.us-east-1.s3",
            VpcEndpointType="Gateway",
            RouteTableIds=[table or self.table],
        )

    def interface(self, service: str, group: str, private_dns: bool = True) -> None:
        self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.us-east-1.{service}",
            VpcEndpointType="Interface",
            SubnetIds=[self.subnet],
            SecurityGroupIds=[group],
            PrivateDnsEnabled=private_dns,
        )

    def run(self, **config: Any) -> dict[str, Any]:
        vpc_config = {"Subnets": [self.subnet], "SecurityGroupIds": [self.jobs]}
        _, request = prepare_job(self.emulator, config, NetworkConfig={"VpcConfig": vpc_config})
        return run_job(self.emulator, request)


@pytest.fixture
def network(emulator: Emulator) -> Network:
    return Network(emulator)


def test_an_isolated_subnet_without_an_endpoint_cannot_reach_s3(network: Network) -> None:
    job = network.run()

    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"] == (
        f"ClientError: Failed to download data. Subnet {network.subnet} has no way to s3 on port"
        " 443 that the job's security groups allow: neither a VPC endpoint nor a default route."
    )


def test_a_gateway_on_the_subnets_route_table_is_a_way_to_s3(network: Network) -> None:
    network.gateway()

    assert network.run()["ProcessingJobStatus"] == "Completed"


def test_a_gateway_on_another_route_table_is_none(network: Network) -> None:
    other = network.ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    network.gateway(other)

    assert "no way to s3" in network.run()["FailureReason"]


def test_a_group_that_lets_nothing_out_to_s3_closes_the_way(network: Network) -> None:
    network.gateway()
    network.only_out_to(network.group())

    assert "no way to s3" in network.run()["FailureReason"]


def test_a_default_route_is_a_way_out(network: Network) -> None:
    gateway = network.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    network.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    network.ec2.create_route(
        RouteTableId=network.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )

    assert network.run(ask="sagemaker")["ProcessingJobStatus"] == "Completed"


def test_without_an_interface_endpoint_sagemaker_does_not_answer(network: Network) -> None:
    network.gateway()

    job = network.run(ask="sagemaker")

    assert job["FailureReason"] == "AlgorithmError: ConnectionClosedError, exit code: 1"
    assert any("no way to sagemaker.api" in note for note in network.emulator.notes())


def test_an_interface_endpoint_that_admits_the_job_answers(network: Network) -> None:
    network.gateway()
    behind = network.group()
    network.admit(behind, network.jobs)
    network.interface("sagemaker.api", behind)

    assert network.run(ask="sagemaker")["ProcessingJobStatus"] == "Completed"


@pytest.mark.parametrize("fault", ["not admitted", "wrong port", "no private DNS", "other service"])
def test_an_interface_endpoint_with_a_fault_does_not(network: Network, fault: str) -> None:
    network.gateway()
    behind = network.group()
    if fault != "not admitted":
        network.admit(behind, network.jobs, 80 if fault == "wrong port" else 443)
    network.interface(
        "sagemaker.runtime" if fault == "other service" else "sagemaker.api",
        behind,
        private_dns=fault != "no private DNS",
    )

    assert "ConnectionClosedError" in network.run(ask="sagemaker")["FailureReason"]


def test_a_vpc_of_a_real_account_has_its_ids_and_what_it_leads_to_is_not_judged(
    network: Network,
) -> None:
    """It has neither endpoint nor route here, and S3 is reached all the same."""
    emulator, region = network.emulator, network.emulator.region
    vpc, subnet, table, group = (f"{kind}-0a1b2c3d" for kind in ("vpc", "subnet", "rtb", "sg"))
    places = [
        {"id": subnet, "cidr": "10.9.1.0/24", "zone": f"{region}a", "table": table},
        {"id": f"{subnet}4", "cidr": "10.9.2.0/24", "zone": f"{region}b", "table": table},
    ]
    emulator.give_network(
        {"region": region, "vpc": vpc, "cidr": "10.9.0.0/16", "subnets": places, "groups": [group]}
    )

    found = network.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert {(s["SubnetId"], s["CidrBlock"], s["AvailabilityZone"]) for s in found} == {
        (place["id"], place["cidr"], place["zone"]) for place in places
    }
    (described,) = network.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert {entry["SubnetId"] for entry in described["Associations"]} == {subnet, f"{subnet}4"}
    # What is made afterwards has made-up ids again.
    network.vpc = vpc
    assert network.group() != group
    network.subnet, network.jobs = subnet, group
    assert network.run(ask="sagemaker")["ProcessingJobStatus"] == "Completed"
    assert any(note.startswith(f"{vpc} of the account") for note in emulator.notes())
