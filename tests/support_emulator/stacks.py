"""Deploys templates to the emulator, and makes parts of templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from clarify_local.emulator.client import Emulator

Resources = Mapping[str, Any]


class Stacks:
    """Deploys templates as the CDK CLI does, by change sets of one name."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.cloudformation = emulator.session().client("cloudformation")

    def deploy(self, name: str, resources: Resources, **template: Any) -> dict[str, Any]:
        exists = any(
            stack["StackName"] == name for stack in self.cloudformation.describe_stacks()["Stacks"]
        )
        parameters = template.pop("parameters", [])
        change_set = self.cloudformation.create_change_set(
            StackName=name,
            ChangeSetName="cdk-deploy-change-set",
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateBody=json.dumps({"Resources": resources, **template}),
            Parameters=parameters,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        described = self.cloudformation.describe_change_set(
            StackName=name, ChangeSetName="cdk-deploy-change-set"
        )
        assert described["ChangeSetId"] == change_set["Id"]
        self.cloudformation.execute_change_set(
            StackName=name, ChangeSetName="cdk-deploy-change-set"
        )
        stack: dict[str, Any] = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return stack

    def outputs(self, stack: Mapping[str, Any]) -> dict[str, str]:
        return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}

    def physical(self, name: str, logical: str) -> str:
        found = self.cloudformation.describe_stack_resources(
            StackName=name, LogicalResourceId=logical
        )["StackResources"]
        return str(found[0]["PhysicalResourceId"])


def role(*statements: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "states.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    policies = [
        {
            "PolicyName": "inline",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
        }
    ]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": trust,
            **({"Policies": policies} if statements else {}),
            **properties,
        },
    }
