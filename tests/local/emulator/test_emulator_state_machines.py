"""State machines: ``createProcessingJob.sync``, tasks and errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    finished_job,
    keys,
    make_function,
    prepare_job,
    wait_until,
)
from support_emulator.workflows import (
    SYNC,
    ended,
    job_state,
    machine,
    run,
    start,
)


def test_the_task_waits_for_the_job_and_gives_its_description(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {"write": {"analysis.json": "{}"}, "sleep": 0.5})
    emulator.enforce_iam()

    execution = run(emulator, machine(emulator, {"Job": job_state(request)}))

    assert execution["status"] == "SUCCEEDED", execution
    output = json.loads(execution["output"])
    assert output["ProcessingJobStatus"] == "Completed"
    assert output["ProcessingJobName"] == request["ProcessingJobName"]
    assert output["ProcessingResources"] == request["ProcessingResources"]
    assert isinstance(output["CreationTime"], int)
    assert output["CreationTime"] <= output["ProcessingEndTime"]
    assert keys(emulator, bucket, "out/") == ["out/analysis.json"]


def test_the_job_gets_the_tag_of_step_functions_beside_its_own(emulator: Emulator) -> None:
    own = {"Key": "team", "Value": "risk"}
    _, request = prepare_job(emulator, {}, Tags=[own])

    output = json.loads(run(emulator, machine(emulator, {"J": job_state(request)}))["output"])

    sagemaker = emulator.session().client("sagemaker")
    tags = sagemaker.list_tags(ResourceArn=output["ProcessingJobArn"])["Tags"]
    assert tags == [own, {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}]


def test_a_failed_job_is_a_failed_task_with_the_description_as_cause(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"say": "no such facet", "exit": 1})

    execution = run(emulator, machine(emulator, {"Job": job_state(request)}))

    assert execution["status"] == "FAILED"
    assert execution["error"] == "States.TaskFailed"
    cause = json.loads(execution["cause"])
    assert cause["ProcessingJobStatus"] == "Failed"
    assert cause["FailureReason"] == "AlgorithmError: no such facet, exit code: 1"
    assert cause["ExitMessage"] == "no such facet"


def test_a_failure_can_be_caught(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"exit": 1})
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Seen"}]
    states = {"Job": job_state(request, Catch=catch), "Seen": {"Type": "Pass", "End": True}}

    execution = run(
        emulator,
        machine(emulator, states),
        {"kept": 1},
    )

    output = json.loads(execution["output"])
    assert output["kept"] == 1
    assert output["failure"]["Error"] == "States.TaskFailed"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ResourceLimitExceeded", "SageMaker.ResourceLimitExceededException"),
        ("ThrottlingException", "SageMaker.AmazonSageMakerException"),
    ],
)
def test_errors_of_the_api_have_the_names_of_step_functions_and_can_be_retried(
    emulator: Emulator, code: str, name: str
) -> None:
    _, request = prepare_job(emulator, {})
    retry = [{"ErrorEquals": [name], "IntervalSeconds": 1, "MaxAttempts": 1}]
    arn = machine(emulator, {"Job": job_state(request, Retry=retry)})

    emulator.refuse_next_jobs(code, "not now", 2)
    twice = run(emulator, arn)
    emulator.refuse_next_jobs(code, "not now", 1)
    once = run(emulator, arn)

    assert (twice["status"], twice["error"]) == ("FAILED", name)
    assert (
        f"not now (Service: AmazonSageMaker; Status Code: 400; Error Code: {code};"
        in (twice["cause"])
    )
    assert once["status"] == "SUCCEEDED"


def test_retries_and_waits_can_take_less_than_their_time(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    name = "SageMaker.ResourceLimitExceededException"
    retry = [{"ErrorEquals": [name], "IntervalSeconds": 600, "MaxAttempts": 2}]
    states = {
        "Wait": {"Type": "Wait", "Seconds": 600, "Next": "Job"},
        "Job": job_state(request, Retry=retry),
    }
    emulator.waiting_factor(0.001)
    emulator.refuse_next_jobs("ResourceLimitExceeded", "not now", 2)

    assert run(emulator, machine(emulator, states))["status"] == "SUCCEEDED"


def test_a_used_name_is_an_error_of_its_own(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    arn = machine(emulator, {"Job": job_state(request)})
    run(emulator, arn)

    assert run(emulator, arn)["error"] == "SageMaker.ResourceInUseException"


def test_stopping_the_execution_stops_the_job(emulator: Emulator, tmp_path: Path) -> None:
    started, cleaned = tmp_path / "started", tmp_path / "cleaned"
    _, request = prepare_job(
        emulator, {"started": str(started), "cleanup": str(cleaned), "sleep": 600}
    )
    execution = start(emulator, machine(emulator, {"Job": job_state(request)}))
    wait_until(started.exists)

    emulator.session().client("stepfunctions").stop_execution(executionArn=execution)

    assert finished_job(emulator, request["ProcessingJobName"])["ProcessingJobStatus"] == "Stopped"
    assert cleaned.exists()
    assert ended(emulator, execution)["status"] == "ABORTED"


def test_a_job_stopped_by_somebody_else_fails_the_task(emulator: Emulator, tmp_path: Path) -> None:
    started = tmp_path / "started"
    _, request = prepare_job(emulator, {"started": str(started), "sleep": 600})
    execution = start(emulator, machine(emulator, {"Job": job_state(request)}))
    wait_until(started.exists)

    emulator.session().client("sagemaker").stop_processing_job(
        ProcessingJobName=request["ProcessingJobName"]
    )

    result = ended(emulator, execution)
    assert result["error"] == "States.TaskFailed"
    assert json.loads(result["cause"])["ProcessingJobStatus"] == "Stopped"


def test_without_sync_the_task_does_not_wait(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"sleep": 1})
    state = job_state(request, Resource=SYNC.removesuffix(".sync"))

    output = json.loads(run(emulator, machine(emulator, {"Job": state}))["output"])

    assert output["ProcessingJobArn"].endswith(f"processing-job/{request['ProcessingJobName']}")
    sagemaker = emulator.session().client("sagemaker")
    assert sagemaker.list_tags(ResourceArn=output["ProcessingJobArn"])["Tags"] == []
    finished_job(emulator, request["ProcessingJobName"])


def test_an_exception_in_a_function_keeps_its_name_and_message(emulator: Emulator) -> None:
    name = make_function(
        emulator,
        "class RunRefused(Exception): pass\n\n"
        "def handler(event, context):\n    raise RunRefused('why')\n",
    )
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": name},
        "End": True,
    }

    execution = run(emulator, machine(emulator, {"F": state}, [allow("lambda:*")]))

    assert execution["error"] == "RunRefused"
    assert json.loads(execution["cause"])["errorMessage"] == "why"


def test_executions_without_a_name_are_different_ones(emulator: Emulator) -> None:
    arn = machine(emulator, {"Pass": {"Type": "Pass", "End": True}})
    states = emulator.session().client("stepfunctions")
    started = {states.start_execution(stateMachineArn=arn)["executionArn"] for _ in range(2)}
    assert len(started) == 2
    names = {e["name"] for e in states.list_executions(stateMachineArn=arn)["executions"]}
    assert len(names) == 2


def test_a_task_starts_an_execution_of_another_machine_with_its_role(emulator: Emulator) -> None:
    other = machine(emulator, {"Pass": {"Type": "Pass", "End": True}})
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution",
        "Parameters": {"StateMachineArn": other, "Input": {"job_name.$": "$.job"}},
        "End": True,
    }
    right = allow("states:StartExecution", other)
    emulator.enforce_iam()

    started = run(emulator, machine(emulator, {"Start": task}, [right]), {"job": "one"})
    denied = run(
        emulator, machine(emulator, {"Start": task}, [allow("states:ListTags")]), {"job": "two"}
    )

    assert started["status"] == "SUCCEEDED", started
    execution = ended(emulator, json.loads(started["output"])["ExecutionArn"])
    assert json.loads(execution["input"]) == {"job_name": "one"}
    assert denied["status"] == "FAILED"
