"""A stack whose pipelines tell a topic and a bus, and what was heard there."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from clarify_cdk import Analysis, ClarifyMonitoring, ClarifyPipeline, ResultsCheck
from clarify_contract import AnalysisConfig, Limit
from clarify_local.aws import ACCOUNT, REGION
from clarify_local.deploy import DeployedStack
from support_local.stage import Stage, example_config, read_stacks

CONFIG = example_config(
    predictor=None,
    excluded_columns=None,
    methods={"pre_training_bias": {"methods": "all"}, "report": {"name": "report"}},
)
_numbers = itertools.count(1)


class Telling(cdk.Stack):
    """Two pipelines over the same data, of which one passes and one is rejected."""

    def __init__(self, scope: cdk.App, name: str) -> None:
        super().__init__(scope, name, env=cdk.Environment(account=ACCOUNT, region=REGION))
        analysis = Analysis(
            config=AnalysisConfig.model_validate(CONFIG),
            results_bucket=s3.Bucket(self, "Results"),
            dataset_bucket=s3.Bucket(self, "Data"),
        )
        topic, bus = sns.Topic(self, "Topic"), events.EventBus(self, "Bus")
        for name, limit in (("Wide", Limit(maximum=0.9)), ("Tight", Limit(maximum=-0.9))):
            pipeline = ClarifyPipeline(
                self,
                name,
                analysis=analysis,
                check=ResultsCheck(self, f"{name}Check", analysis=analysis, limits={"CI": limit}),
                notify_topic=topic,
                notify_bus=bus,
                publish_metrics=True,
            )
            ClarifyMonitoring(self, f"{name}Monitoring", pipeline=pipeline, alarm_topic=topic)
            for number, metric in enumerate(
                (
                    pipeline.metric_bias("DPL", facet="age"),
                    pipeline.metric_bias("CI", facet="sex"),
                    pipeline.metric_rejected(),
                )
            ):
                metric.create_alarm(self, f"{name}{number}", threshold=0, evaluation_periods=1)


def telling_stage(stage: Stage) -> Stage:
    """Return the stage with the stack ``Telling`` in the place of its own."""
    (folder := stage.folder / f"telling{next(_numbers)}").mkdir()
    app = cdk.App(outdir=str(folder), analytics_reporting=False)
    Telling(app, "Telling")
    app.synth()
    return replace(stage, stacks=read_stacks(folder))


class Heard:
    """Queues that hear what the topic and the bus of a deployed stack are told."""

    def __init__(self, stage: Stage, stack: DeployedStack) -> None:
        self._sqs = stage.aws.client("sqs")
        number = next(_numbers)
        (topic,) = stack.of_type("AWS::SNS::Topic")
        (bus,) = stack.of_type("AWS::Events::EventBus")
        self.topic = topic.physical_id
        self._messages, arn = self._queue(f"messages-{number}")
        stage.aws.client("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)
        self._events, arn = self._queue(f"events-{number}")
        pattern = {"source": ["clarify-cdk"], "detail-type": ["Clarify Verdict"]}
        rule = {"Name": f"verdicts-{number}", "EventBusName": bus.physical_id}
        eventbridge = stage.aws.client("events")
        eventbridge.put_rule(**rule, EventPattern=json.dumps(pattern))
        eventbridge.put_targets(
            Rule=rule["Name"], EventBusName=bus.physical_id, Targets=[{"Id": "1", "Arn": arn}]
        )

    def message(self) -> Mapping[str, Any]:
        """Return the one message that the topic got since it was asked last."""
        (message,) = self._read(self._messages)
        return message

    def event(self) -> Mapping[str, Any]:
        """Return the one event that the bus got since it was asked last."""
        (event,) = self._read(self._events)
        return event

    def nothing(self) -> bool:
        """Tell whether neither got anything."""
        return not [*self._read(self._messages), *self._read(self._events)]

    def _queue(self, name: str) -> tuple[str, str]:
        url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def _read(self, url: str) -> Iterator[dict[str, Any]]:
        for item in self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            self._sqs.delete_message(QueueUrl=url, ReceiptHandle=item["ReceiptHandle"])
            yield json.loads(item["Body"])


def put_data(stage: Stage, stack: DeployedStack, data: Path) -> None:
    """Put a file where both pipelines read their data."""
    (bucket,) = (b for b in stack.of_type("AWS::S3::Bucket") if b.logical_id.startswith("Data"))
    stage.aws.client("s3").upload_file(str(data), bucket.physical_id, "dataset/data.csv")
