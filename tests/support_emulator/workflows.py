"""Makes state machines and runs them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    make_role,
    unique,
    wait_until,
)

SYNC = "arn:aws:states:::sagemaker:createProcessingJob.sync"


RULE = (
    "arn:aws:events:us-east-1:123456789012:rule/"
    "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
)


def workflow_statements() -> list[dict[str, Any]]:
    jobs = "arn:aws:sagemaker:us-east-1:123456789012:processing-job/*"
    return [
        allow("sagemaker:CreateProcessingJob", jobs),
        allow("sagemaker:DescribeProcessingJob", jobs),
        allow("sagemaker:StopProcessingJob", jobs),
        allow("sagemaker:AddTags", jobs),
        allow(
            "iam:PassRole",
            "arn:aws:iam::123456789012:role/*",
            StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"},
        ),
        allow(["events:PutTargets", "events:PutRule", "events:DescribeRule"], RULE),
    ]


def machine(
    emulator: Emulator, states: Mapping[str, Any], statements: Iterable[Any] | None = None
) -> str:
    given = workflow_statements() if statements is None else statements
    created = (
        emulator.session()
        .client("stepfunctions")
        .create_state_machine(
            name=unique("machine"),
            roleArn=make_role(emulator, "states", list(given)),
            definition=json.dumps({"StartAt": next(iter(states)), "States": states}),
        )
    )
    return str(created["stateMachineArn"])


def start(emulator: Emulator, machine_arn: str, execution_input: Any = None) -> str:
    started = (
        emulator.session()
        .client("stepfunctions")
        .start_execution(
            stateMachineArn=machine_arn,
            name=unique("execution"),
            input=json.dumps(execution_input or {}),
        )
    )
    return str(started["executionArn"])


def ended(emulator: Emulator, execution: str) -> dict[str, Any]:
    states = emulator.session().client("stepfunctions")

    def check() -> dict[str, Any] | None:
        described: dict[str, Any] = states.describe_execution(executionArn=execution)
        return described if described["status"] != "RUNNING" else None

    result: dict[str, Any] = wait_until(check)
    return result


def run(emulator: Emulator, machine_arn: str, execution_input: Any = None) -> dict[str, Any]:
    return ended(emulator, start(emulator, machine_arn, execution_input))


def job_state(request: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": SYNC, "Parameters": request, "End": True, **more}
