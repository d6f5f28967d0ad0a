"""CloudFormation: what a template says is there when it is read back, and gone after deletion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import make_bucket, unique

Resources = Mapping[str, Any]


class Stacks:
    """Deploys templates as the CDK CLI does, by change sets of one name."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.cloudformation = emulator.session().client("cloudformation")

    def deploy(self, name: str, resources: Resources, **template: Any) -> dict[str, Any]:
        exists = any(
            stack["StackName"] == name for stack in self.cloudformation.describe_stacks()["Stacks"]
        )
        parameters = template.pop("parameters", [])
        change_set = self.cloudformation.create_change_set(
            StackName=name,
            ChangeSetName="cdk-deploy-change-set",
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateBody=json.dumps({"Resources": resources, **template}),
            Parameters=parameters,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        described = self.cloudformation.describe_change_set(
            StackName=name, ChangeSetName="cdk-deploy-change-set"
        )
        assert described["ChangeSetId"] == change_set["Id"]
        self.cloudformation.execute_change_set(
            StackName=name, ChangeSetName="cdk-deploy-change-set"
        )
        stack: dict[str, Any] = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return stack

    def outputs(self, stack: Mapping[str, Any]) -> dict[str, str]:
        return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}

    def physical(self, name: str, logical: str) -> str:
        found = self.cloudformation.describe_stack_resources(
            StackName=name, LogicalResourceId=logical
        )["StackResources"]
        return str(found[0]["PhysicalResourceId"])


@pytest.fixture
def stacks(emulator: Emulator) -> Stacks:
    return Stacks(emulator)


def role(*statements: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "states.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    policies = [
        {
            "PolicyName": "inline",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
        }
    ]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": trust,
            **({"Policies": policies} if statements else {}),
            **properties,
        },
    }


def test_a_stack_made_by_change_set_has_its_outputs(stacks: Stacks) -> None:
    name, bucket = unique("stack"), unique("made")

    stack = stacks.deploy(
        name,
        {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}},
        Outputs={"Name": {"Value": {"Ref": "B"}}},
    )

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.outputs(stack) == {"Name": bucket}


def test_change_sets_of_one_name_belong_to_their_stacks(stacks: Stacks) -> None:
    one, two = unique("stack"), unique("stack")
    topic = {"T": {"Type": "AWS::SNS::Topic"}}
    stacks.deploy(one, topic)
    stacks.deploy(two, topic)

    described = stacks.cloudformation.describe_change_set(
        StackName=one, ChangeSetName="cdk-deploy-change-set"
    )

    assert described["StackName"] == one
    with pytest.raises(ClientError, match="does not exist"):
        stacks.cloudformation.describe_change_set(StackName=one, ChangeSetName="other")


def test_an_update_changes_what_is_there(stacks: Stacks) -> None:
    name, bucket = unique("stack"), unique("made")

    def template(status: str) -> Resources:
        return {
            "B": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketName": bucket,
                    "VersioningConfiguration": {"Status": status},
                },
            }
        }

    stacks.deploy(name, template("Suspended"), Outputs={"V": {"Value": "1"}})
    stack = stacks.deploy(name, template("Enabled"), Outputs={"V": {"Value": "2"}})

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.outputs(stack) == {"V": "2"}
    s3 = stacks.emulator.session().client("s3")
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_an_update_may_keep_a_parameter_from_the_parameter_store(stacks: Stacks) -> None:
    name, path = unique("stack"), f"/{unique('parameter')}"
    stacks.emulator.session().client("ssm").put_parameter(Name=path, Value="6", Type="String")
    slot = {"Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": path}}

    def template(text: str) -> dict[str, Any]:
        return {
            "Parameters": slot,
            "Outputs": {"Was": {"Value": {"Ref": "Version"}}, "Text": {"Value": text}},
        }

    topic = {"T": {"Type": "AWS::SNS::Topic"}}
    stacks.deploy(name, topic, **template("a"))
    previous = [{"ParameterKey": "Version", "UsePreviousValue": True}]
    stacks.deploy(
        name,
        topic,
        **template("b"),
        parameters=[{"ParameterKey": "Version", "ParameterValue": path}],
    )
    stack = stacks.deploy(name, topic, **template("c"), parameters=previous)

    assert stacks.outputs(stack) == {"Was": "6", "Text": "c"}


def test_no_value_takes_an_item_out_of_a_list(stacks: Stacks) -> None:
    name, iam = unique("stack"), stacks.emulator.session().client("iam")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    maybe = {"Fn::If": ["Never", statement, {"Ref": "AWS::NoValue"}]}
    never = {"Fn::Equals": ["a", "b"]}
    stacks.deploy(name, {"R": role(statement, maybe)}, Conditions={"Never": never})

    policy = iam.get_role_policy(RoleName=stacks.physical(name, "R"), PolicyName="inline")

    assert policy["PolicyDocument"]["Statement"] == [statement]


