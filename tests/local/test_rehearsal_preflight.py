"""Each mistake that preflight proves stops a run before its job is created."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from clarify_lambda.prepare import preflight
from clarify_local.deployed import Pipeline
from clarify_local.outcome import Outcome
from clarify_local.seeding import split_uri
from support_local.mistakes import BAD_DOCUMENT_DATA, BAD_HEADERS_DATA, BAD_LINES_DATA, ONE_ZONE
from support_local.stage import MODEL_NAME, Stage

BY_STACK = {
    "BadHeaders": BAD_HEADERS_DATA,
    "BadLines": BAD_LINES_DATA,
    "BadDocument": BAD_DOCUMENT_DATA,
}
CASES = [
    pytest.param(stack, body, id_, id=f"{stack}: {name}")
    for stack, data in BY_STACK.items()
    for name, (body, id_) in data.items()
]
SEEN = {
    *("X16", "X17", "X19"),
    *("predictor-missing", "endpoint-not-in-service", "model-one-zone"),
} | {id_ for data in BY_STACK.values() for _, id_ in data.values()}


@pytest.fixture(scope="module")
def pipelines(stage: Stage) -> dict[str, Pipeline]:
    return {name: stage.deploy(name) for name in BY_STACK}


@pytest.fixture(autouse=True)
def _no_job(stage: Stage) -> Iterator[None]:
    sagemaker = stage.aws.client("sagemaker")
    before = sagemaker.list_processing_jobs()["ProcessingJobSummaries"]
    yield
    assert sagemaker.list_processing_jobs()["ProcessingJobSummaries"] == before


def put(stage: Stage, pipeline: Pipeline, body: bytes | None) -> None:
    assert pipeline.dataset_uri is not None
    bucket, prefix = split_uri(pipeline.dataset_uri)
    s3 = stage.aws.client("s3")
    if body is None:
        s3.delete_object(Bucket=bucket, Key=f"{prefix}data")
    else:
        s3.put_object(Bucket=bucket, Key=f"{prefix}data", Body=body)


def refused(outcome: Outcome) -> list[str]:
    """Return the ids of the findings that stopped a run in its first step."""
    assert outcome.verdict == "failed"
    assert outcome.execution.error == "ClarifyPreparationFailed"
    assert "RunClarifyJob" not in [step.name for step in outcome.execution.steps]
    # The state machine's reason may be cut; the function's own words are whole.
    error, _, cause = outcome.execution.steps[0].detail.partition(": ")
    assert error == "RunRefused"
    message: str = json.loads(cause)["errorMessage"]
    return [line[1 : line.index("]")] for line in message.splitlines()]


@pytest.mark.parametrize(("stack", "body", "id_"), CASES)
def test_data_with_a_mistake_is_refused(
    stage: Stage, pipelines: dict[str, Pipeline], stack: str, body: bytes | None, id_: str
) -> None:
    put(stage, pipelines[stack], body)
    assert refused(stage.run(pipelines[stack])) == [id_]


def test_columns_that_are_not_there_are_refused_all_at_once(stage: Stage) -> None:
    bad = stage.deploy("BadColumns")
    stage.seed(bad)
    outcome = stage.run(bad)
    assert refused(outcome) == [*["X16"] * 5, "X17", "X19", "predictor-missing"]
    assert '$.facet[0].name_or_index: got "gender"' in outcome.reason
    assert "Unable to locate the facet" in outcome.reason


def test_an_endpoint_that_is_not_in_service_yet_is_refused(stage: Stage) -> None:
    bad, sagemaker = stage.deploy("BadColumns"), stage.aws.client("sagemaker")
    stage.seed(bad)
    variant = {"VariantName": "all", "ModelName": MODEL_NAME, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(
        EndpointConfigName="nobody", ProductionVariants=[variant | {"InitialInstanceCount": 1}]
    )
    stage.emulator.creating_seconds(8)
    try:
        sagemaker.create_endpoint(EndpointName="nobody", EndpointConfigName="nobody")
        assert refused(stage.run(bad))[-1] == "endpoint-not-in-service"
    finally:
        stage.emulator.creating_seconds(0.5)
        sagemaker.get_waiter("endpoint_in_service").wait(
            EndpointName="nobody", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        sagemaker.delete_endpoint(EndpointName="nobody")


def test_a_model_that_is_missing_or_can_have_one_zone_only_is_refused(stage: Stage) -> None:
    pipeline, sagemaker = stage.deploy("OneZone"), stage.aws.client("sagemaker")
    stage.seed(pipeline)
    assert refused(stage.run(pipeline)) == ["predictor-missing"]
    model = sagemaker.describe_model(ModelName=MODEL_NAME)
    sagemaker.create_model(
        ModelName=ONE_ZONE,
        ExecutionRoleArn=model["ExecutionRoleArn"],
        PrimaryContainer=model["PrimaryContainer"],
        VpcConfig={"Subnets": ["subnet-0a1b2c3d"], "SecurityGroupIds": ["sg-0a1b2c3d"]},
    )
    assert refused(stage.run(pipeline)) == ["model-one-zone"]


def test_every_finding_that_stops_a_run_was_seen_to_stop_one() -> None:
    folder = Path(preflight.__path__[0])
    calls = [
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Finding"
    ]
    ids = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert ids == SEEN
