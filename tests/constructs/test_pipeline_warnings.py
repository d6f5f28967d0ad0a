"""What a pipeline warns of at synthesis, each with an id by which it can be acknowledged."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match

from clarify_cdk import Analysis, ClarifyImage, ClarifyPipeline, ResultsCheck
from clarify_contract import AnalysisConfig, Limit, Rules
from support_constructs.configs import BIAS, pre_training

WHOLE = Rules(limits={"DPL": Limit(maximum=0.1, evidence="interval")})
ROWS = Rules(minimum_rows=50)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Own")


def pipeline(
    stack: cdk.Stack,
    config: AnalysisConfig | None = None,
    *,
    rules: Rules | None = None,
    image: ClarifyImage | None = None,
) -> None:
    analysis = Analysis(
        config=config or pre_training(),
        results_bucket=s3.Bucket(stack, "Results"),
        dataset_bucket=s3.Bucket(stack, "Data"),
    )
    check = ResultsCheck(stack, "Check", analysis=analysis, rules=rules)
    ClarifyPipeline(stack, "Pipeline", analysis=analysis, check=check, image=image)


def test_what_misleads_in_the_config_is_a_warning_of_the_construct(stack: cdk.Stack) -> None:
    config = AnalysisConfig(**BIAS, methods={"pre_training_bias": {"methods": "all"}})
    assert config.warnings, "this config asks for CDDL and has no group variable"
    pipeline(stack, config)
    for warning in config.warnings:
        Annotations.from_stack(stack).has_warning(
            "/Own/Pipeline", Match.string_like_regexp(rf".*\[{warning.id}\].*")
        )
    identifiers = [
        entry.entry.data
        for entry in Annotations.from_stack(stack).find_warning("*", Match.any_value())
    ]
    assert any(f"clarify-cdk:{config.warnings[0].id}" in str(text) for text in identifiers)


@pytest.mark.parametrize("rules", [WHOLE, ROWS], ids=["interval", "rows"])
def test_rules_that_the_managed_image_cannot_meet_are_a_warning(
    stack: cdk.Stack, rules: Rules
) -> None:
    pipeline(stack, rules=rules)
    Annotations.from_stack(stack).has_warning(
        "/Own/Pipeline", Match.string_like_regexp(r".*writes no intervals\.json.*")
    )


@pytest.mark.parametrize(
    ("rules", "image"),
    [
        (ROWS, ClarifyImage.from_uri("111122223333.dkr.ecr.us-east-1.amazonaws.com/engine:1")),
        (Rules(limits={"DPL": Limit(maximum=0.1)}), None),
    ],
    ids=["an image of ours", "a limit on the value"],
)
def test_rules_that_can_be_met_are_none(
    stack: cdk.Stack, rules: Rules, image: ClarifyImage | None
) -> None:
    pipeline(stack, rules=rules, image=image)
    Annotations.from_stack(stack).has_no_warning(
        "*", Match.string_like_regexp(r".*intervals\.json.*")
    )