def test_a_resource_comes_after_those_it_depends_on(stacks: Stacks) -> None:
    name, bucket = unique("stack"), unique("made")

    stack = stacks.deploy(
        name,
        {
            "P": {
                "Type": "AWS::S3::BucketPolicy",
                "DependsOn": "B",
                "Properties": {
                    "Bucket": bucket,
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": []},
                },
            },
            "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
        },
    )

    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_a_failure_rolls_back_and_says_which_resource_failed(stacks: Stacks) -> None:
    name, bucket = unique("stack"), unique("made")

    stack = stacks.deploy(
        name,
        {
            "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
            "Bad": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {"DefinitionString": "{}", "RoleArn": "arn:aws:iam::1:role/x"},
            },
        },
    )

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "creating Bad (AWS::StepFunctions::StateMachine)" in stack["StackStatusReason"]
    events = stacks.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    assert "CREATE_FAILED" in [event["ResourceStatus"] for event in events]
    listed = stacks.emulator.session().client("s3").list_buckets()["Buckets"]
    assert bucket not in [item["Name"] for item in listed]


def test_a_type_that_is_not_emulated_is_named(stacks: Stacks) -> None:
    stacks.deploy(
        unique("stack"),
        {
            "T": {"Type": "AWS::SNS::Topic"},
            "M": {"Type": "AWS::CDK::Metadata", "Properties": {}},
            "X": {"Type": "AWS::Nothing::Known", "Properties": {}},
        },
    )

    notes = stacks.emulator.notes()
    assert "resource type AWS::Nothing::Known is not emulated" in notes
    assert not [note for note in notes if "AWS::CDK::Metadata" in note]


def test_a_bucket_has_what_its_template_says(stacks: Stacks) -> None:
    name, bucket = unique("stack"), unique("made")
    block = {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": False,
    }
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    stacks.deploy(
        name,
        {
            "B": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketName": bucket,
                    "PublicAccessBlockConfiguration": block,
                    "VersioningConfiguration": {"Status": "Enabled"},
                    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                    "BucketEncryption": {
                        "ServerSideEncryptionConfiguration": [
                            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                        ]
                    },
                    "LifecycleConfiguration": {
                        "Rules": [
                            {
                                "Id": "old",
                                "Status": "Enabled",
                                "Prefix": "runs/",
                                "ExpirationInDays": 365,
                                "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                            }
                        ]
                    },
                    "WebsiteConfiguration": {"IndexDocument": "i"},
                },
            },
            "P": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {"Bucket": {"Ref": "B"}, "PolicyDocument": policy},
            },
        },
    )

    s3 = stacks.emulator.session().client("s3")
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert blocked == block
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == policy
    owned = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owned == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    [rule] = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["ID"] == "old"
    assert rule["Filter"] == {"Prefix": "runs/"}
    assert rule["Expiration"] == {"Days": 365}
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    note = "property WebsiteConfiguration of AWS::S3::Bucket is not emulated"
    assert note in stacks.emulator.notes()


def test_a_tls_only_policy_lets_loopback_through(stacks: Stacks) -> None:
    bucket = make_bucket(stacks.emulator, {"a": "1"})
    stacks.emulator.session().client("s3").put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            }
        ),
    )

    assert stacks.emulator.session().client("s3").get_object(Bucket=bucket, Key="a")


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


def test_deleting_a_stack_leaves_no_role_function_or_machine(stacks: Stacks) -> None:
    name, session = unique("stack"), stacks.emulator.session()
    machine = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    stacks.deploy(
        name,
        {
            "R": role({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
            "P": {
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    "PolicyName": unique("policy"),
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
                    },
                    "Roles": [{"Ref": "R"}],
                },
            },
            "F": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Code": {"ZipFile": "def handler(event, context):\n    return 1\n"},
                    "Handler": "index.handler",
                    "Runtime": "python3.12",
                    "Role": {"Fn::GetAtt": ["R", "Arn"]},
                },
            },
            "M": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "DefinitionString": json.dumps(machine),
                    "RoleArn": {"Fn::GetAtt": ["R", "Arn"]},
                },
            },
            "B": {"Type": "AWS::S3::Bucket"},
        },
    )
    made = [stacks.physical(name, logical) for logical in ("R", "F", "M", "B")]

    stacks.cloudformation.delete_stack(StackName=name)

    roles = {item["RoleName"] for item in session.client("iam").list_roles()["Roles"]}
    functions = session.client("lambda").list_functions()["Functions"]
    machines = session.client("stepfunctions").list_state_machines()["stateMachines"]
    buckets = session.client("s3").list_buckets()["Buckets"]
    left = {
        *roles,
        *(item["FunctionName"] for item in functions),
        *(item["stateMachineArn"] for item in machines),
        *(item["Name"] for item in buckets),
    }
    assert not left & set(made)


BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def test_a_role_has_its_managed_policies_and_an_update_changes_them(stacks: Stacks) -> None:
    name, iam = unique("stack"), stacks.emulator.session().client("iam")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}

    def attached(role_name: str) -> list[str]:
        found = iam.list_attached_role_policies(RoleName=role_name)["AttachedPolicies"]
        return [policy["PolicyArn"] for policy in found]

    stacks.deploy(name, {"R": role(statement, ManagedPolicyArns=[BASIC])})
    made = stacks.physical(name, "R")
    assert attached(made) == [BASIC]

    stacks.deploy(name, {"R": role(ManagedPolicyArns=[READ], Description="new")})
    assert stacks.physical(name, "R") == made
    assert attached(made) == [READ]
    assert iam.list_role_policies(RoleName=made)["PolicyNames"] == []
    assert iam.get_role(RoleName=made)["Role"]["Description"] == "new"


def test_a_state_machine_has_logging_tracing_type_and_substitutions(stacks: Stacks) -> None:
    name, states = unique("stack"), stacks.emulator.session().client("stepfunctions")
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${word}", "End": true}}}'

    def template(level: str, word: str) -> Resources:
        return {
            "R": role(),
            "L": {"Type": "AWS::Logs::LogGroup"},
            "M": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "DefinitionString": text,
                    "DefinitionSubstitutions": {"word": word},
                    "RoleArn": {"Fn::GetAtt": ["R", "Arn"]},
                    "StateMachineType": "STANDARD",
                    "TracingConfiguration": {"Enabled": True},
                    "LoggingConfiguration": {
                        "Level": level,
                        "IncludeExecutionData": False,
                        "Destinations": [
                            {
                                "CloudWatchLogsLogGroup": {
                                    "LogGroupArn": {"Fn::GetAtt": ["L", "Arn"]}
                                }
                            }
                        ],
                    },
                },
            },
        }

    for level, word in (("ALL", "one"), ("ERROR", "two")):
        stacks.deploy(name, template(level, word))
        machine = states.describe_state_machine(stateMachineArn=stacks.physical(name, "M"))

        assert machine["type"] == "STANDARD"
        assert machine["tracingConfiguration"] == {"enabled": True}
        assert machine["loggingConfiguration"]["level"] == level
        assert machine["loggingConfiguration"]["includeExecutionData"] is False
        [destination] = machine["loggingConfiguration"]["destinations"]
        assert destination["cloudWatchLogsLogGroup"]["logGroupArn"].startswith("arn:aws:logs:")
        assert json.loads(machine["definition"])["States"]["A"]["Result"] == word


def test_a_function_logs_where_its_template_says(stacks: Stacks) -> None:
    name, session = unique("stack"), stacks.emulator.session()
    trust = role()
    [statement] = trust["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    statement["Principal"]["Service"] = "lambda.amazonaws.com"
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": "def handler(event, context):\n    print('hello')\n"},
            "Handler": "index.handler",
            "Runtime": "python3.12",
            "Role": {"Fn::GetAtt": ["R", "Arn"]},
            "Timeout": 20,
            "LoggingConfig": {"LogGroup": {"Ref": "L"}},
            "TracingConfig": {"Mode": "Active"},
        },
    }
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 90}}
    stacks.deploy(name, {"R": trust, "L": group, "F": function})
    log_group, made = stacks.physical(name, "L"), stacks.physical(name, "F")

    session.client("lambda").invoke(FunctionName=made)

    described = session.client("lambda").get_function(FunctionName=made)["Configuration"]
    assert described["TracingConfig"] == {"Mode": "Active"}
    logs = session.client("logs")
    [found] = logs.describe_log_groups(logGroupNamePrefix=log_group)["logGroups"]
    assert found["retentionInDays"] == 90
    [stream] = logs.describe_log_streams(logGroupName=log_group)["logStreams"]
    events = logs.get_log_events(logGroupName=log_group, logStreamName=stream["logStreamName"])
    assert "hello" in [event["message"] for event in events["events"]]


def test_a_template_in_a_bucket_is_found_by_its_localhost_address(stacks: Stacks) -> None:
    name, bucket = unique("stack"), unique("made")
    template = {
        "Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}}
    }
    staging = make_bucket(stacks.emulator, {"template.json": json.dumps(template)})

    stacks.cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateURL=f"{stacks.emulator.endpoint}/{staging}/template.json",
    )
    stacks.cloudformation.execute_change_set(StackName=name, ChangeSetName="first")

    assert stacks.emulator.session().client("s3").head_bucket(Bucket=bucket)
