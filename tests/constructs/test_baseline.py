"""Rules that compare with a baseline: what the check is told, and what it may read and write."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyPipeline, ResultsCheck
from clarify_contract import Baseline, NoWorse, Refused, Rules
from support_constructs.configs import pre_training
from support_constructs.templates import resources_of, template_of


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Own")


def analysis(stack: cdk.Stack) -> Analysis:
    return Analysis(
        config=pre_training(),
        results_bucket=s3.Bucket(stack, "Results"),
        dataset_bucket=s3.Bucket(stack, "Data"),
    )


def test_baseline_travels_as_its_uri_and_brings_the_right_to_read_that_object(
    stack: cdk.Stack,
) -> None:
    rules = Rules(
        baseline=Baseline(uri="s3://models/loans/analysis.json"), no_worse=[NoWorse(metrics=["CI"])]
    )
    given = analysis(stack)
    key = kms.Key(stack, "Key")
    check = ResultsCheck(stack, "Judge", analysis=given, rules=rules, baseline_encryption_key=key)
    ClarifyPipeline(stack, "Pipeline", analysis=given, check=check)
    template = template_of(stack)
    sent = template.state("CheckResults")["Parameters"]["Payload"]
    assert sent["baseline_uri"] == "s3://models/loans/analysis.json"
    assert [rule["metric"] for rule in sent["rules"]["no_worse"]] == ["CI"]
    granted = template.statements("JudgeRole")
    baseline = "arn:${AWS::Partition}:s3:::models/loans/analysis.json"
    assert {arn for arn in resources_of(granted, "s3:GetObject") if "models" in arn} == {baseline}
    (listed,) = (
        entry for entry in granted if entry["Resource"] == ["arn:${AWS::Partition}:s3:::models"]
    )
    assert listed["Action"] == ["s3:ListBucket"]
    assert listed["Condition"] == {"StringLike": {"s3:prefix": "loans/analysis.json*"}}
    written = resources_of(granted, "s3:PutObject")
    assert sorted(arn.rpartition("/")[2] for arn in written) == [
        "constraint_violations.json",
        "verdict.json",
    ]
    assert len(resources_of(granted, "kms:Decrypt")) == 1


def test_former_job_of_the_pipeline_is_a_baseline_by_its_name(stack: cdk.Stack) -> None:
    rules = Rules(baseline=Baseline(job_name="clarify-nightly-0123"), no_worse=[NoWorse()])
    given = analysis(stack)
    check = ResultsCheck(stack, "Judge", analysis=given, rules=rules)
    ClarifyPipeline(stack, "Pipeline", analysis=given, check=check)
    sent = template_of(stack).state("CheckResults")["Parameters"]["Payload"]
    folder, name = sent["baseline_uri"].split("/clarify/")
    assert folder.startswith("s3://${Results")
    assert name == "clarify-nightly-0123/output/analysis.json"


def test_comparison_without_a_baseline_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(Refused, match="baseline-missing"):
        ResultsCheck(stack, "Judge", analysis=analysis(stack), rules=Rules(no_worse=[NoWorse()]))
