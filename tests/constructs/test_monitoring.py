"""Alarms go off for runs that did not pass; the dashboard shows runs and what was measured."""

from __future__ import annotations

import doctest
import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyMonitoring, ClarifyPipeline, ResultsCheck, monitoring
from clarify_contract import Limit
from support_constructs.configs import pre_training
from support_constructs.templates import FLAGS, Template, assembly, template_of


@pytest.fixture(params=FLAGS)
def template(request: pytest.FixtureRequest) -> Template:
    return assembly(str(request.param)).template("EndpointInGivenVpc")


def alone(**pipeline: Any) -> Template:
    """Return the template of a pipeline with all pre-training metrics, monitored."""
    stack = cdk.Stack(cdk.App(), "Loans")
    analysis = Analysis(
        config=pre_training(),
        results_bucket=s3.Bucket.from_bucket_name(stack, "Results", "results"),
        dataset_bucket=s3.Bucket.from_bucket_name(stack, "Data", "data"),
    )
    limits = {"DPL": [Limit(minimum=-0.1, maximum=0.2), Limit(maximum=0.2, facet="sex")]}
    check = ResultsCheck(stack, "Check", analysis=analysis, limits=limits)
    made = ClarifyPipeline(stack, "Bias", analysis=analysis, check=check, **pipeline)
    ClarifyMonitoring(stack, "Monitoring", pipeline=made)
    return template_of(stack)


def widgets(template: Template) -> list[dict[str, Any]]:
    body = template.only("CloudWatch::Dashboard")["DashboardBody"]
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


@pytest.mark.parametrize(
    ("name", "metric"), [("NotPassed", "ExecutionsFailed"), ("Aborted", "ExecutionsAborted")]
)
def test_an_alarm_goes_off_at_the_first_run_that_does_not_pass(
    template: Template, name: str, metric: str
) -> None:
    alarm = template.only("CloudWatch::Alarm", f"Monitoring{name}")
    machine, topic = template.of_type("StepFunctions::StateMachine"), template.of_type("SNS::Topic")
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == (
        "AWS/States",
        metric,
        "Sum",
    )
    assert alarm["Dimensions"] == [
        {"Name": "StateMachineArn", "Value": f"${{{next(iter(machine))}}}"}
    ]
    assert (alarm["Threshold"], alarm["ComparisonOperator"], alarm["EvaluationPeriods"]) == (
        0,
        "GreaterThanThreshold",
        1,
    )
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == [f"${{{next(iter(topic))}}}"]
    assert "EndpointInGivenVpc/Loans" in alarm["AlarmDescription"]


def test_alarms_may_write_to_an_encrypted_topic(template: Template) -> None:
    policy = template.only("KMS::Key", "TopicKey")["KeyPolicy"]
    (statement,) = (
        s for s in policy["Statement"] if s["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    )
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_without_a_topic_the_alarms_tell_nobody() -> None:
    alarms = alone().of_type("CloudWatch::Alarm")
    assert len(alarms) == 2
    assert all("AlarmActions" not in alarm["Properties"] for alarm in alarms.values())


def test_the_dashboard_shows_how_runs_ended(template: Template) -> None:
    runs, status = widgets(template)[:2]
    assert [metric[1] for metric in runs["properties"]["metrics"]] == [
        "ExecutionsSucceeded",
        "ExecutionsFailed",
        "ExecutionsAborted",
    ]
    assert status["type"] == "alarm"
    assert len(status["properties"]["alarms"]) == 2


def test_the_dashboard_has_a_chart_for_each_metric_that_is_published() -> None:
    found = widgets(alone(publish_metrics=True))
    charts = {chart["properties"]["title"]: chart["properties"] for chart in found[2:]}
    assert len(charts) == 7  # all metrics of labels, without a group variable
    dpl = charts["Difference in Positive Proportions in Labels (DPL)"]
    ((search,),) = dpl["metrics"]
    assert search["expression"] == (
        'SEARCH(\'{Clarify,Pipeline,Facet,Group} MetricName="DPL" Pipeline="Loans/Bias"\','
        " 'Average', 3600)"
    )
    lines = [(line["label"], line["value"]) for line in dpl["annotations"]["horizontal"]]
    assert lines == [
        ("no difference", 0),
        ("least that passes", -0.1),
        ("most that passes", 0.2),
    ]
    ci = charts["Class Imbalance (CI)"]["annotations"]["horizontal"]
    assert [line["label"] for line in ci] == ["no difference"]
    assert max(widget["x"] + widget["width"] for widget in found) == 24


def test_without_published_metrics_the_dashboard_shows_runs_only() -> None:
    assert len(widgets(alone())) == 2


def test_the_example_in_the_docstring_holds() -> None:
    result = doctest.testmod(monitoring, raise_on_error=True)
    assert (result.attempted > 5, result.failed) == (True, 0)
