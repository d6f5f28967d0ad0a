"""EventBridge hears of processing jobs, and its rules start state machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_local.emulator.client import Emulator
from clarify_local.emulator.events import target_input
from support_emulator.account import (
    allow,
    finished_job,
    make_role,
    prepare_job,
    run_job,
    set_policy,
    unique,
    wait_until,
)
from support_emulator.workflows import machine, run

ENDED = ["Completed", "Failed", "Stopped"]


def make_rule(
    emulator: Emulator, job: str, statuses: list[str], **target: Any
) -> tuple[str, str, str]:
    """Make a rule for one job that starts a state machine; its name, the machine and the role."""
    events, name = emulator.session().client("events"), unique("rule")
    arn = machine(emulator, {"Take": {"Type": "Pass", "End": True}}, [])
    role = make_role(emulator, "events", [allow("states:StartExecution", arn)])
    detail = {"ProcessingJobName": [{"prefix": job}], "ProcessingJobStatus": statuses}
    pattern = {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Processing Job State Change"],
        "detail": detail,
    }
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, "RoleArn": role, **target}])
    return name, arn, role


def inputs(emulator: Emulator, machine_arn: str) -> list[Any]:
    states = emulator.session().client("stepfunctions")
    return [
        json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"])
        for execution in states.list_executions(stateMachineArn=machine_arn)["executions"]
    ]


def test_the_end_of_a_job_starts_a_state_machine_with_the_event(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {}, Environment={"STAGE": "test"})
    _, arn, _ = make_rule(emulator, request["ProcessingJobName"], ENDED)
    emulator.enforce_iam()

    job = run_job(emulator, request)

    (event,) = inputs(emulator, arn)  # it was sent before the job was seen to end
    assert (event["source"], event["account"]) == ("aws.sagemaker", emulator.account)
    assert event["detail-type"] == "SageMaker Processing Job State Change"
    assert event["resources"] == [job["ProcessingJobArn"]]
    assert event["detail"]["ProcessingJobStatus"] == "Completed"
    assert event["detail"]["Environment"] == {"STAGE": "test"}
    assert event["detail"]["RoleArn"] == request["RoleArn"]


def test_a_template_makes_the_input(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"exit": 1})
    transformer = {
        "InputPathsMap": {"job": "$.detail.ProcessingJobName"},
        "InputTemplate": '{"job_name":<job>}',
    }
    name = request["ProcessingJobName"]
    _, arn, _ = make_rule(emulator, name, ["Failed"], InputTransformer=transformer)

    run_job(emulator, request)

    assert inputs(emulator, arn) == [{"job_name": name}]


def test_a_stopped_job_is_told_at_each_step_and_to_the_rules_that_ask(
    emulator: Emulator, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    _, request = prepare_job(emulator, {"started": str(started), "sleep": 60})
    name = request["ProcessingJobName"]
    paths = {"status": "$.detail.ProcessingJobStatus"}
    target = {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": '{"is":<status>}'}}
    _, every, _ = make_rule(emulator, name, ["InProgress", "Stopping", *ENDED], **target)
    _, other, _ = make_rule(emulator, f"{name}-other", ENDED)
    sagemaker = emulator.session().client("sagemaker")
    sagemaker.create_processing_job(**request)
    wait_until(started.exists)

    sagemaker.stop_processing_job(ProcessingJobName=name)
    finished_job(emulator, name)

    said = {given["is"] for given in inputs(emulator, every)}
    assert said == {"InProgress", "Stopping", "Stopped"}
    assert inputs(emulator, other) == []


def test_a_rule_whose_role_may_not_start_its_target_says_so(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    rule, arn, role = make_rule(emulator, request["ProcessingJobName"], ENDED)
    set_policy(emulator, role, [allow("states:StartExecution", f"{arn}-other")])
    emulator.enforce_iam()

    run_job(emulator, request)

    assert inputs(emulator, arn) == []
    (note,) = [note for note in emulator.notes() if rule in note]
    assert "is not authorized to perform: states:StartExecution" in note


def test_a_disabled_rule_hears_nothing(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    rule, arn, _ = make_rule(emulator, request["ProcessingJobName"], ENDED)
    emulator.session().client("events").disable_rule(Name=rule)

    run_job(emulator, request)

    assert inputs(emulator, arn) == []


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"a":<text>}', {"a": 'x"y'}),
        ('{"a":<number>,"b":<list>}', {"a": 3, "b": [1]}),
        ('{"a":"job <number> of <number>"}', {"a": "job 3 of 3"}),
        ('{"a":{"<number>":<whole>}}', {"a": {"3": {"text": 'x"y', "number": 3, "list": [1]}}}),
    ],
)
def test_names_in_a_template_stand_for_values(template: str, expected: Any) -> None:
    event = {"detail": {"text": 'x"y', "number": 3, "list": [1]}}
    paths = {name: f"$.detail.{name}" for name in ("text", "number", "list")}
    transformer = {"InputPathsMap": {**paths, "whole": "$.detail"}, "InputTemplate": template}
    assert json.loads(target_input({"InputTransformer": transformer}, event)) == expected


@pytest.mark.parametrize(("path", "part"), [("$.detail", {"a": 1}), ("$.detail.a", 1)])
def test_a_target_may_get_a_part_of_the_event(path: str, part: Any) -> None:
    event = {"detail": {"a": 1}, "id": "x"}
    assert json.loads(target_input({"InputPath": path}, event)) == part


def test_a_target_may_ask_for_the_whole_event_by_its_path() -> None:
    event = {"detail": {"a": 1}, "id": "x"}
    assert json.loads(target_input({"InputPath": "$"}, event)) == event


def test_a_target_may_have_a_text_of_its_own() -> None:
    assert target_input({"Input": '{"a": 1}'}, {"detail": {}}) == '{"a": 1}'


def test_an_sdk_task_gives_times_as_texts_and_names_errors_as_aws_does(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    run_job(emulator, request)
    emulator.enforce_iam()
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sagemaker:describeProcessingJob",
        "Parameters": {"ProcessingJobName": request["ProcessingJobName"]},
        "End": True,
    }
    right = allow("sagemaker:DescribeProcessingJob")

    described = run(emulator, machine(emulator, {"Describe": task}, [right]))
    denied = run(emulator, machine(emulator, {"Describe": task}, [allow("sagemaker:ListModels")]))

    output = json.loads(described["output"])
    assert output["ProcessingJobStatus"] == "Completed"
    assert output["CreationTime"].endswith("Z")
    assert denied["error"] == "SageMaker.SageMakerException"
    assert "is not authorized to perform: sagemaker:DescribeProcessingJob" in denied["cause"]
