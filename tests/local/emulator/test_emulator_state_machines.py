"""State machines: ``createProcessingJob.sync``, roles of tasks, errors and definitions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    finished_job,
    keys,
    make_function,
    make_role,
    prepare_job,
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


PERMISSIONS = (
    "sagemaker:CreateProcessingJob",
    "sagemaker:DescribeProcessingJob",
    "sagemaker:AddTags",
    "iam:PassRole",
)


@pytest.mark.parametrize("action", PERMISSIONS)
def test_each_right_of_the_state_machine_is_needed(emulator: Emulator, action: str) -> None:
    _, request = prepare_job(emulator, {})
    rest = [s for s in workflow_statements() if s["Action"] != action]
    assert len(rest) == len(workflow_statements()) - 1
    emulator.enforce_iam()

    execution = run(emulator, machine(emulator, {"Job": job_state(request)}, rest))

    assert execution["status"] == "FAILED"
    assert execution["error"] == "SageMaker.AmazonSageMakerException"
    assert f"is not authorized to perform: {action} on resource: arn:aws:" in execution["cause"]
    assert "Error Code: AccessDeniedException; Request ID: " in execution["cause"]
    assert "Request ID: None" not in execution["cause"]


def test_passing_the_role_to_another_service_is_not_enough(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    statements = [s for s in workflow_statements() if s["Action"] != "iam:PassRole"]
    elsewhere = allow("iam:PassRole", StringEquals={"iam:PassedToService": "lambda.amazonaws.com"})
    emulator.enforce_iam()

    arn = machine(emulator, {"Job": job_state(request)}, [*statements, elsewhere])

    assert "perform: iam:PassRole on" in run(emulator, arn)["cause"]


@pytest.mark.parametrize("action", ["events:PutTargets", "events:PutRule", "events:DescribeRule"])
def test_the_role_must_own_the_managed_rule(emulator: Emulator, action: str) -> None:
    _, request = prepare_job(emulator, {})
    statements = workflow_statements()
    statements[-1]["Action"].remove(action)
    states = {"Job": job_state(request)}
    made_before = machine(emulator, states, statements)
    emulator.enforce_iam()

    with pytest.raises(ClientError, match="is not authorized to create managed-rule") as caught:
        machine(emulator, states, statements)

    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert "is not authorized to create managed-rule" in run(emulator, made_before)["cause"]


def test_a_lambda_task_runs_with_the_state_machines_role(emulator: Emulator) -> None:
    name = make_function(
        emulator, "def handler(event, context):\n    return {'twice': event['n'] * 2}\n"
    )
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": name, "Payload": {"n.$": "$.n"}},
        "ResultSelector": {"twice.$": "$.Payload.twice"},
        "End": True,
    }
    function = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    emulator.enforce_iam()

    allowed = machine(emulator, {"F": state}, [allow("lambda:InvokeFunction", function)])
    denied = machine(emulator, {"F": state}, [allow("lambda:InvokeFunction", function + "-other")])

    assert json.loads(run(emulator, allowed, {"n": 21})["output"]) == {"twice": 42}
    refused = run(emulator, denied, {"n": 21})
    assert refused["error"] == "Lambda.AccessDeniedException"
    assert "lambda:InvokeFunction" in refused["cause"]


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


def test_publishing_needs_the_topic(emulator: Emulator) -> None:
    topic = emulator.session().client("sns").create_topic(Name=unique("topic"))["TopicArn"]
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn": topic, "Message": "hello"},
        "End": True,
    }
    emulator.enforce_iam()

    allowed = run(emulator, machine(emulator, {"P": state}, [allow("sns:Publish", topic)]))
    denied = run(emulator, machine(emulator, {"P": state}, [allow("sns:Publish", topic + "x")]))

    assert allowed["status"] == "SUCCEEDED"
    assert denied["error"] == "SNS.AuthorizationErrorException"
    assert "sns:Publish" in denied["cause"]


def test_a_role_that_step_functions_may_not_take_on_fails_the_task(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    states = emulator.session().client("stepfunctions")
    arn = states.create_state_machine(
        name=unique("machine"),
        roleArn=make_role(emulator, "lambda", workflow_statements()),
        definition=json.dumps({"StartAt": "J", "States": {"J": job_state(request)}}),
    )["stateMachineArn"]

    execution = run(emulator, arn)

    assert execution["status"] == "FAILED"
    assert "states.amazonaws.com may not assume" in execution["cause"]


@pytest.mark.parametrize(("pattern", "status"), [("*", "SUCCEEDED"), ("other-*", "FAILED")])
def test_a_role_can_be_limited_to_some_state_machines(
    emulator: Emulator, pattern: str, status: str
) -> None:
    _, request = prepare_job(emulator, {})
    source = f"arn:aws:states:us-east-1:123456789012:stateMachine:{pattern}"
    role = make_role(emulator, "states", workflow_statements(), ArnLike={"aws:SourceArn": source})
    states = emulator.session().client("stepfunctions")
    arn = states.create_state_machine(
        name=unique("machine"),
        roleArn=role,
        definition=json.dumps({"StartAt": "J", "States": {"J": job_state(request)}}),
    )["stateMachineArn"]

    assert run(emulator, arn)["status"] == status


def test_logging_needs_the_rights_of_log_delivery(emulator: Emulator) -> None:
    session = emulator.session()
    group = unique("/aws/vendedlogs/states/x")
    session.client("logs").create_log_group(logGroupName=group)
    arn = session.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"][0][
        "arn"
    ]

    def create(role: str) -> None:
        session.client("stepfunctions").create_state_machine(
            name=unique("machine"),
            roleArn=role,
            definition=json.dumps({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}),
            loggingConfiguration={
                "level": "ALL",
                "includeExecutionData": False,
                "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": arn}}],
            },
        )

    without, with_rights = (
        make_role(emulator, "states", [allow("logs:Get*")]),
        make_role(emulator, "states", [allow("logs:*")]),
    )
    emulator.enforce_iam()

    create(with_rights)
    with pytest.raises(ClientError, match="not authorized to access the Log Destination"):
        create(without)


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
