"""Deploys what a test needs by CDK, without assets, so that no account has to be bootstrapped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk import ClarifyImage
from clarify_cdk.event_rule import start_on_event
from support_aws.account import Account


@dataclass(frozen=True)
class Deployed:
    """A stack that is there.

    Attributes
    ----------
    name
        Of the stack.
    outputs
        Its outputs by their logical ids.
    template
        What was deployed.
    """

    name: str
    outputs: Mapping[str, str]
    template: Mapping[str, Any]

    def __getitem__(self, output: str) -> str:
        return self.outputs[output]


def deploy(account: Account, part: str, make: Callable[[cdk.Stack], None]) -> Deployed:
    """Deploy a stack, and have it deleted at the end, its buckets emptied before."""
    name = f"{account.prefix}-{part}"
    app = cdk.App(analytics_reporting=False)
    # Without account and Region, so that nothing has to be looked up.
    stack = cdk.Stack(app, name, synthesizer=cdk.BootstraplessSynthesizer())
    make(stack)
    cdk.RemovalPolicies.of(stack).destroy()
    template: dict[str, Any] = app.synth().get_stack_by_name(name).template
    cloudformation = account.client("cloudformation")
    account.later(_delete, account, name)
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )

    def ended() -> Any:
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return None if described["StackStatus"] == "CREATE_IN_PROGRESS" else described

    described = account.wait_for(ended, 15)
    assert described["StackStatus"] == "CREATE_COMPLETE", described
    account.settle()
    outputs = {item["OutputKey"]: item["OutputValue"] for item in described.get("Outputs", [])}
    return Deployed(name, outputs, template)


def _delete(account: Account, name: str) -> None:
    cloudformation = account.client("cloudformation")
    for resource in cloudformation.describe_stack_resources(StackName=name)["StackResources"]:
        if resource["ResourceType"] == "AWS::S3::Bucket" and "PhysicalResourceId" in resource:
            _empty(account.client("s3"), resource["PhysicalResourceId"])
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name)


def _empty(client: Any, bucket: str) -> None:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            client.delete_object(Bucket=bucket, Key=item["Key"])


def bucket(stack: cdk.Stack, name: str, **more: Any) -> s3.Bucket:
    """Return a bucket; its name is the output of the same name."""
    made = s3.Bucket(stack, f"{name}Bucket", **more)
    cdk.CfnOutput(stack, name, value=made.bucket_name)
    return made


def hosting_role(stack: cdk.Stack, name: str, image: str) -> iam.Role:
    """Return a role for models of an image; its ARN is the output ``<name>Arn``."""
    role = iam.Role(stack, name, assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    repository = ClarifyImage.from_uri(image).bind(stack).repository_arn
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    role.add_to_policy(iam.PolicyStatement(actions=pull, resources=[repository]))
    role.add_to_policy(iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"]))
    cdk.CfnOutput(stack, f"{name}Arn", value=role.role_arn)
    return role


def listener(stack: cdk.Stack, name: str, pattern: events.EventPattern) -> None:
    """Make a machine that an event starts, by the rule and role that the product makes.

    An execution's input is the event. The machine's ARN is the output of the same name.
    """
    scope = Construct(stack, f"{name}Listener")
    machine = sfn.StateMachine(
        scope,
        "Machine",
        definition_body=sfn.DefinitionBody.from_chainable(sfn.Pass(scope, "Heard")),
    )
    start_on_event(
        scope,
        state_machine=machine,
        description="Tests of facts",
        role_description="Tests of facts",
        pattern=pattern,
        input=events.RuleTargetInput.from_event_path("$"),
    )
    cdk.CfnOutput(stack, name, value=machine.state_machine_arn)


def execute(account: Account, machine_arn: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Run a machine, and return the description of the execution at its end."""
    states = account.client("stepfunctions")
    started = states.start_execution(stateMachineArn=machine_arn, input=json.dumps(given))

    def ended() -> Any:
        described = states.describe_execution(executionArn=started["executionArn"])
        return described if described["status"] != "RUNNING" else None

    described: dict[str, Any] = account.wait_for(ended, 5)
    return described


def heard(account: Account, machine_arn: str) -> list[dict[str, Any]]:
    """Return the inputs of a machine's executions."""
    states = account.client("stepfunctions")
    listed = states.list_executions(stateMachineArn=machine_arn)["executions"]
    described = [states.describe_execution(executionArn=one["executionArn"]) for one in listed]
    return [json.loads(one["input"]) for one in described]
