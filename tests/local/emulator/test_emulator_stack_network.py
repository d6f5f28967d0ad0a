"""The VPC of a template is there when it is read back, and gone after deletion."""

from __future__ import annotations

import json

from clarify_local.emulator.client import Emulator
from support_emulator.account import unique
from support_emulator.stacks import Resources, Stacks

NETWORK: Resources = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.8.0.0/16"}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.8.0.0/24"},
    },
    "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "Association": {
        "Type": "AWS::EC2::SubnetRouteTableAssociation",
        "Properties": {"RouteTableId": {"Ref": "Table"}, "SubnetId": {"Ref": "Subnet"}},
    },
    "Jobs": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "jobs",
            "VpcId": {"Ref": "Vpc"},
            "SecurityGroupEgress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.8.0.0/16"}
            ],
        },
    },
    "Endpoints": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "endpoints",
            "VpcId": {"Ref": "Vpc"},
            "SecurityGroupIngress": [{"IpProtocol": "-1", "CidrIp": "10.8.0.0/16"}],
        },
    },
    "SelfOut": {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {
            "GroupId": {"Fn::GetAtt": ["Jobs", "GroupId"]},
            "DestinationSecurityGroupId": {"Fn::GetAtt": ["Jobs", "GroupId"]},
            "IpProtocol": "-1",
        },
    },
    "SelfIn": {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {
            "GroupId": {"Fn::GetAtt": ["Jobs", "GroupId"]},
            "SourceSecurityGroupId": {"Fn::GetAtt": ["Jobs", "GroupId"]},
            "IpProtocol": "-1",
        },
    },
    "ToEndpoints": {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {
            "GroupId": {"Fn::GetAtt": ["Jobs", "GroupId"]},
            "DestinationSecurityGroupId": {"Fn::GetAtt": ["Endpoints", "GroupId"]},
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
        },
    },
    "S3": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "ServiceName": "com.amazonaws.us-east-1.s3",
            "VpcEndpointType": "Gateway",
            "VpcId": {"Ref": "Vpc"},
            "RouteTableIds": [{"Ref": "Table"}],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "*"}
                ],
            },
        },
    },
    "Api": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "ServiceName": "com.amazonaws.us-east-1.sagemaker.api",
            "VpcEndpointType": "Interface",
            "VpcId": {"Ref": "Vpc"},
            "SubnetIds": [{"Ref": "Subnet"}],
            "SecurityGroupIds": [{"Fn::GetAtt": ["Endpoints", "GroupId"]}],
            "PrivateDnsEnabled": True,
        },
    },
}


def rules(emulator: Emulator, group: str, direction: str) -> set[tuple[str, str, int | None]]:
    ec2 = emulator.session().client("ec2")
    [described] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    return {
        (permission["IpProtocol"], where, permission.get("FromPort"))
        for permission in described[direction]
        for where in (
            *(item["CidrIp"] for item in permission["IpRanges"]),
            *(item["GroupId"] for item in permission["UserIdGroupPairs"]),
        )
    }


def test_security_groups_have_exactly_the_rules_of_the_template(stacks: Stacks) -> None:
    name = unique("stack")
    stacks.deploy(name, NETWORK)
    jobs, endpoints = stacks.physical(name, "Jobs"), stacks.physical(name, "Endpoints")

    assert rules(stacks.emulator, jobs, "IpPermissionsEgress") == {
        ("tcp", "10.8.0.0/16", 443),
        ("-1", jobs, None),
        ("tcp", endpoints, 443),
    }
    assert rules(stacks.emulator, jobs, "IpPermissions") == {("-1", jobs, None)}
    assert rules(stacks.emulator, endpoints, "IpPermissions") == {("-1", "10.8.0.0/16", None)}
    assert rules(stacks.emulator, endpoints, "IpPermissionsEgress") == {("-1", "0.0.0.0/0", None)}
    stacks.cloudformation.delete_stack(StackName=name)


def test_vpc_endpoints_have_what_the_template_says(stacks: Stacks) -> None:
    name = unique("stack")
    stacks.deploy(name, NETWORK)
    ec2 = stacks.emulator.session().client("ec2")

    ids = [stacks.physical(name, "S3"), stacks.physical(name, "Api")]
    gateway, interface = (
        ec2.describe_vpc_endpoints(VpcEndpointIds=[one])["VpcEndpoints"][0] for one in ids
    )

    document = NETWORK["S3"]["Properties"]["PolicyDocument"]
    assert json.loads(gateway["PolicyDocument"]) == document
    assert gateway["RouteTableIds"] == [stacks.physical(name, "Table")]
    assert interface["PrivateDnsEnabled"] is True
    assert [group["GroupId"] for group in interface["Groups"]] == [
        stacks.physical(name, "Endpoints")
    ]
    stacks.cloudformation.delete_stack(StackName=name)


def test_a_subnet_has_the_route_table_of_the_template(stacks: Stacks) -> None:
    name, ec2 = unique("stack"), stacks.emulator.session().client("ec2")
    stacks.deploy(name, NETWORK)

    of_subnet = [{"Name": "association.subnet-id", "Values": [stacks.physical(name, "Subnet")]}]
    [table] = ec2.describe_route_tables(Filters=of_subnet)["RouteTables"]

    assert table["RouteTableId"] == stacks.physical(name, "Table")
    gateways = [route.get("GatewayId") for route in table["Routes"]]
    assert stacks.physical(name, "S3") in gateways
    stacks.cloudformation.delete_stack(StackName=name)


def test_deleting_a_stack_leaves_nothing_of_its_network(stacks: Stacks) -> None:
    name, ec2 = unique("stack"), stacks.emulator.session().client("ec2")

    def present() -> dict[str, set[str]]:
        return {
            "vpcs": {item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"]},
            "subnets": {item["SubnetId"] for item in ec2.describe_subnets()["Subnets"]},
            "tables": {i["RouteTableId"] for i in ec2.describe_route_tables()["RouteTables"]},
            "groups": {
                item["GroupId"] for item in ec2.describe_security_groups()["SecurityGroups"]
            },
            "endpoints": {
                item["VpcEndpointId"] for item in ec2.describe_vpc_endpoints()["VpcEndpoints"]
            },
            "interfaces": {
                i["NetworkInterfaceId"]
                for i in ec2.describe_network_interfaces()["NetworkInterfaces"]
            },
        }

    before = present()
    stacks.deploy(name, NETWORK)
    assert present() != before

    stacks.cloudformation.delete_stack(StackName=name)

    assert present() == before
