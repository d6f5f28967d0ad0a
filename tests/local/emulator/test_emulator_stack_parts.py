"""Roles, functions and state machines of a template have what it says, and go with it."""

from __future__ import annotations

import json

from support_emulator.account import unique
from support_emulator.stacks import Resources, Stacks, role


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


def test_an_alarm_has_what_the_template_says_and_goes_with_its_stack(stacks: Stacks) -> None:
    name, cloudwatch = unique("stack"), stacks.emulator.session().client("cloudwatch")
    properties = {
        "AlarmDescription": "rejected",
        "Namespace": "Clarify",
        "MetricName": "Rejected",
        "Dimensions": [{"Name": "Pipeline", "Value": "Loans/Bias"}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:topic"],
    }
    resources = {"A": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["A", "Arn"]}}}

    made = stacks.outputs(stacks.deploy(name, resources, Outputs=outputs))
    alarm_name = stacks.physical(name, "A")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"]
    assert {key: alarm[key] for key in properties} == properties
    assert made["Arn"] == alarm["AlarmArn"]

    resources["A"]["Properties"] = {**properties, "Threshold": 2}
    stacks.deploy(name, resources, Outputs=outputs)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"]
    assert alarm["Threshold"] == 2

    stacks.cloudformation.delete_stack(StackName=name)
    assert cloudwatch.describe_alarms(AlarmNames=[alarm_name])["MetricAlarms"] == []


def test_the_arn_of_a_log_group_holds_its_streams(stacks: Stacks) -> None:
    resources = {"G": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/here"}}}
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["G", "Arn"]}}}
    made = stacks.outputs(stacks.deploy(unique("stack"), resources, Outputs=outputs))
    assert made["Arn"] == "arn:aws:logs:us-east-1:123456789012:log-group:/here:*"
