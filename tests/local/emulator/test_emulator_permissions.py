"""IAM enforcement: every service's calls need their own action on their own resource."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    make_bucket,
    make_endpoint,
    make_model,
    make_role,
    unique,
)
from support_emulator.people import ACCOUNT, As, denied


def test_a_missing_right_is_answered_in_the_services_own_words(emulator: Emulator) -> None:
    person = As(emulator, [allow("sagemaker:DescribeModel", "arn:aws:sagemaker:*:*:model/mine")])
    emulator.enforce_iam()

    response = denied(person.client("sagemaker").describe_model, ModelName="yours")

    name = person.arn.rsplit("/", 1)[-1]
    assert response["Error"]["Code"] == "AccessDeniedException"
    assert response["Error"]["Message"] == (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{name}/test is not authorized to perform:"
        f" sagemaker:DescribeModel on resource: arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/yours"
        " because no identity-based policy allows the sagemaker:DescribeModel action"
    )
    assert response["ResponseMetadata"]["RequestId"]


CALLS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    # service, method, parameters, action, resource, code of the denial
    (
        "sagemaker",
        "describe_endpoint",
        {"EndpointName": "sm-clarify-a"},
        "sagemaker:DescribeEndpoint",
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/sm-clarify-*",
        "AccessDeniedException",
    ),
    (
        "sagemaker",
        "describe_endpoint_config",
        {"EndpointConfigName": "sm-clarify-a"},
        "sagemaker:DescribeEndpointConfig",
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint-config/sm-clarify-*",
        "AccessDeniedException",
    ),
    (
        "sagemaker",
        "list_tags",
        {"ResourceArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/a"},
        "sagemaker:ListTags",
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/*",
        "AccessDeniedException",
    ),
    (
        "sagemaker-runtime",
        "invoke_endpoint",
        {"EndpointName": "sm-clarify-a", "Body": b'{"rows": 1}'},
        "sagemaker:InvokeEndpoint",
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/sm-clarify-*",
        "AccessDeniedException",
    ),
    (
        "stepfunctions",
        "describe_state_machine",
        {"stateMachineArn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:a"},
        "states:DescribeStateMachine",
        f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:a",
        "AccessDeniedException",
    ),
    (
        "lambda",
        "get_function",
        {"FunctionName": "a"},
        "lambda:GetFunction",
        f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:a",
        "AccessDeniedException",
    ),
    (
        "logs",
        "create_log_stream",
        {"logGroupName": "/aws/x", "logStreamName": "s"},
        "logs:CreateLogStream",
        f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/x:*",
        "AccessDeniedException",
    ),
    (
        "sns",
        "get_topic_attributes",
        {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:a"},
        "sns:GetTopicAttributes",
        f"arn:aws:sns:us-east-1:{ACCOUNT}:a",
        "AuthorizationError",
    ),
    (
        "ssm",
        "get_parameter",
        {"Name": "/cdk-bootstrap/x"},
        "ssm:GetParameter",
        f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/cdk-bootstrap/*",
        "AccessDeniedException",
    ),
    (
        "events",
        "describe_rule",
        {"Name": "a"},
        "events:DescribeRule",
        f"arn:aws:events:us-east-1:{ACCOUNT}:rule/a",
        "AccessDeniedException",
    ),
    (
        "iam",
        "get_role",
        {"RoleName": "nobody"},
        "iam:GetRole",
        f"arn:aws:iam::{ACCOUNT}:role/nobody",
        "AccessDenied",
    ),
    (
        "cloudformation",
        "describe_stack_resources",
        {"StackName": "nothing"},
        "cloudformation:DescribeStackResources",
        f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/nothing/*",
        "AccessDenied",
    ),
    ("ec2", "describe_vpcs", {}, "ec2:DescribeVpcs", "*", "UnauthorizedOperation"),
]


@pytest.mark.parametrize(
    ("service", "method", "parameters", "action", "resource", "code"),
    CALLS,
    ids=[call[3] for call in CALLS],
)
def test_a_call_needs_its_action_on_its_resource(
    emulator: Emulator,
    service: str,
    method: str,
    parameters: dict[str, Any],
    action: str,
    resource: str,
    code: str,
) -> None:
    allowed = As(emulator, [allow(action, resource)])
    elsewhere = As(emulator, [allow(action, "arn:aws:nothing:::elsewhere")])
    emulator.enforce_iam()

    response = denied(getattr(elsewhere.client(service), method), **parameters)
    assert response["Error"]["Code"] == code
    assert f"is not authorized to perform: {action} on" in response["Error"]["Message"]
    try:
        getattr(allowed.client(service), method)(**parameters)
    except ClientError as error:  # what is asked for need not exist
        message = str(error)
    else:
        message = ""
    assert "not authorized" not in message


def test_an_endpoint_needs_both_its_own_right_and_its_configurations(emulator: Emulator) -> None:
    model = make_model(emulator)
    shared = make_endpoint(emulator, model)
    prefix = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"
    name = unique("made")
    only_endpoint = As(emulator, [allow("sagemaker:CreateEndpoint", f"{prefix}:endpoint/{name}")])
    emulator.enforce_iam()

    response = denied(
        only_endpoint.client("sagemaker").create_endpoint,
        EndpointName=name,
        EndpointConfigName=shared,
    )

    assert f"{prefix}:endpoint-config/{shared}" in response["Error"]["Message"]


def test_tags_need_the_right_to_tag(emulator: Emulator) -> None:
    model = make_model(emulator)
    person = As(emulator, [allow("sagemaker:CreateEndpointConfig")])
    request = {
        "EndpointConfigName": unique("config"),
        "ProductionVariants": [
            {
                "VariantName": "AllTraffic",
                "ModelName": model,
                "InitialInstanceCount": 1,
                "InstanceType": "ml.m5.xlarge",
            }
        ],
    }
    emulator.enforce_iam()
    create = person.client("sagemaker").create_endpoint_config

    response = denied(create, **request, Tags=[{"Key": "a", "Value": "b"}])

    assert "perform: sagemaker:AddTags" in response["Error"]["Message"]
    create(**request)


def test_the_keys_of_conditions_on_sagemaker_are_known(emulator: Emulator) -> None:
    model = make_model(emulator)
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model/{model}"
    mine = allow("sagemaker:CreateEndpointConfig", StringEquals={"sagemaker:ModelArn": arn})
    other = allow(
        "sagemaker:CreateEndpointConfig", StringEquals={"sagemaker:ModelArn": arn + "-other"}
    )
    tagging = allow(
        "sagemaker:AddTags", StringEquals={"sagemaker:TaggingAction": "CreateEndpointConfig"}
    )
    one, two = As(emulator, [mine, tagging]), As(emulator, [other, tagging])
    emulator.enforce_iam()

    def create(person: As) -> None:
        person.client("sagemaker").create_endpoint_config(
            EndpointConfigName=unique("config"),
            Tags=[{"Key": "a", "Value": "b"}],
            ProductionVariants=[
                {
                    "VariantName": "AllTraffic",
                    "ModelName": model,
                    "InitialInstanceCount": 1,
                    "InstanceType": "ml.m5.xlarge",
                }
            ],
        )

    create(one)
    with pytest.raises(ClientError, match="sagemaker:CreateEndpointConfig"):
        create(two)


def test_a_permissions_boundary_limits_a_role(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"a": "1"})
    person, iam = As(emulator, [allow("s3:*")]), emulator.session().client("iam")
    boundary = iam.create_policy(
        PolicyName=unique("boundary"),
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:PutObject")]}),
    )["Policy"]["Arn"]
    iam.put_role_permissions_boundary(
        RoleName=person.arn.rsplit("/", 1)[-1], PermissionsBoundary=boundary
    )
    emulator.enforce_iam()

    assert denied(person.client("s3").get_object, Bucket=bucket, Key="a")
    person.client("s3").put_object(Bucket=bucket, Key="b", Body=b"")


def test_a_boundary_that_is_not_here_is_said_to_be_left_out(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"a": "1"})
    person, iam = As(emulator, [allow("s3:GetObject")]), emulator.session().client("iam")
    boundary = f"arn:aws:iam::123456789012:policy/{unique('team')}"
    iam.put_role_permissions_boundary(
        RoleName=person.arn.rsplit("/", 1)[-1], PermissionsBoundary=boundary
    )
    emulator.enforce_iam()

    person.client("s3").get_object(Bucket=bucket, Key="a")
    assert denied(person.client("s3").put_object, Bucket=bucket, Key="b", Body=b"")
    assert f"the permissions boundary {boundary}, which is not known here" in emulator.notes()


def test_keys_of_somebody_else_are_refused_even_without_enforcement(emulator: Emulator) -> None:
    make: Any = boto3.client

    def client(service: str) -> Any:
        return make(
            service,
            endpoint_url=emulator.endpoint,
            region_name="us-east-1",
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="x",
        )

    assert denied(client("s3").list_buckets)["Error"]["Code"] == "InvalidAccessKeyId"
    assert denied(client("sts").get_caller_identity)["Error"]["Code"] == "InvalidClientTokenId"
    response = denied(client("sagemaker").list_models)
    assert response["Error"]["Code"] == "UnrecognizedClientException"


def test_taking_on_a_role_needs_its_trust_and_the_right(emulator: Emulator) -> None:
    target = make_role(emulator, "sagemaker")
    person = As(emulator, [allow("sts:AssumeRole", "*")])
    stranger = As(emulator, [allow("s3:*")])
    emulator.enforce_iam()

    def take_on(whose: As, role: str) -> dict[str, Any]:
        call = whose.client("sts").assume_role
        return denied(call, RoleArn=role, RoleSessionName="mine")

    assert take_on(person, target)["Error"]["Code"] == "AccessDenied"  # trusts SageMaker only
    assert take_on(stranger, person.arn)["Error"]["Code"] == "AccessDenied"
    assert person.client("sts").assume_role(RoleArn=stranger.arn, RoleSessionName="mine")


def test_each_repository_that_is_described_needs_the_right(emulator: Emulator) -> None:
    registry, mine, yours = emulator.session().client("ecr"), unique("mine"), unique("yours")
    for name in (mine, yours):
        registry.create_repository(repositoryName=name)
    arn = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/{mine}"
    person = As(emulator, [allow("ecr:DescribeRepositories", arn)]).client("ecr")
    emulator.enforce_iam()

    assert person.describe_repositories(repositoryNames=[mine])["repositories"]
    denied(person.describe_repositories, repositoryNames=[mine, yours])
    denied(person.describe_repositories)
