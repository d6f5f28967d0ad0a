"""What the model registry tells, and what making a model of a package needs."""

from __future__ import annotations

from dataclasses import dataclass

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from support_aws.account import Account
from support_aws.stacks import Deployed, deploy, heard, hosting_role, listener

COST = "nothing, 5 minutes"


@dataclass(frozen=True)
class Package:
    """A package that awaits approval."""

    account: Account
    stack: Deployed
    arn: str

    def make_model(self, role: str, name: str) -> None:
        client = self.account.client_as(self.stack[role], "sagemaker")
        client.create_model(
            ModelName=name,
            ExecutionRoleArn=self.stack["HostingArn"],
            PrimaryContainer={"ModelPackageName": self.arn},
        )
        self.account.later(self.account.client("sagemaker").delete_model, ModelName=name)


@pytest.fixture(scope="module")
def package(account: Account) -> Package:
    group = account.prefix

    def make(stack: cdk.Stack) -> None:
        hosting = hosting_role(stack, "Hosting", account.image)
        models = stack.format_arn(service="sagemaker", resource="model", resource_name=f"{group}*")
        packages = stack.format_arn(
            service="sagemaker", resource="model-package", resource_name=f"{group}/*"
        )
        for name, resources in {"ModelOnly": [models], "Both": [models, packages]}.items():
            role = iam.Role(stack, f"{name}Role", assumed_by=iam.AccountPrincipal(stack.account))
            role.add_to_policy(
                iam.PolicyStatement(actions=["sagemaker:CreateModel"], resources=resources)
            )
            hosting.grant_pass_role(role)
            cdk.CfnOutput(stack, name, value=role.role_arn)
        listener(
            stack,
            "HeardArn",
            events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Model Package State Change"],
                detail={
                    "ModelPackageGroupName": [group],
                    "ModelApprovalStatus": ["PendingManualApproval"],
                },
            ),
        )

    stack = deploy(account, "packages", make)
    sagemaker = account.client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    if account.emulator is None:  # which knows no way to delete either
        account.later(sagemaker.delete_model_package_group, ModelPackageGroupName=group)
    made = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [{"Image": account.image}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )
    arn = made["ModelPackageArn"]
    if account.emulator is None:
        account.later(sagemaker.delete_model_package, ModelPackageName=arn)
    return Package(account, stack, arn)


@pytest.mark.proves("package-event", cost=COST)
def test_a_package_that_awaits_approval_is_told_with_its_arn(package: Package) -> None:
    found = package.account.wait_for(lambda: heard(package.account, package.stack["HeardArn"]), 5)
    assert found[0]["detail"]["ModelPackageArn"] == package.arn


@pytest.mark.proves("package-right", cost=COST)
def test_a_model_of_a_package_needs_a_right_on_the_package_too(package: Package) -> None:
    with pytest.raises(ClientError) as refused:
        package.make_model("ModelOnly", f"{package.account.prefix}-refused")
    package.make_model("Both", f"{package.account.prefix}-made")
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
