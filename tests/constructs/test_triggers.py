"""What starts a pipeline by itself: when, with which input, and what its role may.

The emulated account knows no schedules: what they would start is asserted of the template only. New
objects are put in `tests/local/test_triggers.py`.
"""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk.assertions import Annotations, Match

from clarify_cdk import Analysis, ClarifyPipeline
from clarify_contract import Refused
from support_constructs.configs import pre_training, with_endpoint
from support_constructs.templates import template_of

DAILY = scheduler.ScheduleExpression.cron(
    minute="30", hour="6", time_zone=cdk.TimeZone.EUROPE_BERLIN
)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Own")


def pipeline(stack: cdk.Stack, **more: Any) -> ClarifyPipeline:
    """Return a pipeline over `dataset/` of the bucket `Data`, with results beside it."""
    data = s3.Bucket(stack, "Data")
    analysis = Analysis(
        **(
            {
                "config": pre_training(),
                "results_bucket": data,
                "dataset_bucket": data,
                "results_prefix": "runs",
            }
            | more
        )
    )
    return ClarifyPipeline(stack, "Bias", analysis=analysis)


def bucket(stack: cdk.Stack) -> s3.IBucket:
    found = stack.node.find_child("Data")
    assert isinstance(found, s3.Bucket)
    return found


def refusals(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refused.value.findings]


def test_without_a_trigger_nothing_of_one_is_there(stack: cdk.Stack) -> None:
    pipeline(stack)
    template = template_of(stack)
    assert not template.of_type("Scheduler::Schedule")
    assert not template.of_type("Events::Rule")
    assert "NotificationConfiguration" not in template.only("S3::Bucket")


def test_a_schedule_starts_the_pipeline_in_its_time_zone(stack: cdk.Stack) -> None:
    pipeline(stack).run_on_schedule(
        "Daily", schedule=DAILY, dataset_uri=f"s3://{bucket(stack).bucket_name}/dataset/a.csv"
    )
    template = template_of(stack)
    schedule = template.only("Scheduler::Schedule")
    assert schedule["ScheduleExpression"] == "cron(30 6 * * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert schedule["State"] == "ENABLED"
    machine = template.logical_id("StepFunctions::StateMachine", "BiasStateMachine")
    assert schedule["Target"]["Arn"] == f"${{{machine}}}"
    data = template.logical_id("S3::Bucket", "Data")
    assert schedule["Target"]["Input"] == f'{{"dataset_uri":"s3://${{{data}}}/dataset/a.csv"}}'


def test_a_schedule_without_more_runs_what_is_deployed(stack: cdk.Stack) -> None:
    pipeline(stack).run_on_schedule("Daily", schedule=DAILY)
    assert template_of(stack).only("Scheduler::Schedule")["Target"]["Input"] == "{}"


def test_a_schedule_may_name_its_runs(stack: cdk.Stack) -> None:
    pipeline(stack).run_on_schedule("Daily", schedule=DAILY, name="daily")
    target = template_of(stack).only("Scheduler::Schedule")["Target"]
    assert target["Input"] == '{"name":"daily"}'


def test_a_schedule_may_start_this_pipeline_and_do_nothing_else(stack: cdk.Stack) -> None:
    pipeline(stack).run_on_schedule("Daily", schedule=DAILY)
    template = template_of(stack)
    role = template.logical_id("IAM::Role", "BiasDailyRole")
    assert template.only("Scheduler::Schedule")["Target"]["RoleArn"] == f"${{{role}.Arn}}"
    (statement,) = template.statements("BiasDailyRole")
    machine = template.logical_id("StepFunctions::StateMachine", "BiasStateMachine")
    assert statement["Action"] == ["states:StartExecution"]
    assert statement["Resource"] == [f"${{{machine}}}"]
    (trust,) = template.only("IAM::Role", role)["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    group = "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}"
    assert trust["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "${AWS::AccountId}",
            "aws:SourceArn": f"{group}:schedule-group/default",
        }
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"dataset_uri": "s3://elsewhere/a.csv"}, ["trigger-not-allowed"]),
        ({"name": "every day"}, ["trigger-name"]),
        ({"name": "a" * 64, "dataset_uri": "s3://x/"}, ["trigger-not-allowed", "trigger-name"]),
    ],
)
def test_a_schedule_whose_runs_would_be_refused_is_refused(
    stack: cdk.Stack, given: dict[str, Any], expected: list[str]
) -> None:
    made = pipeline(stack)
    with pytest.raises(Refused) as refused:
        made.run_on_schedule("Daily", schedule=DAILY, **given)
    assert refusals(refused) == expected
    assert made.node.try_find_child("Daily") is None


def test_what_only_deployment_knows_is_left_to_the_run(stack: cdk.Stack) -> None:
    uri = cdk.CfnParameter(stack, "Uri").value_as_string
    pipeline(stack).run_on_schedule("Daily", schedule=DAILY, dataset_uri=uri, name=uri)
    target = template_of(stack).only("Scheduler::Schedule")["Target"]
    assert target["Input"] == '{"dataset_uri":"${Uri}","name":"${Uri}"}'


