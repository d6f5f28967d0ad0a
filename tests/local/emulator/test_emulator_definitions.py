"""Definitions of state machines: what AWS refuses is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    make_role,
    unique,
)
from support_emulator.workflows import (
    SYNC,
    ended,
    job_state,
    machine,
    start,
)


@pytest.mark.parametrize(
    ("states", "problem"),
    [
        (
            {"A": {"Type": "Pass", "Next": "Nowhere"}},
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere at /States/A",
        ),
        (
            {
                "A": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "B"}],
                    "Default": "Lost",
                },
                "B": {"Type": "Succeed"},
            },
            "Missing 'Next' target: Lost at /States/A",
        ),
        (
            {"A": job_state({"ProcessingJobName": "a", "Roles": []})},
            "The field 'Roles' is not supported by Step Functions at /States/A/Parameters",
        ),
        (
            {"A": job_state({"ProcessingResources": {"ClusterConfig": {"Count.$": "$.n"}}})},
            "The field 'Count' is not supported by Step Functions at"
            " /States/A/Parameters/ProcessingResources/ClusterConfig",
        ),
        (
            {"A": job_state({}, Resource=SYNC.replace(".sync", ".waitForTaskToken"))},
            "is not supported at /States/A/Resource",
        ),
    ],
)
def test_definitions_that_aws_refuses_are_refused(
    emulator: Emulator, states: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ClientError) as caught:
        machine(emulator, states)

    assert caught.value.response["Error"]["Code"] == "InvalidDefinition"
    assert problem in caught.value.response["Error"]["Message"]


def test_an_express_machine_keeps_its_type(emulator: Emulator) -> None:
    states = emulator.session().client("stepfunctions")
    arn = states.create_state_machine(
        name=unique("machine"),
        type="EXPRESS",
        roleArn=make_role(emulator, "states"),
        definition=json.dumps({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}),
        tracingConfiguration={"enabled": True},
    )["stateMachineArn"]

    described = states.describe_state_machine(stateMachineArn=arn)

    assert (described["type"], described["tracingConfiguration"]) == ("EXPRESS", {"enabled": True})


def test_what_was_refused_is_refused_again(emulator: Emulator) -> None:
    for _ in range(2):
        with pytest.raises(ClientError, match='at "Ended"'):
            machine(emulator, {"A": {"Type": "Pass", "Result": 1, "Ended": True}})


def test_executions_of_one_definition_know_nothing_of_each_other(emulator: Emulator) -> None:
    """The definition is parsed once; what it is executed by is made for each."""
    states = {
        "Wait": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Give"},
        "Give": {"Type": "Pass", "Parameters": {"given.$": "$.seconds"}, "End": True},
    }
    machines = [machine(emulator, states), machine(emulator, states)]
    started = [
        start(emulator, arn, {"seconds": seconds}) for arn in machines for seconds in (2, 1, 0)
    ]
    outputs = [json.loads(ended(emulator, execution)["output"]) for execution in started]
    assert [output["given"] for output in outputs] == [2, 1, 0, 2, 1, 0]
