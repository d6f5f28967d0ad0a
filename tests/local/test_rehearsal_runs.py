"""A deployed pipeline runs to each of its ends, and leaves no endpoint behind in any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch

import pytest

from clarify_local.deployed import NoPipeline, find_pipeline
from clarify_local.outcome import Outcome
from clarify_local.plan import Inputs
from support_docs.results_page import FILES
from support_local.stage import MODEL_NAME, Stage


@pytest.fixture(autouse=True)
def _endpoint_gone(stage: Stage) -> Iterator[None]:
    yield
    assert stage.endpoints() == []


def steps(outcome: Outcome) -> list[str]:
    return [step.name for step in outcome.execution.steps]


def job_names(stage: Stage) -> set[str]:
    listed = stage.aws.client("sagemaker").list_processing_jobs()["ProcessingJobSummaries"]
    return {job["ProcessingJobName"] for job in listed}


@pytest.mark.proves("whole-run")
def test_a_run_within_its_limits_passes(stage: Stage) -> None:
    pipeline = stage.deploy("Passes")
    stage.seed(pipeline)
    outcome = stage.run(pipeline, {"name": "nightly"})
    assert outcome.verdict == "passed"
    assert steps(outcome) == ["Prepare", "RunClarifyJob", "CheckResults", "Verdict", "Passed"]
    assert outcome.endpoints.startswith("created and deleted: sm-clarify")
    assert json.loads((outcome.folder / "verdict.json").read_text())["verdict"] == "passed"
    assert "nightly" in outcome.folder.name
    left = [path.relative_to(outcome.folder) for path in outcome.folder.rglob("*.*")]
    files = [path.as_posix() for path in left if path.parts[0] != "logs"]
    assert "output/analysis.json" in files
    # What is left, the reference of results names.
    assert [name for name in files if not any(fnmatch(name, known) for known in FILES)] == []


def test_the_metrics_are_those_of_an_independent_count(stage: Stage) -> None:
    """Class imbalance, proportions and accuracy, counted from data and model by hand."""
    import csv

    import numpy as np

    from clarify_local.serving.artifact import unpack
    from support_local.example import DIABETES, load

    assert stage.inputs.data is not None
    assert stage.inputs.model is not None
    (model_dir := stage.folder / "model").mkdir()
    unpack(stage.inputs.model, model_dir)
    served = load(DIABETES / "code" / "inference.py")
    model = served.model_fn(model_dir)
    with stage.inputs.data.open(newline="") as file:
        rows = list(csv.DictReader(file))
    features = np.array([[float(row[name]) for name in model["features"]] for row in rows])
    predicted = served.predict_fn(features, model) > 0.5
    label = np.array([row["high_progression"] == "1" for row in rows])
    d = np.array([float(row["age"]) > 50 for row in rows])
    a = ~d
    expected = {
        "CI": (a.sum() - d.sum()) / len(rows),
        "DPL": label[a].mean() - label[d].mean(),
        "DPPL": predicted[a].mean() - predicted[d].mean(),
        "DI": predicted[d].mean() / predicted[a].mean(),
        "AD": (predicted == label)[a].mean() - (predicted == label)[d].mean(),
        "RD": predicted[a & label].mean() - predicted[d & label].mean(),
    }
    pipeline = stage.deploy("EveryMetric")
    stage.seed(pipeline)
    outcome = stage.run(pipeline)
    found = {row.code: row.value for row in outcome.metrics if row.facet == "age"}
    assert len(found) == 21
    assert {code: found[code] for code in expected} == pytest.approx(expected, abs=1e-12)


@pytest.mark.proves("whole-run")
def test_a_run_outside_its_limits_is_rejected_with_each_reason(stage: Stage) -> None:
    pipeline = stage.deploy("Rejects")
    stage.seed(pipeline)
    outcome = stage.run(pipeline)
    assert outcome.verdict == "rejected"
    assert steps(outcome)[-1] == "Rejected"
    outside = {(row.facet, row.code) for row in outcome.metrics if row.within is False}
    assert outside == {("sex", "AD"), ("age", "DI")}
    assert "above 1.25" in outcome.reason
    assert {row.within for row in outcome.metrics if row.code not in ("AD", "DI")} == {None}


def test_pre_training_bias_needs_neither_model_nor_network(stage: Stage) -> None:
    pipeline = stage.deploy("NoModel")
    stage.seed(pipeline)
    outcome = stage.run(pipeline)
    assert outcome.verdict == "passed"
    assert outcome.endpoints == "none was created"
    assert {row.stage for row in outcome.metrics} == {"pre-training"}


def test_a_file_that_the_config_names_is_put_where_the_job_reads_it(stage: Stage) -> None:
    (side := stage.folder / "side.csv").write_text("north\n" * 21 + "south\n" * 200)
    pipeline = stage.deploy("SideDataset")
    stage.seed(pipeline, Inputs(stage.inputs.data, files={"s3://clinics/patients.csv": side}))
    outcome = stage.run(pipeline)
    assert outcome.verdict == "passed", outcome.reason
    (row,) = outcome.metrics
    assert (row.facet, row.group) == ("clinic", "north")
    assert row.value == pytest.approx((200 - 21) / 221, abs=1e-12)


@pytest.mark.proves("whole-run")
def test_data_that_only_the_job_reads_whole_fails_it_in_plain_words(stage: Stage) -> None:
    """The mistake lies behind the first bytes, which are all that is looked at before a job."""
    assert stage.inputs.data is not None
    rows = stage.inputs.data.read_bytes()
    (cut := stage.folder / "cut.csv").write_bytes(
        rows + rows[rows.index(b"\n") + 1 :] * 20 + b"0,0\n"
    )
    pipeline = stage.deploy("NoModel")
    stage.seed(pipeline, Inputs(cut))
    outcome = stage.run(pipeline)
    assert outcome.verdict == "failed"
    assert outcome.execution.error == "ClarifyJobFailed"
    assert "Unable to load the dataset as CSV" in outcome.reason
    assert "{" not in outcome.reason
    assert outcome.metrics == ()


@pytest.mark.proves("new-name")
def test_a_lack_of_capacity_is_tried_again_under_a_new_name(stage: Stage) -> None:
    pipeline = stage.deploy("Passes")
    stage.seed(pipeline)
    before = job_names(stage)
    stage.emulator.fail_next_jobs("CapacityError: Unable to provision requested ML capacity.")
    outcome = stage.run(pipeline)
    assert outcome.verdict == "passed"
    assert steps(outcome).count("RunClarifyJob") == 2
    assert outcome.execution.run["attempt"] == 2
    assert len(job_names(stage) - before) == 2


def test_an_override_that_is_not_allowed_is_refused_before_a_job_starts(stage: Stage) -> None:
    pipeline = stage.deploy("Passes")
    stage.seed(pipeline)
    before = job_names(stage)
    outcome = stage.run(pipeline, {"model_name": "another", "instances": 3})
    assert outcome.verdict == "failed"
    assert outcome.execution.error == "ClarifyPreparationFailed"
    assert "override-not-allowed" in outcome.reason
    assert "override-unknown" in outcome.reason
    assert job_names(stage) == before


def test_a_pipeline_is_found_by_name_where_a_stack_has_several(stage: Stage) -> None:
    pipeline, stack = stage.deploy_stack("NoModel")
    (machine,) = stack.of_type("AWS::StepFunctions::StateMachine")
    assert pipeline.state_machine_arn == machine.physical_id
    assert pipeline.prepare == "Prepare"
    assert pipeline.config["label"] == "high_progression"
    both = replace(
        stack,
        resources=tuple(replace(machine, logical_id=name) for name in ("Loans1A", "Cards2B")),
    )
    assert find_pipeline(stage.aws, both, "Loans").logical_id == "Loans1A"
    with pytest.raises(NoPipeline, match=r"these pipelines: Cards2B, Loans1A\. Name one with"):
        find_pipeline(stage.aws, both)
    with pytest.raises(NoPipeline, match="deploys no ClarifyPipeline"):
        find_pipeline(stage.aws, replace(stack, resources=()))


def test_an_existing_endpoint_is_used_and_stays(stage: Stage) -> None:
    pipeline = stage.deploy("Endpoint")
    stage.seed(pipeline, stage.inputs)
    outcome = stage.run(pipeline)
    assert outcome.verdict == "passed"
    assert outcome.endpoints == "none was created"
    described = stage.aws.client("sagemaker").describe_endpoint(EndpointName="ours")
    assert described["EndpointStatus"] == "InService"


def test_a_model_that_fails_on_every_record_fails_the_job_and_leaves_nothing(
    stage: Stage,
) -> None:
    from support_local.models import model

    sagemaker = stage.aws.client("sagemaker")
    good = sagemaker.describe_model(ModelName=MODEL_NAME)["PrimaryContainer"]
    broken = stage.folder / "broken.tar.gz"
    broken.write_bytes(
        model("def model_fn(d): return None\ndef predict_fn(x, m): raise ValueError(str(x))\n")
    )
    pipeline = stage.deploy("Passes")
    sagemaker.delete_model(ModelName=MODEL_NAME)
    try:
        stage.seed(pipeline, replace(stage.inputs, model=broken))
        outcome = stage.run(pipeline)
    finally:
        sagemaker.delete_model(ModelName=MODEL_NAME)
        bucket, key = good["ModelDataUrl"].removeprefix("s3://").split("/", 1)
        assert stage.inputs.model is not None
        stage.aws.client("s3").upload_file(str(stage.inputs.model), bucket, key)
        stage.seed(pipeline, stage.inputs)
    assert outcome.verdict == "failed"
    assert outcome.execution.error == "ClarifyJobFailed"
    assert outcome.endpoints.startswith("created and deleted")
    history = stage.aws.client("stepfunctions").get_execution_history(
        executionArn=outcome.execution.arn
    )
    assert "4.6821" not in str(history)  # a value of the first row, which the model's error quotes
