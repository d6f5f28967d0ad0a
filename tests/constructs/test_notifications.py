"""Every end of a run is told where somebody listens, by states that change nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from clarify_cdk import Analysis, ClarifyPipeline, ClarifyStack
from support_constructs.configs import pre_training
from support_constructs.templates import (
    FLAGS,
    Template,
    actions,
    assembly,
    resources_of,
    template_of,
)

ENDS = {
    "Verdict": "Verdict",
    "PreparationFailure": "PreparationFailed",
    "JobFailure": "JobFailed",
    "CheckFailure": "CheckFailed",
    "UnexplainedFailure": "FailureUnexplained",
}


@pytest.fixture(params=FLAGS)
def template(request: pytest.FixtureRequest) -> Template:
    return assembly(str(request.param)).template("EndpointInGivenVpc")


def pipeline(stack: cdk.Stack, name: str = "Bias", **listeners: Any) -> ClarifyPipeline:
    analysis = Analysis(
        config=pre_training(),
        results_bucket=s3.Bucket.from_bucket_name(stack, f"{name}Results", "results"),
        dataset_bucket=s3.Bucket.from_bucket_name(stack, f"{name}Data", "data"),
    )
    return ClarifyPipeline(stack, name, analysis=analysis, **listeners)


def told(template: Template) -> set[str]:
    return {n for n in template.definition()["States"] if n.startswith(("Publish", "Send"))}


def test_nobody_is_told_where_nobody_listens() -> None:
    template = assembly("recommended-flags").template("ModelInOwnVpc")
    assert told(template) == set()
    assert not {"sns:Publish", "events:PutEvents"} & actions(template.statements())


def test_every_end_is_told_to_the_topic_then_to_the_bus(template: Template) -> None:
    assert told(template) == {f"{how}{end}" for how in ("Publish", "Send") for end in ENDS}
    for name, end in ENDS.items():
        assert template.state(f"Publish{name}")["Next"] == f"Send{name}"
        assert template.state(f"Send{name}")["Next"] == end
    states = template.definition()["States"]
    fails = {name for name, state in states.items() if state["Type"] == "Fail"}
    # Nothing leads to an end but what tells of it, or the choice that was told of.
    before = {
        name: {other for other, state in states.items() if f"'{name}'" in str(state)}
        for name in fails | {"Passed"}
    }
    assert before == {
        "Passed": {"Verdict"},
        "Rejected": {"Verdict"},
        **{end: {f"Send{name}"} for name, end in ENDS.items() if end != "Verdict"},
    }
    assert template.state("CheckResults")["Next"] == "PublishVerdict"


@pytest.mark.parametrize("name", ENDS)
def test_what_is_not_heard_leads_to_the_same_end_and_is_kept(template: Template, name: str) -> None:
    for how, kept in (("Publish", "$.topic_failure"), ("Send", "$.bus_failure")):
        state = template.state(f"{how}{name}")
        assert state["Catch"] == [
            {"ErrorEquals": ["States.ALL"], "Next": state["Next"], "ResultPath": kept}
        ]
        assert state["ResultPath"] is None
        assert [retry["MaxAttempts"] for retry in state["Retry"]] == [3]


def test_the_state_machine_may_tell_this_topic_and_this_bus_and_no_other(
    template: Template,
) -> None:
    granted = template.statements("LoansStateMachineRole")
    ((topic, _),) = template.of_type("SNS::Topic").items()
    ((bus, _),) = template.of_type("Events::EventBus").items()
    assert resources_of(granted, "sns:Publish") == {f"${{{topic}}}"}
    assert resources_of(granted, "events:PutEvents") == {f"${{{bus}.Arn}}"}
    key = template.of_type("SNS::Topic")[topic]["Properties"]["KmsMasterKeyId"]
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert resources_of(granted, action) == {key}


@pytest.mark.parametrize("listener", ["notify_topic", "notify_bus"])
def test_one_listener_is_enough(listener: str) -> None:
    stack = cdk.Stack(cdk.App(), "Loans")
    made = {"notify_topic": sns.Topic, "notify_bus": events.EventBus}[listener](stack, "Listener")
    pipeline(stack, **{listener: made})
    template = template_of(stack)
    how = {"notify_topic": "Publish", "notify_bus": "Send"}[listener]
    assert told(template) == {f"{how}{end}" for end in ENDS}
    granted = actions(template.statements("BiasStateMachineRole"))
    assert ("sns:Publish" in granted, "events:PutEvents" in granted) == (
        listener == "notify_topic",
        listener == "notify_bus",
    )
    assert not {action for action in granted if action.startswith("kms:")}


def test_paths_that_a_run_may_not_have_are_not_read(template: Template) -> None:
    """A path that is not there ends an execution, and no Catch stops that."""
    # This config names its own data, so that Prepare's state has no dataset_uri.
    assert "$.dataset_uri" not in str([template.state(name) for name in told(template)])
    known = {"$.explanation.reason", "$.explanation.error", "$$.Execution.Id"}
    never_prepared = str(
        [template.state(f"{how}PreparationFailure")["Parameters"] for how in ("Publish", "Send")]
    )
    assert set(re.findall(r"\$\$?\.[\w.]+", never_prepared)) == known
    nothing_known = str(
        [template.state(f"{how}UnexplainedFailure")["Parameters"] for how in ("Publish", "Send")]
    )
    assert set(re.findall(r"\$\$?\.[\w.]+", nothing_known)) == {"$$.Execution.Id"}


@pytest.mark.parametrize(
    ("stack", "construct", "name"),
    [
        ("Loans", "Bias", "Loans/Bias"),
        ("Loans", "Bias 'of' {2026}\\", "Loans/Bias -of- -2026--"),
        ("Loans", "Größe", "Loans/Gr--e"),
        ("L" * 100, "Bias", "L" * 80),
    ],
)
def test_a_subject_is_short_and_plain(stack: str, construct: str, name: str) -> None:
    made = cdk.Stack(cdk.App(), stack)
    pipeline(made, construct, notify_topic=sns.Topic(made, "Topic"))
    subject = template_of(made).state("PublishVerdict")["Parameters"]["Subject.$"]
    assert subject == f"States.Format('Clarify {{}}: {name}', $.check.verdict)"
    longest = subject.split("'")[1].replace("{}", "rejected")
    assert len(longest) < 100
    assert longest.isascii()


def test_pipelines_of_stacks_with_the_same_path_have_different_names() -> None:
    def name_in(stack_name: str) -> str:
        stack = cdk.Stack(cdk.App(), "Loans", stack_name=stack_name)
        nested = cdk.NestedStack(stack, "Inner")
        pipeline(nested, notify_bus=events.EventBus(nested, "Bus"))
        app = stack.node.root
        assert isinstance(app, cdk.App)
        folder = app.synth().directory
        (file,) = Path(folder).glob("*.nested.template.json")
        (found,) = set(re.findall(r'"pipeline\\":\\"([^\\]*)', file.read_text()))
        return str(found)

    assert name_in("Loans-dev") == "Loans-dev/Inner/Bias"
    assert name_in("Loans-test") == "Loans-test/Inner/Bias"


def test_a_whole_stack_hands_its_listeners_to_its_pipeline() -> None:
    app = cdk.App()
    around = cdk.Stack(app, "Around")
    stack = ClarifyStack(
        app,
        "Loans",
        config=pre_training(),
        vpc=False,
        notify_topic=sns.Topic.from_topic_arn(
            around, "Topic", "arn:aws:sns:eu-central-1:111122223333:people"
        ),
        notify_bus=events.EventBus.from_event_bus_name(around, "Bus", "default"),
        publish_metrics=True,
    )
    template = template_of(stack)
    assert told(template) == {f"{how}{end}" for how in ("Publish", "Send") for end in ENDS}
    payload = template.state("CheckResults")["Parameters"]["Payload"]
    assert payload["metrics_for"] == "Loans/Pipeline"
    granted = template.statements("PipelineStateMachineRole")
    assert resources_of(granted, "sns:Publish") == {"arn:aws:sns:eu-central-1:111122223333:people"}
    bus = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"
    assert resources_of(granted, "events:PutEvents") == {bus}