def test_each_new_object_with_content_starts_a_run_on_it(stack: cdk.Stack) -> None:
    pipeline(stack).run_on_new_objects("Arrived", bucket=bucket(stack), prefix="dataset/new/")
    template = template_of(stack)
    rule = template.only("Events::Rule")
    data = template.logical_id("S3::Bucket", "Data")
    assert rule["State"] == "ENABLED"
    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [f"${{{data}}}"]},
            "object": {"key": [{"prefix": "dataset/new/"}], "size": [{"numeric": [">", 0]}]},
        },
    }
    (target,) = rule["Targets"]
    machine = template.logical_id("StepFunctions::StateMachine", "BiasStateMachine")
    assert target["Arn"] == f"${{{machine}}}"
    assert target["InputTransformer"] == {
        "InputPathsMap": {
            "detail-bucket-name": "$.detail.bucket.name",
            "detail-object-key": "$.detail.object.key",
        },
        "InputTemplate": '{"dataset_uri":"s3://<detail-bucket-name>/<detail-object-key>"}',
    }


def test_the_rule_may_start_this_pipeline_and_do_nothing_else(stack: cdk.Stack) -> None:
    pipeline(stack).run_on_new_objects("Arrived", bucket=bucket(stack), prefix="dataset/")
    template = template_of(stack)
    role = template.logical_id("IAM::Role", "BiasArrivedRuleRole")
    assert template.only("Events::Rule")["Targets"][0]["RoleArn"] == f"${{{role}.Arn}}"
    (statement,) = template.statements("BiasArrivedRuleRole")
    machine = template.logical_id("StepFunctions::StateMachine", "BiasStateMachine")
    assert statement["Action"] == ["states:StartExecution"]
    assert statement["Resource"] == [f"${{{machine}}}"]
    (trust,) = template.only("IAM::Role", role)["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"},
        "ArnLike": {
            "aws:SourceArn": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
        },
    }


def test_a_bucket_of_this_app_is_told_to_send_events_without_a_custom_resource(
    stack: cdk.Stack,
) -> None:
    pipeline(stack).run_on_new_objects("Arrived", bucket=bucket(stack), prefix="dataset/")
    template = template_of(stack)
    assert template.only("S3::Bucket")["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    assert not template.of_type("Lambda::Function").keys() - {
        template.logical_id("Lambda::Function", "BiasPreparation"),
        template.logical_id("Lambda::Function", "BiasCheck"),
    }
    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("EventBridge"))


def test_a_bucket_whose_notifications_are_cdks_own_is_told_there(stack: cdk.Stack) -> None:
    mine = s3.Bucket(stack, "Mine", event_bridge_enabled=True)
    made = pipeline(stack, allowed_datasets=[f"s3://{mine.bucket_name}/in/"])
    made.run_on_new_objects("Arrived", bucket=mine, prefix="in/")
    template = template_of(stack)
    assert "NotificationConfiguration" not in template.only("S3::Bucket", "Mine")
    notifications = [
        resource["Properties"]["NotificationConfiguration"]
        for resource in template.document["Resources"].values()
        if resource["Type"] == "Custom::S3BucketNotifications"
    ]
    assert notifications == [{"EventBridgeConfiguration": {}}]


def test_a_bucket_that_is_not_made_here_is_left_alone_and_a_warning_says_so(
    stack: cdk.Stack,
) -> None:
    lake = s3.Bucket.from_bucket_name(stack, "Lake", "lake")
    made = pipeline(stack, allowed_datasets=["s3://lake/loans/"])
    made.run_on_new_objects("Arrived", bucket=lake, prefix="loans/2026/")
    Annotations.from_stack(stack).has_warning(
        "/Own/Bias/Arrived",
        Match.string_like_regexp(
            r"send its events.*clarify explain bucket-events.*clarify-cdk:bucket-events"
        ),
    )
    rule = template_of(stack).only("Events::Rule")
    assert rule["EventPattern"]["detail"]["bucket"] == {"name": ["lake"]}


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("dataset", ["trigger-not-allowed"]),  # `dataset-old/` begins so, too
        ("data", ["trigger-not-allowed"]),
        ("elsewhere/", ["trigger-not-allowed"]),
        ("runs/", ["trigger-meets-results"]),
        ("runs/new/", ["trigger-meets-results"]),
        ("ru", ["trigger-meets-results"]),
        ("", ["trigger-meets-results"]),
        ("dataset/*.csv", ["trigger-prefix"]),
    ],
)
def test_a_prefix_whose_objects_no_run_may_read_is_refused(
    stack: cdk.Stack, prefix: str, expected: list[str]
) -> None:
    made = pipeline(stack)
    with pytest.raises(Refused) as refused:
        made.run_on_new_objects("Arrived", bucket=bucket(stack), prefix=prefix)
    assert refusals(refused) == expected


def test_a_config_with_a_dataset_of_its_own_takes_what_is_below_it(stack: cdk.Stack) -> None:
    lake = s3.Bucket.from_bucket_name(stack, "Lake", "lake")
    made = pipeline(
        stack, config=with_endpoint(), dataset_bucket=None, allowed_datasets=["s3://lake/in"]
    )
    made.run_on_new_objects("Arrived", bucket=lake, prefix="in/")
    with pytest.raises(Refused) as refused:
        made.run_on_new_objects("Other", bucket=lake, prefix="in")
    assert refusals(refused) == ["trigger-not-allowed"]


def test_a_pipeline_has_as_many_triggers_as_it_is_given(stack: cdk.Stack) -> None:
    made = pipeline(stack)
    made.run_on_schedule("Daily", schedule=DAILY)
    made.run_on_schedule("Weekly", schedule=scheduler.ScheduleExpression.rate(cdk.Duration.days(7)))
    made.run_on_new_objects("Arrived", bucket=bucket(stack), prefix="dataset/a/")
    made.run_on_new_objects("Moved", bucket=bucket(stack), prefix="dataset/b/")
    template = template_of(stack)
    assert len(template.of_type("Scheduler::Schedule")) == 2
    assert len(template.of_type("Events::Rule")) == 2
