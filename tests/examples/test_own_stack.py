"""Constructs in a stack that has network, key, buckets, roles and topic already."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_constructs.templates import Template
from support_examples import EXAMPLES, Example
from support_examples.templates import example_templates


@pytest.fixture(scope="module")
def template() -> Template:
    return example_templates(EXAMPLES / "own_stack")["Claims"]


def test_its_readme_runs_and_its_metric_is_that_counted_by_hand(tmp_path: Path) -> None:
    example = Example("own_stack", tmp_path)
    assert example.commands == 2
    cheap = [row["place"] for row in example.rows("claims.csv") if int(row["euros"]) < 500]
    assert (cheap.count("country"), cheap.count("town")) == (8, 9)
    assert example.metrics("post_training_bias_metrics", "place") == {"DI": pytest.approx(8 / 9)}


def test_nothing_is_made_in_the_vpc_but_security_groups_and_their_rules(template: Template) -> None:
    found = {each["Type"] for each in template.document["Resources"].values()}
    assert {kind for kind in found if kind.startswith("AWS::EC2::")} == {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
    }


def test_the_topic_hears_of_verdicts_and_of_both_alarms(template: Template) -> None:
    topic = template.logical_id("SNS::Topic")
    alarms = [alarm["Properties"] for alarm in template.of_type("CloudWatch::Alarm").values()]
    assert {alarm["MetricName"]: alarm["AlarmActions"] for alarm in alarms} == {
        "ExecutionsFailed": [f"${{{topic}}}"],
        "ExecutionsAborted": [f"${{{topic}}}"],
    }
    assert template.state("PublishVerdict")["Parameters"]["TopicArn"] == f"${{{topic}}}"


def test_the_role_of_trainings_keeps_its_rights_and_the_job_has_no_other(
    template: Template,
) -> None:
    training = template.logical_id("IAM::Role", "Training")
    assert template.state("RunClarifyJob")["Parameters"]["RoleArn"] == f"${{{training}.Arn}}"
    reads = [
        resource
        for statement in template.statements("Training")
        if "s3:GetObject" in statement["Action"] or "s3:GetObject*" in statement["Action"]
        for resource in statement["Resource"]
    ]
    assert {resource.rpartition("}/")[2] for resource in reads if "/" in resource} == {
        "training/*",
        "decided/2026.csv*",
        "fairness/payout/clarify-*/config/*",
    }


def test_releases_may_start_the_analysis_and_read_its_results(template: Template) -> None:
    machine = template.logical_id("StepFunctions::StateMachine", "FairnessStateMachine")
    evidence = template.logical_id("S3::Bucket", "Evidence")
    start, read, decrypt = template.statements("Releases")
    assert start["Action"] == ["states:StartExecution"]
    assert start["Resource"] == [f"${{{machine}}}"]
    assert read["Action"] == ["s3:GetObject*", "s3:GetBucket*", "s3:List*"]
    assert read["Resource"] == [f"${{{evidence}.Arn}}", f"${{{evidence}.Arn}}/fairness/*"]
    assert decrypt["Action"] == ["kms:Decrypt", "kms:DescribeKey"]
