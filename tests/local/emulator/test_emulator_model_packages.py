"""The emulated model registry: what updates change, what EventBridge hears, models of packages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    IMAGE,
    allow,
    make_bucket,
    make_endpoint,
    make_role,
    model_archive,
    set_policy,
    unique,
)
from support_emulator.workflows import machine, run


def make_package(emulator: Emulator, bucket: str, **more: Any) -> str:
    """Register the artifact of a bucket in a group of its own; return the package's ARN."""
    sagemaker, group = emulator.session().client("sagemaker"), unique("group")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    made = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        InferenceSpecification={
            "Containers": [{"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        **more,
    )
    return str(made["ModelPackageArn"])


@pytest.fixture
def bucket(emulator: Emulator) -> str:
    return make_bucket(emulator, {"model.tar.gz": model_archive()})


def test_a_package_of_a_group_awaits_approval(emulator: Emulator, bucket: str) -> None:
    arn = make_package(emulator, bucket)
    described = emulator.session().client("sagemaker").describe_model_package(ModelPackageName=arn)
    assert described["ModelApprovalStatus"] == "PendingManualApproval"
    assert described["ModelPackageStatus"] == "Completed"


def test_an_update_changes_what_it_names_and_keeps_the_rest(
    emulator: Emulator, bucket: str
) -> None:
    sagemaker = emulator.session().client("sagemaker")
    arn = make_package(emulator, bucket, CustomerMetadataProperties={"a": "1", "b": "2"})
    sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="It is fair."
    )
    sagemaker.update_model_package(
        ModelPackageArn=arn,
        CustomerMetadataProperties={"b": "3", "c": "4"},
        CustomerMetadataPropertiesToRemove=["a"],
    )
    described = sagemaker.describe_model_package(ModelPackageName=arn)
    assert described["ModelApprovalStatus"] == "Approved"
    assert described["ApprovalDescription"] == "It is fair."
    assert described["CustomerMetadataProperties"] == {"b": "3", "c": "4"}


@pytest.mark.parametrize(
    "change",
    [
        {"ModelApprovalStatus": "Fair"},
        {"ApprovalDescription": "x" * 1025},
        {"ApprovalDescription": "two\nlines"},
        {"CustomerMetadataProperties": {"a": "x" * 257}},
        {"CustomerMetadataProperties": {"a": "(b)"}},
    ],
)
def test_an_update_takes_what_the_service_takes(
    emulator: Emulator, bucket: str, change: dict[str, Any]
) -> None:
    arn = make_package(emulator, bucket)
    with pytest.raises(ClientError, match="failed to satisfy constraint"):
        emulator.session().client("sagemaker").update_model_package(ModelPackageArn=arn, **change)


def test_what_an_update_is_not_emulated_for_is_refused(emulator: Emulator, bucket: str) -> None:
    arn = make_package(emulator, bucket)
    with pytest.raises(ClientError, match="not emulated: SourceUri"):
        emulator.session().client("sagemaker").update_model_package(
            ModelPackageArn=arn, SourceUri="s3://b/c"
        )


def test_eventbridge_hears_of_a_package_and_of_what_was_updated(
    emulator: Emulator, bucket: str
) -> None:
    events, name = emulator.session().client("events"), unique("rule")
    taker = machine(emulator, {"Take": {"Type": "Pass", "End": True}}, [])
    role = make_role(emulator, "events", [allow("states:StartExecution", taker)])
    pattern = {"detail-type": ["SageMaker Model Package State Change"]}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": taker, "RoleArn": role}])

    arn = make_package(emulator, bucket)
    emulator.session().client("sagemaker").update_model_package(
        ModelPackageArn=arn, CustomerMetadataProperties={"a": "1"}
    )
    events.remove_targets(Rule=name, Ids=["1"])

    states = emulator.session().client("stepfunctions")
    listed = states.list_executions(stateMachineArn=taker)["executions"]
    described = [states.describe_execution(executionArn=e["executionArn"]) for e in listed]
    details = [json.loads(execution["input"])["detail"] for execution in described]
    assert {detail["ModelPackageArn"] for detail in details} == {arn}
    assert {detail["ModelApprovalStatus"] for detail in details} == {"PendingManualApproval"}
    updated = [detail.get("UpdatedModelPackageFields") for detail in details]
    assert sorted(updated, key=bool) == [None, ["CustomerMetadataProperties"]]


def test_an_endpoint_serves_the_model_of_a_package(emulator: Emulator, bucket: str) -> None:
    arn, name = make_package(emulator, bucket), unique("model")
    sagemaker = emulator.session().client("sagemaker")
    artifact = f"arn:aws:s3:::{bucket}/model.tar.gz"
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=make_role(emulator, "sagemaker", [allow("s3:GetObject", artifact)]),
        PrimaryContainer={"ModelPackageName": arn},
    )
    endpoint = make_endpoint(emulator, name)
    answer = (
        emulator.session()
        .client("sagemaker-runtime")
        .invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body=b"21\n")
    )
    assert answer["Body"].read().strip() == b"42.0"
    container = sagemaker.describe_model(ModelName=name)["PrimaryContainer"]
    assert container == {"ModelPackageName": arn}


