"""EventBridge hears of new objects, from the buckets that a template told to say so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_local.emulator.client import Emulator
from support_emulator.account import allow, make_role, unique
from support_emulator.stacks import Stacks
from support_emulator.workflows import machine


def heard(emulator: Emulator, bucket: str) -> Any:
    """Make a rule for a bucket's new objects; return what lists the events that it got."""
    events, name = emulator.session().client("events"), unique("rule")
    arn = machine(emulator, {"Take": {"Type": "Pass", "End": True}}, [])
    role = make_role(emulator, "events", [allow("states:StartExecution", arn)])
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [bucket]}},
    }
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, "RoleArn": role}])
    states = emulator.session().client("stepfunctions")

    def inputs() -> list[Any]:
        listed = states.list_executions(stateMachineArn=arn)["executions"]
        described = [states.describe_execution(executionArn=e["executionArn"]) for e in listed]
        return [json.loads(execution["input"]) for execution in described]

    return inputs


def made(stacks: Stacks, **properties: Any) -> str:
    """Deploy a bucket and return its name."""
    stack, name = unique("stack"), unique("events")
    resource = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name, **properties}}
    stacks.deploy(stack, {"B": resource})
    return name


def sending(enabled: Any) -> dict[str, Any]:
    return {"EventBridgeConfiguration": {"EventBridgeEnabled": enabled}}


@pytest.mark.parametrize("enabled", [True, "true"])
def test_a_bucket_that_sends_events_tells_of_a_new_object(
    emulator: Emulator, stacks: Stacks, enabled: Any
) -> None:
    bucket = made(stacks, NotificationConfiguration=sending(enabled))
    inputs = heard(emulator, bucket)

    emulator.session().client("s3").put_object(Bucket=bucket, Key="a/b c.csv", Body=b"1,2")

    (event,) = inputs()
    assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")
    assert (event["account"], event["region"]) == (emulator.account, emulator.region)
    assert event["resources"] == [f"arn:aws:s3:::{bucket}"]
    detail = event["detail"]
    assert (detail["bucket"], detail["reason"]) == ({"name": bucket}, "PutObject")
    assert (detail["object"]["key"], detail["object"]["size"]) == ("a/b c.csv", 3)


@pytest.mark.parametrize("properties", [{}, {"NotificationConfiguration": sending(False)}])
def test_a_bucket_that_was_not_told_so_says_nothing(
    emulator: Emulator, stacks: Stacks, properties: dict[str, Any]
) -> None:
    bucket = made(stacks, **properties)
    inputs = heard(emulator, bucket)
    emulator.session().client("s3").put_object(Bucket=bucket, Key="a", Body=b"1")
    assert inputs() == []


def test_what_happens_to_an_object_later_is_not_told_as_new(
    emulator: Emulator, stacks: Stacks
) -> None:
    bucket = made(stacks, NotificationConfiguration=sending(True))
    s3, inputs = emulator.session().client("s3"), heard(emulator, bucket)
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    s3.put_object_tagging(Bucket=bucket, Key="a", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    s3.delete_object(Bucket=bucket, Key="a")
    assert len(inputs()) == 1


def test_other_notifications_are_named_as_left_out(emulator: Emulator, stacks: Stacks) -> None:
    made(stacks, NotificationConfiguration={"TopicConfigurations": []})
    note = "TopicConfigurations of a bucket's NotificationConfiguration is not emulated"
    assert note in emulator.notes()
