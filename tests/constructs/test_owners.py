"""What other accounts must allow: the mirror of what the roles may do, and nothing more."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from clarify_cdk import Analysis, ClarifyPipeline
from clarify_cdk.testing.readable import readable
from support_constructs.configs import pre_training, with_endpoint
from support_constructs.stacks import FRANKFURT
from support_constructs.templates import Template, statements_of, template_of

OTHER = "999922223333"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Loans", env=FRANKFURT)


def bucket(stack: cdk.Stack, name: str, account: str | None = None) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, name, bucket_name=name.lower(), account=account)


def key(stack: cdk.Stack, name: str, account: str = OTHER) -> kms.IKey:
    arn = f"arn:aws:kms:eu-central-1:{account}:key/{name.lower()}"
    return kms.Key.from_key_arn(stack, name, arn)


def printed(template: Template) -> dict[str, list[dict[str, Any]]]:
    """Return the statements that outputs print, by what they are about."""
    return {
        name.removeprefix("Bias").partition("Policy")[0]: statements_of(
            readable(json.loads(output["Value"]))
        )
        for name, output in template.document.get("Outputs", {}).items()
    }


def asked(statements: list[dict[str, Any]]) -> set[tuple[str, str, str, str]]:
    """Return (role, action, resource, condition) of statements, each on its own."""
    found = set()
    for statement in statements:
        assert statement["Effect"] == "Allow"
        role = statement["Principal"]["AWS"].removeprefix("${Bias").partition("Role")[0]
        condition = json.dumps(statement.get("Condition", {}))
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                found.add((role, action, resource.rpartition(":")[2], condition))
    return found


@pytest.mark.proves("owners")
def test_a_bucket_of_another_account_must_let_in_each_role_that_uses_it(stack: cdk.Stack) -> None:
    analysis = Analysis(
        config=pre_training(),
        dataset_bucket=bucket(stack, "Lake", OTHER),
        results_bucket=bucket(stack, "Results", OTHER),
    )
    ClarifyPipeline(stack, "Bias", analysis=analysis)
    found = printed(template_of(stack))
    assert found.keys() == {"DatasetBucket", "ResultsBucket"}
    below = json.dumps({"StringLike": {"s3:prefix": "dataset/*"}})
    assert asked(found["DatasetBucket"]) == {
        (role, action, resource, condition)
        for role in ("Job", "Preparation")
        for action, resource, condition in (
            ("s3:ListBucket", "lake", below),
            ("s3:GetObject", "lake/dataset/*", "{}"),
        )
    }
    runs = "results/clarify/clarify-*"
    results = {
        (role, action, resource) for role, action, resource, _ in asked(found["ResultsBucket"])
    }
    assert results == {
        ("Job", "s3:ListBucket", "results"),
        ("Job", "s3:GetObject", f"{runs}/config/*"),
        ("Job", "s3:PutObject", f"{runs}/output/*"),
        ("Preparation", "s3:PutObject", f"{runs}/config/analysis_config.json"),
        ("Preparation", "s3:PutObject", f"{runs}/preflight.json"),
        ("Preparation", "s3:PutObject", f"{runs}/verdict.json"),
        ("Check", "s3:GetObject", f"{runs}/preflight.json"),
        ("Check", "s3:ListBucket", "results"),
        ("Check", "s3:GetObject", f"{runs}/output/analysis.json"),
        ("Check", "s3:PutObject", f"{runs}/verdict.json"),
    }


def test_a_key_of_another_account_must_let_them_use_it(stack: cdk.Stack) -> None:
    analysis = Analysis(
        config=with_endpoint(),
        results_bucket=bucket(stack, "Results"),
        results_key=key(stack, "Output"),
        encryption_keys=[key(stack, "Lake"), key(stack, "Near", "111122223333")],
    )
    ClarifyPipeline(stack, "Bias", analysis=analysis, volume_key=key(stack, "Volume"))
    found = {name: asked(statements) for name, statements in printed(template_of(stack)).items()}
    # In the policy of a key, `*` is that key.
    assert found == {
        "DataKey": {("Job", "kms:Decrypt", "*", "{}"), ("Preparation", "kms:Decrypt", "*", "{}")},
        "ResultsKey": {
            ("Job", "kms:Decrypt", "*", "{}"),
            ("Job", "kms:Encrypt", "*", "{}"),
            ("Job", "kms:GenerateDataKey", "*", "{}"),
            ("Check", "kms:Decrypt", "*", "{}"),
        },
        "VolumeKey": {("Job", "kms:CreateGrant", "*", "{}")},
    }


def test_a_topic_and_a_bus_of_another_account_must_let_the_state_machine_publish(
    stack: cdk.Stack,
) -> None:
    analysis = Analysis(
        config=pre_training(),
        dataset_bucket=bucket(stack, "Data"),
        results_bucket=bucket(stack, "Results"),
    )
    place = f"eu-central-1:{OTHER}"
    ClarifyPipeline(
        stack,
        "Bias",
        analysis=analysis,
        notify_topic=sns.Topic.from_topic_attributes(
            stack,
            "Topic",
            topic_arn=f"arn:aws:sns:{place}:verdicts",
            key_arn=f"arn:aws:kms:{place}:key/topic",
        ),
        notify_bus=events.EventBus.from_event_bus_arn(
            stack, "Bus", f"arn:aws:events:{place}:event-bus/verdicts"
        ),
    )
    found = {name: asked(statements) for name, statements in printed(template_of(stack)).items()}
    assert found == {
        "Topic": {("StateMachine", "sns:Publish", "verdicts", "{}")},
        "TopicKey": {
            ("StateMachine", "kms:Decrypt", "*", "{}"),
            ("StateMachine", "kms:GenerateDataKey", "*", "{}"),
        },
        "Bus": {("StateMachine", "events:PutEvents", "event-bus/verdicts", "{}")},
    }


def test_one_warning_names_every_output(stack: cdk.Stack) -> None:
    analysis = Analysis(
        config=pre_training(),
        dataset_bucket=bucket(stack, "Lake", OTHER),
        results_bucket=bucket(stack, "Results", OTHER),
    )
    ClarifyPipeline(stack, "Bias", analysis=analysis)
    outputs = template_of(stack).document["Outputs"]
    (warning,) = assertions.Annotations.from_stack(stack).find_warning(
        "/Loans/Bias", assertions.Match.string_like_regexp("clarify-cdk:other-account")
    )
    assert all(name in str(warning.entry.data) for name in outputs)
    descriptions = {output["Description"] for output in outputs.values()}
    assert all(f"account {OTHER} must allow" in description for description in descriptions)


@pytest.mark.parametrize("account", [None, "111122223333"])
def test_what_the_account_itself_owns_needs_nothing(stack: cdk.Stack, account: str | None) -> None:
    analysis = Analysis(
        config=pre_training(),
        dataset_bucket=bucket(stack, "Data", account),
        results_bucket=bucket(stack, "Results", account),
        encryption_keys=[key(stack, "Key", "111122223333")],
    )
    ClarifyPipeline(stack, "Bias", analysis=analysis)
    assert "Outputs" not in template_of(stack).document


def test_a_bucket_that_only_an_address_names_can_be_asked_about(stack: cdk.Stack) -> None:
    analysis = Analysis(config=with_endpoint(), results_bucket=bucket(stack, "Results"))
    pipeline = ClarifyPipeline(stack, "Bias", analysis=analysis)
    policy = stack.resolve(pipeline.resource_policy("arn:aws:s3:::lake").to_json())
    assert {
        (role, action, resource)
        for role, action, resource, _ in asked(statements_of(readable(policy)))
    } == {
        ("Job", "s3:ListBucket", "lake"),
        ("Job", "s3:GetObject", "lake/loans/2026.csv*"),
        ("Job", "s3:GetObject", "lake/baselines/loans.csv*"),
        ("Preparation", "s3:ListBucket", "lake"),
        ("Preparation", "s3:GetObject", "lake/loans/2026.csv*"),
        ("Preparation", "s3:GetObject", "lake/baselines/loans.csv*"),
    }
    assert pipeline.resource_policy("arn:aws:s3:::lak").is_empty


def test_an_output_is_described_without_functions_which_a_description_may_not_have(
    stack: cdk.Stack,
) -> None:
    arn = cdk.Fn.import_value("results-arn")
    analysis = Analysis(
        config=pre_training(),
        dataset_bucket=bucket(stack, "Lake", OTHER),
        results_bucket=s3.Bucket.from_bucket_attributes(
            stack, "Results", bucket_arn=arn, account=OTHER
        ),
        encryption_keys=[key(stack, "Key")],
    )
    pipeline = ClarifyPipeline(stack, "Bias", analysis=analysis)
    root = stack.node.root
    assert isinstance(root, cdk.App)
    outputs = root.synth().get_stack_by_name(stack.stack_name).template["Outputs"]
    told = f"What account {OTHER} must allow in the policy of"
    assert {output["Description"] for output in outputs.values()} == {
        f"{told} lake",
        f"{told} arn:aws:kms:eu-central-1:{OTHER}:key/key",
        f"{told} ResultsBucket",
    }
    # By the ARN too, which tells nobody here the bucket's name.
    assert pipeline.resource_policy(arn).to_json() == (
        pipeline.resource_policy(f"arn:aws:s3:::{analysis.results_bucket.bucket_name}").to_json()
    )
    assert not pipeline.resource_policy(arn).is_empty
