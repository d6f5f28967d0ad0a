"""Each mistake that preflight proves stops a run before its job is created; the others are told."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clarify_lambda.prepare import preflight
from clarify_local.deploy import ensure_bucket
from clarify_local.deployed import Pipeline
from clarify_local.outcome import Outcome
from clarify_local.seeding import split_uri
from support_local import traps
from support_local.grants import Grant, Roles
from support_local.mistakes import (
    BAD_DOCUMENT_DATA,
    BAD_HEADERS_DATA,
    BAD_LINES_DATA,
    BAD_SIDE_DATA,
    ONE_ZONE,
    SERIES_DATA,
    SIDE_URI,
    Beside,
)
from support_local.stage import MODEL_NAME, Stage

BY_STACK = {
    "BadHeaders": BAD_HEADERS_DATA,
    "BadLines": BAD_LINES_DATA,
    "BadDocument": BAD_DOCUMENT_DATA,
}
BESIDE = {"BadSide": BAD_SIDE_DATA, "Series": SERIES_DATA}
CASES = [
    pytest.param(stack, body, id_, id=f"{stack}: {name}")
    for stack, data in BY_STACK.items()
    for name, (body, id_) in data.items()
]
SIDE_CASES = [
    pytest.param(stack, case, id=f"{stack}: {name}")
    for stack, cases in BESIDE.items()
    for name, case in cases.items()
]
STOPPED = (
    {
        *("X16", "X17", "X19", "forecast-address"),
        *("predictor-missing", "endpoint-not-in-service", "model-one-zone"),
    }
    | {id_ for data in BY_STACK.values() for _, id_ in data.values()}
    | {case.id_ for cases in BESIDE.values() for case in cases.values()}
)
WARNED = {
    *("dataset-not-checked", "predictor-not-checked", "model-zones-not-checked"),
    "preflight-more",
} | {id_ for trap in traps.CASES.values() for id_ in trap.ids}
START = Grant("StateMachineRole", "sagemaker:CreateProcessingJob", "processing-job/clarify-*")


class Deployed(NamedTuple):
    pipeline: Pipeline
    roles: Roles


@pytest.fixture(scope="module")
def deployed(stage: Stage) -> dict[str, Deployed]:
    names = dict.fromkeys([*BY_STACK, *BESIDE, *(trap.stack for trap in traps.CASES.values())])
    found = {}
    for name in names:
        pipeline, stack = stage.deploy_stack(name)
        found[name] = Deployed(pipeline, Roles(stage.aws, stack))
    return found


@pytest.fixture
def no_job(stage: Stage) -> Iterator[None]:
    sagemaker = stage.aws.client("sagemaker")
    before = sagemaker.list_processing_jobs()["ProcessingJobSummaries"]
    yield
    assert sagemaker.list_processing_jobs()["ProcessingJobSummaries"] == before


def put(stage: Stage, pipeline: Pipeline, body: bytes | None, side: bytes = b"") -> None:
    assert pipeline.dataset_uri is not None
    bucket, prefix = split_uri(pipeline.dataset_uri)
    s3 = stage.aws.client("s3")
    if body is None:
        s3.delete_object(Bucket=bucket, Key=f"{prefix}data")
    else:
        s3.put_object(Bucket=bucket, Key=f"{prefix}data", Body=body)
    if side:
        bucket, key = split_uri(SIDE_URI)
        ensure_bucket(stage.aws, bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=side)


def message(outcome: Outcome) -> list[str]:
    """Return the lines with which a run was stopped in its first step."""
    assert outcome.verdict == "failed"
    assert outcome.execution.error == "ClarifyPreparationFailed"
    assert "RunClarifyJob" not in [step.name for step in outcome.execution.steps]
    # The state machine's reason may be cut; the function's own words are whole.
    error, _, cause = outcome.execution.steps[0].detail.partition(": ")
    assert error == "RunRefused"
    told: str = json.loads(cause)["errorMessage"]
    return told.splitlines()


def refused(outcome: Outcome) -> list[str]:
    """Return the ids of the findings that stopped a run; its verdict.json holds the same."""
    *reasons, where = message(outcome)
    document = json.loads((outcome.folder / "verdict.json").read_text())
    assert where.endswith(f"/{document['run']['job_name']}/verdict.json")
    assert document["verdict"] == "failed"
    assert reasons == [str(finding) for finding in outcome.findings]
    ids = [line[1 : line.index("]")] for line in reasons]
    assert [finding["id"] for finding in document["preflight"]] == ids
    return ids


def warned(outcome: Outcome) -> list[str]:
    """Return the ids of all findings of a run that went on to its job."""
    assert "RunClarifyJob" in [step.name for step in outcome.execution.steps]
    document = json.loads((outcome.folder / "verdict.json").read_text())
    assert document["verdict"] == outcome.verdict
    travelled = outcome.execution.run["preflight"]
    if len(travelled) < 50:
        assert document["preflight"] == travelled
    assert {finding.severity for finding in outcome.findings} == {"warning"}
    return [finding["id"] for finding in document["preflight"]]


@pytest.mark.usefixtures("no_job")
@pytest.mark.parametrize(("stack", "body", "id_"), CASES)
def test_data_with_a_mistake_is_refused(
    stage: Stage, deployed: dict[str, Deployed], stack: str, body: bytes | None, id_: str
) -> None:
    put(stage, deployed[stack].pipeline, body)
    assert refused(stage.run(deployed[stack].pipeline)) == [id_]


@pytest.mark.usefixtures("no_job")
@pytest.mark.parametrize(("stack", "case"), SIDE_CASES)
def test_data_that_do_not_fit_what_lies_beside_them_are_refused(
    stage: Stage, deployed: dict[str, Deployed], stack: str, case: Beside
) -> None:
    put(stage, deployed[stack].pipeline, case.data, case.side)
    assert refused(stage.run(deployed[stack].pipeline)) == [case.id_]


@pytest.mark.usefixtures("no_job")
def test_columns_that_are_not_there_are_refused_all_at_once(stage: Stage) -> None:
    bad = stage.deploy("BadColumns")
    stage.seed(bad)
    outcome = stage.run(bad)
    assert refused(outcome) == [*["X16"] * 5, "X17", "X19", "predictor-missing"]
    assert '$.facet[0].name_or_index: got "gender"' in outcome.reason
    assert "Unable to locate the facet" in outcome.reason


@pytest.mark.usefixtures("no_job")
def test_time_series_by_index_are_refused(stage: Stage) -> None:
    bad = stage.deploy("SeriesByIndex")
    put(stage, bad, b"[]")
    assert refused(stage.run(bad)) == ["forecast-address"]


@pytest.mark.usefixtures("no_job")
def test_results_are_not_read_as_data(stage: Stage, deployed: dict[str, Deployed]) -> None:
    bad = deployed["BadHeaders"].pipeline
    told = message(stage.run(bad, {"dataset_uri": f"{bad.results_uri}/"}))
    assert [line[1 : line.index("]")] for line in told] == [
        "override-not-allowed",
        "dataset-meets-results",
    ]


@pytest.mark.usefixtures("no_job")
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


def hosted_in(stage: Stage, subnets: list[str]) -> None:
    """Make the model anew, with these subnets."""
    sagemaker = stage.aws.client("sagemaker")
    if ONE_ZONE in [model["ModelName"] for model in sagemaker.list_models()["Models"]]:
        sagemaker.delete_model(ModelName=ONE_ZONE)
    model = sagemaker.describe_model(ModelName=MODEL_NAME)
    sagemaker.create_model(
        ModelName=ONE_ZONE,
        ExecutionRoleArn=model["ExecutionRoleArn"],
        PrimaryContainer=model["PrimaryContainer"],
        VpcConfig={"Subnets": subnets, "SecurityGroupIds": ["sg-0a1b2c3d"]},
    )


@pytest.mark.usefixtures("no_job")
def test_a_model_that_is_missing_or_can_have_one_zone_only_is_refused(stage: Stage) -> None:
    pipeline, stack = stage.deploy_stack("OneZone")
    assert stage.inputs.data is not None
    put(stage, pipeline, stage.inputs.data.read_bytes())
    assert refused(stage.run(pipeline)) == ["predictor-missing"]
    hosted_in(stage, ["subnet-0a1b2c3d"])
    assert refused(stage.run(pipeline)) == ["model-one-zone"]
    ec2 = stage.aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{i}.0/24", AvailabilityZone=zone)
        for i, zone in enumerate(["us-east-1a", "us-east-1a", "us-east-1b"])
    ]
    first, same, other = (subnet["Subnet"]["SubnetId"] for subnet in subnets)
    hosted_in(stage, [first, same])
    assert refused(stage.run(pipeline)) == ["model-one-zone"]
    hosted_in(stage, [first, other])
    roles = Roles(stage.aws, stack)
    with roles.without(START, Grant("PreparationRole", "ec2:DescribeSubnets", "*")):
        assert warned(stage.run(pipeline)) == ["model-zones-not-checked"]
    describe = Grant("PreparationRole", "sagemaker:DescribeModel", f"model/{ONE_ZONE}")
    with roles.without(START, describe):
        assert warned(stage.run(pipeline)) == ["predictor-not-checked"]
    put(stage, pipeline, None)
    assert refused(stage.run(pipeline)) == ["dataset-empty"]  # and nothing of the model


@pytest.mark.usefixtures("no_job")
@pytest.mark.parametrize("trap", traps.CASES.values(), ids=traps.CASES)
def test_what_only_warns_is_told_and_the_run_goes_on(
    stage: Stage, deployed: dict[str, Deployed], trap: traps.Trap
) -> None:
    """As far as its job, which is not needed here: the state machine may not create it."""
    pipeline, roles = deployed[trap.stack]
    put(stage, pipeline, trap.data, trap.side)
    with roles.without(START):
        outcome = stage.run(pipeline)
    assert warned(outcome) == trap.ids
    travelled = [finding["id"] for finding in outcome.execution.run["preflight"]]
    cut = [*trap.ids[:49], "preflight-more"] if len(trap.ids) > 50 else trap.ids
    assert travelled == cut


def test_of_parquet_the_verdict_says_that_it_was_not_checked(stage: Stage) -> None:
    pipeline = stage.deploy("Parquet")
    columns = {"high": [1, 0] * 30, "sex": [0, 1, 1, 1] * 15, "age": [40, 50] * 30}
    pq.write_table(pa.table(columns), body := io.BytesIO())
    put(stage, pipeline, body.getvalue())
    outcome = stage.run(pipeline)
    assert outcome.verdict == "passed"
    assert warned(outcome) == ["dataset-not-checked"]
    assert outcome.findings[0].given == "data of which only the format was seen"


def test_every_finding_of_the_code_was_seen_in_a_rehearsal() -> None:
    folder = Path(preflight.__path__[0])
    calls = [
        (node.func.id, node.args[0], any(key.arg == "severity" for key in node.keywords))
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
        if node.func.id in ("Finding", "warning", "_stopped")
    ]
    stops, warns = set[str](), set[str]()
    for function, argument, either in calls:
        ids = ids_of(argument)
        if function == "warning" or either:
            warns |= ids
        if function != "warning":
            stops |= ids
    assert stops == STOPPED
    assert warns == WARNED


def ids_of(argument: ast.expr) -> set[str]:
    """Return the ids that stand in a call, for a label and for a facet where it has the role."""
    if isinstance(argument, ast.Constant):
        return {argument.value}
    if isinstance(argument, ast.JoinedStr):
        role, rest = argument.values
        assert isinstance(role, ast.FormattedValue)
        assert isinstance(rest, ast.Constant)
        assert ast.unparse(role.value) == "role"
        return {f"label{rest.value}", f"facet{rest.value}"}
    assert isinstance(argument, ast.Name)  # handed on by one of these functions
    assert argument.id == "id_"
    return set()
