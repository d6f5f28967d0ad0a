"""What EventBridge and Scheduler deliver."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk import Analysis
from clarify_cdk.notice import DETAIL_TYPE, SOURCE
from clarify_cdk.notifications import Notifications
from clarify_cdk.triggers import ScheduleTrigger
from clarify_contract import AnalysisConfig
from support_aws.account import Account, only_on_aws
from support_aws.jobs import LABELS_ALONE
from support_aws.stacks import bucket, deploy, execute, heard, listener

COST = "nothing, 5 minutes"
WITH_KEY = "nothing but a key for an hour, 5 minutes"
RUN = {
    "job_name": "clarify-one",
    "config_uri": "s3://results/one/config/analysis_config.json",
    "dataset_uri": "s3://data/rows.csv",
    "output_uri": "s3://results/one/output",
    "check": {
        "verdict": "passed",
        "summary": "nothing to say",
        "verdict_uri": "s3://results/one/verdict.json",
    },
}


def _analysis(stack: cdk.Stack) -> Analysis:
    return Analysis(
        config=AnalysisConfig(**LABELS_ALONE),
        results_bucket=s3.Bucket.from_bucket_name(stack, "Results", "none-results"),
        dataset_bucket=s3.Bucket.from_bucket_name(stack, "Given", "none-data"),
    )


def telling(
    stack: cdk.Stack, *, topic: sns.ITopic | None = None, bus: events.IEventBus | None = None
) -> None:
    """Make a machine that tells of a verdict as a pipeline does."""
    scope = Construct(stack, "Pipeline")
    told = Notifications(scope, analysis=_analysis(stack), topic=topic, bus=bus)
    body = sfn.DefinitionBody.from_chainable(told.verdict(sfn.Succeed(scope, "Passed")))
    machine = sfn.StateMachine(scope, "Machine", definition_body=body)
    told.grant(machine)
    cdk.CfnOutput(stack, "MachineArn", value=machine.state_machine_arn)


@pytest.mark.proves("verdict-event", cost=COST)
def test_the_verdict_reaches_a_rule_of_the_bus_with_every_part_of_it(account: Account) -> None:
    def make(stack: cdk.Stack) -> None:
        bus = events.EventBus.from_event_bus_name(stack, "Bus", "default")
        telling(stack, bus=bus)
        pattern = events.EventPattern(source=[SOURCE], detail_type=[DETAIL_TYPE])
        listener(stack, "HeardArn", pattern)

    stack = deploy(account, "notices", make)
    execution = execute(account, stack["MachineArn"], RUN)["executionArn"]

    (event,) = account.wait_for(lambda: heard(account, stack["HeardArn"]), 5)

    assert event["detail"]["execution"] == execution
    assert execution in event["resources"]
    assert stack["MachineArn"] in event["resources"]
    told = {name: event["detail"][name] for name in ("job_name", "dataset_uri", "output_uri")}
    assert told == {name: RUN[name] for name in told}
    assert event["detail"]["verdict"] == "passed"


@pytest.mark.proves("topic-under-key", cost=WITH_KEY)
def test_a_topic_under_a_key_is_published_to(account: Account) -> None:
    def make(stack: cdk.Stack) -> None:
        key = kms.Key(stack, "Key", pending_window=cdk.Duration.days(7))
        telling(stack, topic=sns.Topic(stack, "Topic", master_key=key))

    stack = deploy(account, "topic", make)

    described = execute(account, stack["MachineArn"], RUN)

    assert described["status"] == "SUCCEEDED"
    assert json.loads(described["output"]) == RUN  # without the failure that is noted there


@pytest.mark.proves("new-object-event", cost=COST)
def test_a_new_object_is_told_with_bucket_key_and_size(account: Account) -> None:
    def make(stack: cdk.Stack) -> None:
        data = bucket(stack, "Data")
        template = data.node.default_child
        assert isinstance(template, s3.CfnBucket)
        template.add_property_override(
            "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", True
        )
        pattern = events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={"bucket": {"name": [data.bucket_name]}},
        )
        listener(stack, "HeardArn", pattern)

    stack = deploy(account, "objects", make)
    s3_client = account.client("s3")
    s3_client.put_object(Bucket=stack["Data"], Key="incoming/a b.csv", Body=b"1,2\n")

    (event,) = account.wait_for(lambda: heard(account, stack["HeardArn"]), 5)

    found: dict[str, Any] = event["detail"]["object"]
    assert (found["key"], found["size"]) == ("incoming/a b.csv", 4)


@only_on_aws  # the emulator fires no schedule
@pytest.mark.proves("schedule-fires", cost=COST)
def test_a_schedule_starts_executions(account: Account) -> None:
    def make(stack: cdk.Stack) -> None:
        machine = sfn.StateMachine(
            stack,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(sfn.Pass(stack, "Started")),
        )
        ScheduleTrigger(
            stack,
            "Schedule",
            analysis=_analysis(stack),
            state_machine=machine,
            schedule=scheduler.ScheduleExpression.rate(cdk.Duration.minutes(1)),
            name="nightly",
        )
        cdk.CfnOutput(stack, "MachineArn", value=machine.state_machine_arn)

    stack = deploy(account, "schedule", make)
    started = account.wait_for(lambda: heard(account, stack["MachineArn"]), 5)
    assert started[0] == {"name": "nightly"}
