"""IAM enforcement: every service's calls need their own action on their own resource."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    finished_job,
    job_request,
    job_statements,
    make_bucket,
    make_endpoint,
    make_function,
    make_model,
    make_role,
    prepare_job,
    read,
    run_job,
    set_policy,
    unique,
)

ACCOUNT = "123456789012"


class As:
    """Clients of a role's session, as a program with these keys would make them."""

    def __init__(self, emulator: Emulator, statements: Iterable[Mapping[str, Any]]) -> None:
        iam, sts = emulator.session().client("iam"), emulator.session().client("sts")
        name = unique("person")
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"][
            "Arn"
        ]
        set_policy(emulator, arn, list(statements) or [allow("none:None")])
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        self.arn = arn
        self._emulator = emulator
        self._keys = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self._emulator.endpoint,
            region_name="us-east-1",
            **self._keys,
        )


def denied(call: Any, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response: dict[str, Any] = caught.value.response
    return response


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


def test_objects_and_prefixes_of_s3(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"data/a": "1", "other/a": "2"})
    person = As(
        emulator,
        [
            allow("s3:GetObject", f"arn:aws:s3:::{bucket}/data/*"),
            allow("s3:PutObject", f"arn:aws:s3:::{bucket}/out/*"),
            allow(
                "s3:ListBucket",
                f"arn:aws:s3:::{bucket}",
                StringLike={"s3:prefix": ["data/*", "data"]},
            ),
        ],
    )
    emulator.enforce_iam()
    s3 = person.client("s3")

    assert s3.get_object(Bucket=bucket, Key="data/a")["Body"].read() == b"1"
    assert s3.head_object(Bucket=bucket, Key="data/a")["ContentLength"] == 1
    assert s3.list_objects_v2(Bucket=bucket, Prefix="data/")["KeyCount"] == 1
    s3.put_object(Bucket=bucket, Key="out/a", Body=b"3")
    for call, parameters in (
        (s3.get_object, {"Key": "other/a"}),
        (s3.put_object, {"Key": "data/a", "Body": b""}),
        (s3.list_objects_v2, {"Prefix": "other/"}),
        (s3.list_objects_v2, {}),
        (s3.delete_object, {"Key": "data/a"}),
    ):
        assert denied(call, Bucket=bucket, **parameters)["Error"]["Code"] == "AccessDenied"
    copy = {"Bucket": bucket, "Key": "other/a"}
    assert denied(s3.copy_object, Bucket=bucket, Key="out/b", CopySource=copy)
    assert read(emulator, bucket, "data/a") == "1"


def test_a_missing_object_is_hidden_from_those_who_may_not_list(emulator: Emulator) -> None:
    bucket = make_bucket(emulator)
    reader = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    blind = As(emulator, [reader])
    seeing = As(emulator, [reader, allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")])
    emulator.enforce_iam()

    def code(person: As) -> str:
        response = denied(person.client("s3").get_object, Bucket=bucket, Key="nothing")
        return str(response["Error"]["Code"])

    assert (code(blind), code(seeing)) == ("AccessDenied", "NoSuchKey")


def test_a_buckets_policy_can_deny_what_a_role_allows(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"a": "1"})
    person, other = As(emulator, [allow("s3:*")]), As(emulator, [allow("s3:*")])
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": {"AWS": person.arn},
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{bucket}/*",
            }
        ],
    }
    emulator.session().client("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    emulator.enforce_iam()

    assert denied(person.client("s3").get_object, Bucket=bucket, Key="a")
    assert other.client("s3").get_object(Bucket=bucket, Key="a")


def test_a_bucket_encrypted_by_a_key_needs_the_keys_rights(emulator: Emulator) -> None:
    session = emulator.session()
    key = session.client("kms").create_key()["KeyMetadata"]["Arn"]
    bucket = make_bucket(emulator)
    session.client("s3").put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": key,
                    }
                }
            ]
        },
    )
    objects = allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/*")
    keyless = As(emulator, [objects])
    reader = As(emulator, [objects, allow("kms:Decrypt", key)])
    writer = As(emulator, [objects, allow("kms:GenerateDataKey", key)])
    emulator.enforce_iam()

    assert denied(keyless.client("s3").put_object, Bucket=bucket, Key="a", Body=b"1")
    writer.client("s3").put_object(Bucket=bucket, Key="a", Body=b"1")
    assert denied(writer.client("s3").get_object, Bucket=bucket, Key="a")
    assert reader.client("s3").get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


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


def test_a_job_needs_each_right_of_its_role(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {"write": {"analysis.json": "{}"}})
    emulator.enforce_iam()
    assert run_job(emulator, request)["ProcessingJobStatus"] == "Completed"

    seen = []
    for index, removed in enumerate(job_statements(bucket)):
        statements = job_statements(bucket)
        del statements[index]
        emulator.enforce_iam(False)
        role = make_role(emulator, "sagemaker", statements)
        emulator.enforce_iam()
        job = run_job(emulator, job_request(bucket, role))
        assert job["ProcessingJobStatus"] == "Failed", removed
        seen.append((removed["Action"], job["FailureReason"]))

    reasons = [reason for _, reason in seen]
    assert "Failed to download data. ListObjectsV2" in reasons[0]
    assert "Failed to download data." in reasons[1]
    assert "Failed to upload data. PutObject" in reasons[2]
    assert "permission to perform ecr:GetAuthorizationToken on *" in reasons[3]
    assert "permission to perform ecr:BatchCheckLayerAvailability on" in reasons[4]


def test_a_job_in_a_vpc_needs_the_rights_for_its_interfaces(emulator: Emulator) -> None:
    ec2 = emulator.session().client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"][0]["GroupId"]
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.s3",
        RouteTableIds=[ec2.describe_route_tables(Filters=of_vpc)["RouteTables"][0]["RouteTableId"]],
    )
    network = {"VpcConfig": {"Subnets": [subnet], "SecurityGroupIds": [group]}}
    bucket, request = prepare_job(emulator, {}, NetworkConfig=network)
    emulator.enforce_iam()
    sagemaker = emulator.session().client("sagemaker")

    response = denied(sagemaker.create_processing_job, **request)

    assert response["Error"]["Code"] == "ValidationException"
    assert "ec2:CreateNetworkInterface" in response["Error"]["Message"]
    set_policy(emulator, request["RoleArn"], [*job_statements(bucket), allow("ec2:*")])
    sagemaker.create_processing_job(**request)
    job = finished_job(emulator, request["ProcessingJobName"])
    assert job["ProcessingJobStatus"] == "Completed"


def test_a_function_is_invoked_by_those_who_may(emulator: Emulator) -> None:
    name = make_function(emulator, "def handler(event, context):\n    return 1\n")
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
    allowed, other = (
        As(emulator, [allow("lambda:InvokeFunction", arn)]),
        As(emulator, [allow("lambda:InvokeFunction", f"{arn}-other")]),
    )
    emulator.enforce_iam()

    for named in (name, arn):
        answer = allowed.client("lambda").invoke(FunctionName=named)
        assert answer["Payload"].read() == b"1"
        assert denied(other.client("lambda").invoke, FunctionName=named)
