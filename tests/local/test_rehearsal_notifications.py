"""The end of a run is told to the topic and the bus, whatever it is."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from clarify_local.deploy import DeployedStack
from clarify_local.deployed import Pipeline, find_pipeline
from clarify_local.outcome import Outcome
from support_lambda.emf import metrics_in
from support_local.grants import Grant, Roles
from support_local.stage import Stage
from support_local.telling import Heard, put_data, telling_stage


@dataclass
class Told:
    """The stack, deployed, and who listens."""

    stage: Stage
    stack: DeployedStack
    heard: Heard

    def pipeline(self, name: str) -> Pipeline:
        return find_pipeline(self.stage.aws, self.stack, name)

    def run(self, pipeline: str, **given: object) -> Outcome:
        return self.stage.run(self.pipeline(pipeline), given)


@pytest.fixture(scope="module")
def told(stage: Stage) -> Told:
    telling = telling_stage(stage)
    stack = telling.deploy_any("Telling")
    return Told(telling, stack, Heard(telling, stack))


@pytest.fixture(autouse=True)
def _data(told: Told, stage: Stage) -> None:
    assert stage.inputs.data is not None
    put_data(told.stage, told.stack, stage.inputs.data)


@pytest.mark.parametrize(("name", "verdict"), [("Wide", "passed"), ("Tight", "rejected")])
def test_a_verdict_is_told_to_people_and_to_programs_and_measured(
    told: Told, name: str, verdict: str
) -> None:
    outcome = told.run(name, name="nightly")
    assert outcome.verdict == verdict
    run = outcome.execution.run
    message = told.heard.message()
    assert message["Subject"] == f"Clarify {verdict}: Telling/{name}"
    assert message["Message"].splitlines() == [
        f"The Clarify analysis Telling/{name}: {verdict}.",
        "",
        outcome.reason,
        "",
        f"Job: {run['job_name']}",
        f"Data: {run['dataset_uri']}",
        f"Config: {run['config_uri']}",
        f"Results: {run['output_uri']}",
        f"Report: {run['output_uri']}/report.html",
        f"Verdict: {run['run_uri']}/verdict.json",
        f"Execution: {outcome.execution.arn}",
    ]
    event = told.heard.event()
    assert (event["source"], event["detail-type"]) == ("clarify-cdk", "Clarify Verdict")
    assert event["resources"] == [
        told.pipeline(name).state_machine_arn,
        outcome.execution.arn,
    ]
    assert event["detail"] == {
        "version": "1.0",
        "pipeline": f"Telling/{name}",
        "verdict": verdict,
        "summary": outcome.reason,
        "error": None,
        "job_name": run["job_name"],
        "dataset_uri": run["dataset_uri"],
        "config_uri": run["config_uri"],
        "output_uri": run["output_uri"],
        "report_uri": f"{run['output_uri']}/report.html",
        "verdict_uri": f"{run['run_uri']}/verdict.json",
        "execution": outcome.execution.arn,
    }
    # The places are real ones.
    assert (outcome.results / "report.html").is_file()
    assert json.loads((outcome.folder / "verdict.json").read_text())["summary"] == outcome.reason
    assert_metrics_are_printed(told, name, outcome)


def assert_metrics_are_printed(told: Told, name: str, outcome: Outcome) -> None:
    """Compare the lines in the log with the results, and with what the alarms look at."""
    job = outcome.execution.run["job_name"]
    logs = [path.read_text() for path in (outcome.folder / "logs").rglob("*.log")]
    (log,) = [text for text in logs if f'{{"job": "{job}", "outcome"' in text]
    printed = metrics_in(log.splitlines())
    by_name = {("Pipeline", f"Telling/{name}")}
    assert printed == {
        ("Clarify", "Passed", frozenset(by_name)): float(outcome.verdict == "passed"),
        ("Clarify", "Rejected", frozenset(by_name)): float(outcome.verdict == "rejected"),
        **{
            (
                "Clarify",
                metric["name"],
                frozenset({*by_name, ("Facet", facet), ("Group", group)}),
            ): (metric["value"])
            for facet, groups in outcome.analysis["pre_training_bias_metrics"]["facets"].items()
            for group, entry in zip("0123", groups, strict=False)
            for metric in entry["metrics"]
        },
    }
    assert len(printed) == 2 + 3 * 8  # the sexes are two groups, age is one
    alarms = told.stage.aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    watched = {
        (
            alarm["Namespace"],
            alarm["MetricName"],
            frozenset((d["Name"], d["Value"]) for d in alarm["Dimensions"]),
        )
        for alarm in alarms
        if {"Name": "Pipeline", "Value": f"Telling/{name}"} in alarm["Dimensions"]
    }
    assert len(watched) == 3
    assert watched <= set(printed)


def test_a_run_that_was_never_prepared_is_told_without_places(told: Told) -> None:
    outcome = told.run("Wide", model_name="another")
    assert outcome.execution.error == "ClarifyPreparationFailed"
    message = told.heard.message()
    assert message["Subject"] == "Clarify failed: Telling/Wide"
    text = message["Message"]
    assert outcome.execution.cause in text
    assert text.endswith(f"\n\nExecution: {outcome.execution.arn}\n")
    detail = told.heard.event()["detail"]
    assert detail["summary"] == outcome.execution.cause
    assert {key for key, value in detail.items() if value is None} == {
        "job_name",
        "dataset_uri",
        "config_uri",
        "output_uri",
        "report_uri",
        "verdict_uri",
    }
    assert (detail["verdict"], detail["error"]) == ("failed", "ClarifyPreparationFailed")


def test_a_failed_job_is_told_with_its_reason_and_no_results(told: Told, stage: Stage) -> None:
    assert stage.inputs.data is not None
    rows = stage.inputs.data.read_bytes()
    (cut := stage.folder / "told-cut.csv").write_bytes(
        rows + rows[rows.index(b"\n") + 1 :] * 20 + b"0,0\n"
    )
    put_data(told.stage, told.stack, cut)
    outcome = told.run("Wide")
    assert outcome.execution.error == "ClarifyJobFailed"
    text = told.heard.message()["Message"]
    assert "Unable to load the dataset as CSV" in text
    assert "Results:" not in text
    detail = told.heard.event()["detail"]
    assert (detail["verdict"], detail["error"]) == ("failed", "ClarifyJobFailed")
    assert detail["summary"] == outcome.execution.cause
    assert detail["output_uri"] is None
    bucket, key = detail["verdict_uri"].removeprefix("s3://").split("/", 1)
    body = stage.aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert json.loads(body)["verdict"] == "failed"


def test_a_check_that_failed_is_told_and_so_is_a_failure_that_nothing_explains(
    told: Told,
) -> None:
    roles = Roles(told.stage.aws, told.stack)
    read = [g for g in roles.grants() if g.role == "WideCheckRole" and g.action == "s3:GetObject"]
    with roles.without(*read):
        outcome = told.run("Wide")
    assert outcome.execution.error == "ClarifyCheckFailed"
    assert "Subject" in told.heard.message()
    detail = told.heard.event()["detail"]
    assert detail["error"] == "ClarifyCheckFailed"
    assert detail["report_uri"] == f"{outcome.execution.run['output_uri']}/report.html"
    ask = Grant("WideStateMachineRole", "lambda:InvokeFunction", "function:WideCheckFunction")
    assert ask in roles.grants()
    with roles.without(ask):
        outcome = told.run("Wide")
    assert outcome.execution.error == "ClarifyFailureUnexplained"
    assert outcome.execution.cause in told.heard.message()["Message"]
    assert told.heard.event()["detail"]["error"] == "ClarifyFailureUnexplained"


def test_what_is_not_heard_changes_no_verdict_and_is_seen(told: Told) -> None:
    roles = Roles(told.stage.aws, told.stack)
    grants = roles.grants()
    telling = [g for g in grants if g.action in ("sns:Publish", "events:PutEvents")]
    assert len(telling) == 4
    assert not [g for g in telling if "*" in g.resource]
    with roles.without(*telling):
        passed, rejected = told.run("Wide"), told.run("Tight")
    assert (passed.verdict, rejected.verdict) == ("passed", "rejected")
    assert told.heard.nothing()
    caught = {step.name: step.detail for step in rejected.execution.steps if step.detail}
    assert set(caught) == {"PublishVerdict", "SendVerdict"}
    assert "sns:Publish" in caught["PublishVerdict"]
    output = told.stage.aws.client("stepfunctions").describe_execution(
        executionArn=passed.execution.arn
    )["output"]
    assert "sns:Publish" in json.loads(output)["topic_failure"]["Cause"]
    assert "events:PutEvents" in json.loads(output)["bus_failure"]["Cause"]


def test_a_passing_run_takes_two_invocations_and_at_most_ten_transitions(
    told: Told, stage: Stage
) -> None:
    """Of the plain pipeline, and of one that tells a topic and a bus."""
    plain = stage.deploy("NoModel")
    stage.seed(plain)
    for outcome, expected in ((stage.run(plain), 5), (told.run("Wide"), 7)):
        assert outcome.verdict == "passed"
        events = [
            event
            for page in stage.aws.client("stepfunctions")
            .get_paginator("get_execution_history")
            .paginate(executionArn=outcome.execution.arn)
            for event in page["events"]
        ]
        entered = [event for event in events if event["type"].endswith("StateEntered")]
        invoked = [
            event
            for event in events
            if event["type"] == "TaskScheduled"
            and event["taskScheduledEventDetails"]["resourceType"] == "lambda"
        ]
        # Each state that is entered is a transition, and so is the way out of the last one.
        assert (len(entered), len(invoked)) == (expected, 2)
        assert len(entered) + 1 <= 10
    told.heard.message()
