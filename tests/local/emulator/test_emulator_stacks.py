"""CloudFormation: change sets, outputs, updates and failures, as the CDK CLI uses them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support_emulator.account import make_bucket, unique
from support_emulator.stacks import Resources, Stacks, role


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
    assert "AWS::Nothing::Known" not in stacks.emulator.log  # which is for failures


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


def test_a_change_set_names_each_property_that_differs(stacks: Stacks) -> None:
    name, queue = unique("stack"), "AWS::SQS::Queue"
    before = {"Q": {"Type": queue, "Properties": {"DelaySeconds": 1, "VisibilityTimeout": 30}}}
    stacks.deploy(name, {**before, "Old": {"Type": queue}})
    after = {"Q": {"Type": queue, "Properties": {"DelaySeconds": 2, "VisibilityTimeout": 30}}}

    stacks.cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="next",
        ChangeSetType="UPDATE",
        TemplateBody=json.dumps({"Resources": {**after, "New": {"Type": queue}}}),
    )

    described = stacks.cloudformation.describe_change_set(StackName=name, ChangeSetName="next")
    changes = [change["ResourceChange"] for change in described["Changes"]]
    assert {change["LogicalResourceId"]: change["Action"] for change in changes} == {
        "New": "Add",
        "Q": "Modify",
        "Old": "Remove",
    }
    assert [
        (change["LogicalResourceId"], detail["Target"]["Attribute"], detail["Target"]["Name"])
        for change in changes
        for detail in change.get("Details", [])
    ] == [("Q", "Properties", "DelaySeconds")]


def test_a_protected_stack_stays_until_its_protection_is_off(stacks: Stacks) -> None:
    name, cloudformation = unique("stack"), stacks.cloudformation
    stacks.deploy(name, {"T": {"Type": "AWS::SNS::Topic"}})

    def protected() -> bool:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return bool(stack["EnableTerminationProtection"])

    assert not protected()
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=True)
    assert protected()
    with pytest.raises(
        ClientError, match="cannot be deleted while TerminationProtection is enabled"
    ):
        cloudformation.delete_stack(StackName=name)
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName=name)
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName=name)


def test_a_template_may_be_yaml(stacks: Stacks) -> None:
    name, bucket = unique("stack"), unique("made")
    body = f"""
Resources:
  B:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "{bucket}-${{AWS::Region}}"
Outputs:
  Name:
    Value: !Ref B
"""
    stacks.cloudformation.create_stack(StackName=name, TemplateBody=body)
    (stack,) = stacks.cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert stacks.outputs(stack) == {"Name": f"{bucket}-us-east-1"}
