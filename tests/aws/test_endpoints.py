"""What SageMaker lets the job's rights do with endpoints, tried with a role that has them alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from botocore.exceptions import ClientError

from clarify_cdk import Analysis
from clarify_cdk.job_rights import predict_statements, sagemaker_arns
from clarify_cdk.place import Place
from clarify_contract import AnalysisConfig
from support_aws.account import Account
from support_aws.endpoints import endpoints, remove_endpoints
from support_aws.jobs import config_of
from support_aws.stacks import deploy, hosting_role


@dataclass(frozen=True)
class Hosting:
    """Two models, and a client that may host one of them."""

    account: Account
    client: Any
    allowed: str
    other: str

    def variant(self, model: str) -> list[dict[str, Any]]:
        return [
            {
                "VariantName": "All",
                "ModelName": model,
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 1,
                # The image serves nothing: the endpoint fails after this, and can be deleted.
                "ContainerStartupHealthCheckTimeoutInSeconds": 60,
            }
        ]

    def make_config(self, name: str, model: str) -> str:
        made = self.client.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=self.variant(model)
        )
        self.account.later(remove_endpoints, self.account, name)
        return str(made["EndpointConfigArn"])

    def status(self, endpoint: str) -> str:
        described = self.client.describe_endpoint(EndpointName=endpoint)
        return str(described["EndpointStatus"])


@pytest.fixture(scope="module")
def hosting(account: Account) -> Hosting:
    allowed, other = f"{account.prefix}-own", f"{account.prefix}-others"

    def make(stack: cdk.Stack) -> None:
        place = Place.of(stack)
        analysis = Analysis(
            config=AnalysisConfig(**config_of(allowed)),
            results_bucket=s3.Bucket.from_bucket_name(stack, "Results", "none-results"),
            dataset_bucket=s3.Bucket.from_bucket_name(stack, "Data", "none-data"),
        )
        role = iam.Role(stack, "Rights", assumed_by=iam.AccountPrincipal(place.account))
        for statement in predict_statements(place, analysis):
            role.add_to_policy(statement)
        hosting_role(stack, "Model", account.image)
        cdk.CfnOutput(stack, "RightsArn", value=role.role_arn)

    stack = deploy(account, "hosting", make)
    admin = account.client("sagemaker")
    for name in (allowed, other):
        admin.create_model(
            ModelName=name,
            ExecutionRoleArn=stack["ModelArn"],
            PrimaryContainer={"Image": account.image},
        )
        account.later(admin.delete_model, ModelName=name)
    return Hosting(account, account.client_as(stack["RightsArn"], "sagemaker"), allowed, other)


@pytest.mark.proves("model-arn-condition", cost="nothing, 2 minutes")
def test_the_condition_on_the_models_arn_is_judged(hosting: Hosting) -> None:
    name = hosting.account.prefix
    hosting.make_config(f"{name}-one", hosting.allowed)
    with pytest.raises(ClientError) as refused:
        hosting.make_config(f"{name}-two", hosting.other)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.proves("arn-case", cost="nothing, 2 minutes")
def test_an_arn_is_written_in_one_of_the_two_ways_that_are_granted(hosting: Hosting) -> None:
    account, model = hosting.account, f"{hosting.account.prefix}-Mixed-Case"
    sagemaker = account.client("sagemaker")
    role = sagemaker.describe_model(ModelName=hosting.allowed)["ExecutionRoleArn"]
    made = sagemaker.create_model(
        ModelName=model, ExecutionRoleArn=role, PrimaryContainer={"Image": account.image}
    )
    account.later(sagemaker.delete_model, ModelName=model)
    arn = made["ModelArn"]
    place = Place(arn.split(":")[1], account.region, account.number)
    assert arn in sagemaker_arns(place, "model", [model])


@pytest.mark.proves("creating-not-deleted", cost="0.03 USD, 20 minutes, one endpoint")
def test_an_endpoint_that_is_creating_is_not_deleted_and_later_is(hosting: Hosting) -> None:
    account, client = hosting.account, hosting.client
    name = f"{account.prefix}-early"
    hosting.make_config(name, hosting.allowed)
    client.create_endpoint(EndpointName=name, EndpointConfigName=name)
    assert hosting.status(name) == "Creating"

    with pytest.raises(ClientError) as refused:
        client.delete_endpoint(EndpointName=name)
    account.wait_for(lambda: hosting.status(name) != "Creating", 40)
    client.delete_endpoint(EndpointName=name)

    assert refused.value.response["Error"]["Code"] == "ValidationException"
    account.wait_for(lambda: not endpoints(account, name), 15)
