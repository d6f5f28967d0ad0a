"""Executions that wait for others, histories read backwards, and what EventBridge hears of ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import allow, make_function, make_role, unique, wait_until
from support_emulator.workflows import ended, machine, run, start

RULE = (
    "arn:aws:events:us-east-1:123456789012:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
)
OWNS_RULE = allow(["events:PutTargets", "events:PutRule", "events:DescribeRule"], RULE)
PASS = {"Pass": {"Type": "Pass", "Result": {"aB": {"c": [1]}}, "End": True}}
FAIL = {"Fail": {"Type": "Fail", "Error": "Mine", "Cause": "because"}}
WAIT = {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}


def waiting(other: str, pattern: str = "sync:2", **more: Any) -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::states:startExecution.{pattern}",
        "Parameters": {"StateMachineArn": other, "Input": {"x": 1}, "Name.$": "$$.Execution.Name"},
        "End": True,
    }
    return {"Run": task | more}


def rights(other: str) -> list[dict[str, Any]]:
    executions = other.replace(":stateMachine:", ":execution:") + ":*"
    return [
        allow("states:StartExecution", other),
        allow(["states:DescribeExecution", "states:StopExecution"], executions),
        OWNS_RULE,
    ]


@pytest.mark.parametrize("pattern", ["sync", "sync:2"])
def test_the_other_executions_description_is_the_output(emulator: Emulator, pattern: str) -> None:
    other = machine(emulator, PASS, [])
    emulator.enforce_iam()
    done = run(emulator, machine(emulator, waiting(other, pattern), rights(other)))
    assert done["status"] == "SUCCEEDED", done
    described = json.loads(done["output"])
    assert described["Status"] == "SUCCEEDED"
    assert described["ExecutionArn"].endswith(":" + done["name"])
    # With `.sync` it is the text of the JSON that `.sync:2` gives.
    output = described["Output"] if pattern == "sync:2" else json.loads(described["Output"])
    assert output == {"aB": {"c": [1]}}


def test_a_failure_of_the_other_is_the_cause(emulator: Emulator) -> None:
    other = machine(emulator, FAIL, [])
    done = run(emulator, machine(emulator, waiting(other), rights(other)))
    assert (done["status"], done["error"]) == ("FAILED", "States.TaskFailed")
    described = json.loads(done["cause"])
    assert (described["Status"], described["Error"]) == ("FAILED", "Mine")
    assert (described["Cause"], described["Input"]) == ("because", {"x": 1})


def test_aborting_the_one_that_waits_stops_the_other(emulator: Emulator) -> None:
    other = machine(emulator, WAIT, [])
    states = emulator.session().client("stepfunctions")
    execution = start(emulator, machine(emulator, waiting(other), rights(other)))
    listed = wait_until(lambda: states.list_executions(stateMachineArn=other)["executions"])
    states.stop_execution(executionArn=execution)
    assert ended(emulator, execution)["status"] == "ABORTED"
    assert ended(emulator, listed[0]["executionArn"])["status"] == "ABORTED"


def test_what_fails_in_an_aborted_execution_does_not_make_it_a_failure(emulator: Emulator) -> None:
    states = emulator.session().client("stepfunctions")
    slow = make_function(
        emulator,
        "import time\ndef handler(event, context):\n    time.sleep(2)\n    raise ValueError",
    )
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": slow},
        "End": True,
    }
    caller = machine(emulator, {"Call": task}, [allow("lambda:InvokeFunction")])
    execution = start(emulator, caller)
    wait_until(lambda: "TaskStarted" in str(states.get_execution_history(executionArn=execution)))
    states.stop_execution(executionArn=execution)
    assert ended(emulator, execution)["status"] == "ABORTED"


def test_waiting_needs_the_right_to_own_a_rule(emulator: Emulator) -> None:
    other = machine(emulator, PASS, [])
    emulator.enforce_iam()
    less = [statement for statement in rights(other) if statement is not OWNS_RULE]
    with pytest.raises(ClientError, match="not authorized to create managed-rule"):
        machine(emulator, waiting(other), less)


def test_a_history_is_read_backwards_by_a_task(emulator: Emulator) -> None:
    other = machine(emulator, FAIL, [])
    failed = run(emulator, other, {"x": 1})
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:getExecutionHistory",
        "Parameters": {
            "ExecutionArn": failed["executionArn"],
            "MaxResults": 2,
            "ReverseOrder": True,
        },
        "End": True,
    }
    right = allow("states:GetExecutionHistory", failed["executionArn"])
    emulator.enforce_iam()

    read = run(emulator, machine(emulator, {"Read": task}, [right]))
    denied = run(emulator, machine(emulator, {"Read": task}, [allow("states:ListTags")]))

    end, before = json.loads(read["output"])["Events"]
    assert end["ExecutionFailedEventDetails"] == {"Error": "Mine", "Cause": "because"}
    assert before["Type"] == "FailStateEntered"
    assert json.loads(before["StateEnteredEventDetails"]["Input"]) == {"x": 1}
    assert "states:GetExecutionHistory" in denied["cause"]


@pytest.mark.parametrize(
    ("states", "status"), [(PASS, "SUCCEEDED"), (FAIL, "FAILED"), (WAIT, "ABORTED")]
)
def test_eventbridge_hears_how_an_execution_ends(
    emulator: Emulator, states: dict[str, Any], status: str
) -> None:
    client, events = emulator.session().client("stepfunctions"), emulator.session().client("events")
    watched, taker = machine(emulator, states, []), machine(emulator, PASS, [])
    name = unique("rule")
    role = make_role(emulator, "events", [allow("states:StartExecution", taker)])
    pattern = {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"stateMachineArn": [watched], "status": [status]},
    }
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": taker, "RoleArn": role, "InputPath": "$.detail"}
    events.put_targets(Rule=name, Targets=[target])

    execution = start(emulator, watched, {"x": 1})
    if status == "ABORTED":
        client.stop_execution(executionArn=execution)
    ended(emulator, execution)

    (started,) = wait_until(lambda: client.list_executions(stateMachineArn=taker)["executions"])
    described = client.describe_execution(executionArn=started["executionArn"])
    detail = json.loads(described["input"])
    assert (detail["executionArn"], detail["status"]) == (execution, status)
    assert json.loads(detail["input"]) == {"x": 1}
    assert detail["error"] == ("Mine" if status == "FAILED" else None)