def test_no_model_is_made_of_a_package_that_is_not_there(emulator: Emulator) -> None:
    arn = f"arn:aws:sagemaker:us-east-1:{emulator.account}:model-package/nobody/1"
    with pytest.raises(ClientError, match="does not exist"):
        emulator.session().client("sagemaker").create_model(
            ModelName=unique("model"),
            ExecutionRoleArn=make_role(emulator, "sagemaker"),
            PrimaryContainer={"ModelPackageName": arn},
        )


def test_a_model_of_a_package_needs_the_right_on_both(emulator: Emulator, bucket: str) -> None:
    arn, name = make_package(emulator, bucket), unique("model")
    artifact = f"arn:aws:s3:::{bucket}/model.tar.gz"
    model_role = make_role(emulator, "sagemaker", [allow("s3:GetObject", artifact)])
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sagemaker:createModel",
        "Parameters": {
            "ModelName": name,
            "ExecutionRoleArn": model_role,
            "PrimaryContainer": {"ModelPackageName": arn},
        },
        "End": True,
    }
    passing = allow("iam:PassRole", model_role)
    model = f"arn:aws:sagemaker:us-east-1:{emulator.account}:model/{name}"
    creator = machine(emulator, {"Create": task}, [allow("sagemaker:CreateModel", model), passing])
    described = emulator.session().client("stepfunctions").describe_state_machine
    role = described(stateMachineArn=creator)["roleArn"]
    emulator.enforce_iam()

    denied = run(emulator, creator)
    set_policy(emulator, role, [allow("sagemaker:CreateModel", [model, arn]), passing])
    made = run(emulator, creator)

    assert denied["error"] == "SageMaker.SageMakerException"
    assert f"sagemaker:CreateModel on resource: {arn}" in denied["cause"]
    assert made["status"] == "SUCCEEDED", made


@pytest.mark.parametrize("action", ["DescribeModelPackage", "UpdateModelPackage"])
def test_rights_are_those_on_the_package(emulator: Emulator, bucket: str, action: str) -> None:
    arn = make_package(emulator, bucket)
    key = "ModelPackageName" if action.startswith("Describe") else "ModelPackageArn"
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:sagemaker:{action[0].lower()}{action[1:]}",
        "Parameters": {key: arn},
        "End": True,
    }
    emulator.enforce_iam()
    group, version = arn.rsplit("/", 1)
    allowed = machine(emulator, {"Call": task}, [allow(f"sagemaker:{action}", f"{group}/*")])
    other = machine(emulator, {"Call": task}, [allow(f"sagemaker:{action}", f"{group}/0{version}")])
    assert run(emulator, allowed)["status"] == "SUCCEEDED"
    assert f"sagemaker:{action} on resource: {arn}" in run(emulator, other)["cause"]
