"""How buckets, functions and the state machine are made, with and without feature flags."""

from __future__ import annotations

import pytest

from support_constructs.templates import FLAGS, Template, assembly


@pytest.fixture(params=FLAGS)
def flags(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def template(flags: str) -> Template:
    return assembly(flags).template("ModelInOwnVpc")


@pytest.fixture(params=["Data", "Results"])
def bucket(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_bucket_is_private_encrypted_and_versioned(template: Template, bucket: str) -> None:
    properties = template.only("S3::Bucket", bucket)
    assert properties["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert properties["BucketEncryption"] == {
        "ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        ]
    }
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}


def test_a_bucket_outlives_its_stack(template: Template, bucket: str) -> None:
    (resource,) = [
        resource
        for name, resource in template.of_type("S3::Bucket").items()
        if name.startswith(bucket)
    ]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_a_bucket_refuses_whoever_comes_without_tls(template: Template, bucket: str) -> None:
    policy = template.only("S3::BucketPolicy", bucket)
    name = policy["Bucket"].strip("${}")
    assert {
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Resource": [f"${{{name}.Arn}}", f"${{{name}.Arn}}/*"],
    } in policy["PolicyDocument"]["Statement"]


def test_results_keep_their_newest_version_and_lose_old_ones(template: Template) -> None:
    (rule,) = template.only("S3::Bucket", "Results")["LifecycleConfiguration"]["Rules"]
    assert rule == {
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
        "Status": "Enabled",
    }


@pytest.mark.parametrize("function", ["PipelinePreparation", "Check"])
def test_a_function_is_traced_and_logs_for_a_while(template: Template, function: str) -> None:
    properties = template.only("Lambda::Function", function)
    assert properties["TracingConfig"] == {"Mode": "Active"}
    assert properties["Runtime"] == "python3.13"
    assert properties["Timeout"] == 60
    group = properties["LoggingConfig"]["LogGroup"].strip("${}")
    assert group.startswith(f"{function}LogGroup")
    assert template.of_type("Logs::LogGroup")[group]["Properties"]["RetentionInDays"] == 90


def test_the_state_machine_is_standard_traced_and_logged_without_data(template: Template) -> None:
    properties = template.only("StepFunctions::StateMachine", "PipelineStateMachine")
    assert properties["StateMachineType"] == "STANDARD"
    assert properties["TracingConfiguration"] == {"Enabled": True}
    logging = properties["LoggingConfiguration"]
    assert logging["Level"] == "ALL"
    assert not logging.get("IncludeExecutionData", False)
    (destination,) = logging["Destinations"]
    assert destination["CloudWatchLogsLogGroup"]["LogGroupArn"].startswith("${PipelineLogGroup")


def test_the_stack_tells_where_to_put_data_and_what_to_start(template: Template) -> None:
    outputs = {name: output["Value"] for name, output in template.document["Outputs"].items()}
    machine = template.logical_id("StepFunctions::StateMachine", "PipelineStateMachine")
    assert outputs == {
        "StateMachineArn": f"${{{machine}}}",
        "DataBucketName": "${Data666C94C7}",
        "ResultsBucketName": "${Results25575328}",
        "DatasetUri": "s3://${Data666C94C7}/dataset/",
        "ResultsUri": "s3://${Results25575328}/clarify",
    }


def test_logical_ids_of_what_holds_data_do_not_depend_on_flags() -> None:
    first, second = (assembly(flags).template("ModelInOwnVpc") for flags in FLAGS)
    for kind in ("S3::Bucket", "StepFunctions::StateMachine", "Logs::LogGroup"):
        assert set(first.of_type(kind)) == set(second.of_type(kind)) != set()
