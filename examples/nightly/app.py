"""An analysis that starts each night, compares with the day the model was accepted, and tells."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, load_rules

app = cdk.App()
people = cdk.Stack(app, "People")
topic = sns.Topic(people, "Topic", enforce_ssl=True)
topic.add_subscription(subscriptions.EmailSubscription("triage@example.org"))

nightly = ClarifyStack(
    app,
    "Nightly",
    config=AnalysisConfig.load("analysis_config.json"),
    rules=load_rules(Path("rules.json")),
    dataset="yesterday/",
    vpc=False,
    notify_topic=topic,
)
nightly.pipeline.run_on_schedule(
    "EachNight",
    schedule=scheduler.ScheduleExpression.cron(
        hour="2", minute="30", time_zone=cdk.TimeZone.EUROPE_BERLIN
    ),
    name="nightly",
)
app.synth()
