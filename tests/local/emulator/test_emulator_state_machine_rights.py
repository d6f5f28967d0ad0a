"""State machines: what their roles need, for their tasks and for themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    finished_job,
    make_function,
    make_role,
    prepare_job,
    unique,
    wait_until,
)
from support_emulator.workflows import (
    ended,
    job_state,
    machine,
    run,
    start,
    workflow_statements,
)


def test_without_the_right_to_stop_jobs_an_aborted_execution_leaves_its_job_running(
    emulator: Emulator, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    _, request = prepare_job(emulator, {"started": str(started), "sleep": 600})
    rest = [s for s in workflow_statements() if s["Action"] != "sagemaker:StopProcessingJob"]
    emulator.enforce_iam()
    execution = start(emulator, machine(emulator, {"Job": job_state(request)}, rest))
    wait_until(started.exists)
    session, name = emulator.session(), request["ProcessingJobName"]

    session.client("stepfunctions").stop_execution(executionArn=execution)

    assert ended(emulator, execution)["status"] == "ABORTED"
    sagemaker = session.client("sagemaker")
    job = sagemaker.describe_processing_job(ProcessingJobName=name)
    assert job["ProcessingJobStatus"] == "InProgress"
    wait_until(lambda: any("job was not stopped" in note for note in emulator.notes()))
    sagemaker.stop_processing_job(ProcessingJobName=name)
    assert finished_job(emulator, name)["ProcessingJobStatus"] == "Stopped"


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
