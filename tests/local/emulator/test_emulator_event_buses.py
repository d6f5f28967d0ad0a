"""Events that are put onto a bus reach the targets of its rules."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import allow, make_role, unique
from support_emulator.stacks import Stacks
from support_emulator.workflows import machine, run

ENTRY = {"Source": "us", "DetailType": "Said", "Detail": '{"word": "yes"}'}


def put(emulator: Emulator, bus: str, **more: Any) -> None:
    entry = {**ENTRY, "EventBusName": bus, **more}
    answer = emulator.session().client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0


def bus_with_machine(emulator: Emulator, bus: str) -> str:
    """Let a state machine hear of every `yes` on a bus."""
    events = emulator.session().client("events")
    arn = machine(emulator, {"Take": {"Type": "Pass", "End": True}}, [])
    role = make_role(emulator, "events", [allow("states:StartExecution", arn)])
    rule = unique("rule")
    pattern = {"source": ["us"], "detail": {"word": ["yes"]}}
    events.put_rule(Name=rule, EventBusName=bus, EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": arn, "RoleArn": role}
    events.put_targets(Rule=rule, EventBusName=bus, Targets=[target])
    return arn


def inputs(emulator: Emulator, machine_arn: str) -> list[Any]:
    states = emulator.session().client("stepfunctions")
    return [
        json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"])
        for execution in states.list_executions(stateMachineArn=machine_arn)["executions"]
    ]


def test_an_event_starts_the_state_machine_of_a_rule_on_its_bus(emulator: Emulator) -> None:
    events = emulator.session().client("events")
    events.create_event_bus(Name=(bus := unique("bus")))
    heard, other = bus_with_machine(emulator, bus), bus_with_machine(emulator, "default")
    emulator.enforce_iam()

    put(emulator, bus)
    put(emulator, bus, Detail='{"word": "no"}')

    (event,) = inputs(emulator, heard)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event.pop("time"))
    assert len(event.pop("id")) == 36
    assert event == {
        "version": "0",
        "source": "us",
        "detail-type": "Said",
        "account": emulator.account,
        "region": "us-east-1",
        "resources": [],
        "detail": {"word": "yes"},
    }
    assert inputs(emulator, other) == []


def test_two_queues_and_a_machine_of_one_rule_all_hear_it(emulator: Emulator) -> None:
    session = emulator.session()
    events, sqs = session.client("events"), session.client("sqs")
    events.create_event_bus(Name=(bus := unique("bus")))
    arn = bus_with_machine(emulator, bus)
    (rule,) = events.list_rules(EventBusName=bus)["Rules"]
    queues = [sqs.create_queue(QueueName=unique("queue"))["QueueUrl"] for _ in range(2)]
    targets = [
        {"Id": name, "Arn": f"arn:aws:sqs:us-east-1:{emulator.account}:{name}"}
        for name in (url.rsplit("/", 1)[-1] for url in queues)
    ]
    events.put_targets(Rule=rule["Name"], EventBusName=bus, Targets=targets)

    put(emulator, bus)
    events.disable_rule(Name=rule["Name"], EventBusName=bus)
    put(emulator, bus)

    assert len(inputs(emulator, arn)) == 1
    for url in queues:
        (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        assert json.loads(message["Body"])["detail"] == {"word": "yes"}


def test_the_bus_of_a_stack_has_a_name_and_the_right_to_it_is_asked_for(stacks: Stacks) -> None:
    name, emulator = unique("bus"), stacks.emulator
    template = {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}}}
    outputs = {"Ref": {"Value": {"Ref": "Bus"}}, "Arn": {"Value": {"Fn::GetAtt": ["Bus", "Arn"]}}}
    made = stacks.outputs(stacks.deploy(unique("stack"), template, Outputs=outputs))
    assert made["Ref"] == name
    arn = bus_with_machine(emulator, name)
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::events:putEvents",
        "Parameters": {"Entries": [{**ENTRY, "EventBusName": made["Arn"]}]},
        "End": True,
    }
    emulator.enforce_iam()

    right, wrong = (allow("events:PutEvents", made["Arn"] + end) for end in ("", "x"))
    denied = run(emulator, machine(emulator, {"P": task}, [wrong]))
    allowed = run(emulator, machine(emulator, {"P": task}, [right]))

    assert "events:PutEvents" in denied["cause"]
    assert allowed["status"] == "SUCCEEDED"
    (event,) = inputs(emulator, arn)
    assert event["resources"][1] == allowed["executionArn"]


def test_a_bus_that_is_not_there_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        put(emulator, "nowhere")
