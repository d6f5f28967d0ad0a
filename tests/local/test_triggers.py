"""A new object starts exactly one run on it, and a run's own results start none."""

from __future__ import annotations

import json

import pytest
from boto3.s3.transfer import TransferConfig

from clarify_local.deploy import DeployedStack
from support_local.governed import executions, physical
from support_local.stage import Stage

MACHINE = "AWS::StepFunctions::StateMachine"


@pytest.fixture(scope="module")
def arrivals(governed: dict[str, DeployedStack]) -> DeployedStack:
    return governed["Arrivals"]


def test_each_new_object_with_content_starts_one_run_on_it(
    stage: Stage, arrivals: DeployedStack
) -> None:
    assert stage.inputs.data is not None
    s3 = stage.aws.client("s3")
    bucket = physical(arrivals, "AWS::S3::Bucket", "Data")
    content = stage.inputs.data.read_bytes()

    s3.put_object(Bucket=bucket, Key="dataset/arrived/", Body=b"")  # a folder, as consoles make it
    s3.put_object(Bucket=bucket, Key="dataset/other/a.csv", Body=content)
    s3.put_object(Bucket=bucket, Key="dataset/arrived/a day.csv", Body=content)
    source = {"Bucket": bucket, "Key": "dataset/other/a.csv"}
    s3.copy_object(Bucket=bucket, Key="dataset/arrived/copied.csv", CopySource=source)
    parts = TransferConfig(multipart_threshold=1, multipart_chunksize=5 * 1024 * 1024)
    s3.upload_file(str(stage.inputs.data), bucket, "dataset/arrived/in-parts.csv", Config=parts)

    ended = executions(stage, physical(arrivals, MACHINE))
    assert {execution["status"] for execution in ended} == {"SUCCEEDED"}
    given = sorted(execution["input"] for execution in ended)
    assert [json.loads(text) for text in given] == [
        {"dataset_uri": f"s3://{bucket}/dataset/arrived/{name}"}
        for name in ("a day.csv", "copied.csv", "in-parts.csv")
    ]
    outputs = [json.loads(execution["output"]) for execution in ended]
    assert {output["dataset_uri"] for output in outputs} == {
        json.loads(text)["dataset_uri"] for text in given
    }
    # Verdicts were written into the same bucket, and have started nothing.
    for output in outputs:
        key = output["check"]["verdict_uri"].removeprefix(f"s3://{bucket}/")
        assert s3.get_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_a_rule_that_may_not_start_the_pipeline_starts_nothing(
    stage: Stage, arrivals: DeployedStack
) -> None:
    iam = stage.aws.client("iam")
    role = physical(arrivals, "AWS::IAM::Role", "PipelineArrivedRuleRole")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    states, machine = stage.aws.client("stepfunctions"), physical(arrivals, MACHINE)
    before = states.list_executions(stateMachineArn=machine)["executions"]
    nothing = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
    }
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(nothing))
    try:
        stage.aws.client("s3").put_object(
            Bucket=physical(arrivals, "AWS::S3::Bucket", "Data"),
            Key="dataset/arrived/denied.csv",
            Body=b"1,2",
        )
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
    assert states.list_executions(stateMachineArn=machine)["executions"] == before
    assert any("states:StartExecution" in note for note in stage.emulator.notes())


def test_a_schedule_is_left_out_and_named(stage: Stage, arrivals: DeployedStack) -> None:
    """What it starts, and when, is asserted of the template: `tests/constructs`."""
    assert "Scheduler" not in "".join(resource.type for resource in arrivals.resources)
    assert "resource type AWS::Scheduler::Schedule is not emulated" in stage.emulator.notes()
