"""A model package that awaits approval is analysed and decided, and its temporary model deleted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from clarify_local.deploy import DeployedStack
from clarify_local.seeding import MODEL_IMAGE, upload_data
from support_emulator.account import wait_until
from support_local.governed import executions, physical
from support_local.models import model
from support_local.stage import Stage
from support_proof.asked import asked_and_listed

MACHINE, ROLE, BUCKET = "AWS::StepFunctions::StateMachine", "AWS::IAM::Role", "AWS::S3::Bucket"
GROUP, PREFIX = "Diabetes", "clarify-candidate-"
#: Says of men (1) that they are ill only where they are old, and of all women that they are.
BIASED = """
import numpy as np

def model_fn(folder):
    return None

def predict_fn(table, model):
    age, sex = table[:, 0].astype(float), table[:, 1].astype(float)
    return np.where((sex == 2) | (age > 65), 0.9, 0.1)
"""
BROKEN = """
def model_fn(folder):
    raise RuntimeError("no such weights")
"""


class Registry:
    """The model registry of the stage, with one group, and the stack that decides about it."""

    def __init__(self, stage: Stage, stack: DeployedStack) -> None:
        self.stage, self.stack = stage, stack
        self.sagemaker = stage.aws.client("sagemaker")
        self.states = stage.aws.client("stepfunctions")
        self.approval = physical(stack, MACHINE, "ApprovalStateMachine")
        self.pipeline = physical(stack, MACHINE, "PipelineStateMachine")
        self.count = 0

    def register(self, content: bytes, *, artifact: str | None = None, **more: Any) -> str:
        """Register a package of an artifact, and return its ARN."""
        self.count += 1
        bucket, key = physical(self.stack, BUCKET, "Models"), f"{self.count}/model.tar.gz"
        self.stage.aws.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
        aws = self.stage.aws
        container = {
            "Image": MODEL_IMAGE.format(account=aws.account, region=aws.region),
            "ModelDataUrl": artifact or f"s3://{bucket}/{key}",
        }
        specification = {
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        }
        made = self.sagemaker.create_model_package(
            ModelPackageGroupName=GROUP, InferenceSpecification=specification, **more
        )
        return str(made["ModelPackageArn"])

    def package(self, arn: str) -> dict[str, Any]:
        described: dict[str, Any] = self.sagemaker.describe_model_package(ModelPackageName=arn)
        return described

    def start(self, arn: str, **more: str) -> None:
        """Start a decision about a package, as a person does, or an event."""
        self.states.start_execution(
            stateMachineArn=self.approval, input=json.dumps({"model_package_arn": arn, **more})
        )

    def analysing(self) -> list[str]:
        """Return the decisions whose run has come so far as to have a job."""
        running = self.sagemaker.list_processing_jobs(StatusEquals="InProgress")
        if not running["ProcessingJobSummaries"]:
            return []
        listed = self.states.list_executions(stateMachineArn=self.approval, statusFilter="RUNNING")
        return [found["executionArn"] for found in listed["executions"]]

    def decisions(self, arn: str) -> list[dict[str, Any]]:
        """Return what was started for a package, once all have ended; the first comes first."""
        found = [
            execution
            for execution in executions(self.stage, self.approval)
            if json.loads(execution["input"])["model_package_arn"] == arn
        ]
        return sorted(found, key=lambda execution: str(execution["startDate"]))

    def runs(self, decision: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the runs of the pipeline that a decision started."""
        return [
            run for run in executions(self.stage, self.pipeline) if run["name"] == decision["name"]
        ]

    def temporary_models(self) -> list[str]:
        names = [found["ModelName"] for found in self.sagemaker.list_models()["Models"]]
        return [name for name in names if name.startswith(PREFIX)]

    def exists(self, uri: str) -> bool:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        s3 = self.stage.aws.client("s3")
        return key in [o["Key"] for o in s3.list_objects_v2(Bucket=bucket, Prefix=key)["Contents"]]


@pytest.fixture(scope="module")
def registry(stage: Stage, governed: dict[str, DeployedStack]) -> Registry:
    stack = governed["Registry"]
    stage.aws.client("sagemaker").create_model_package_group(ModelPackageGroupName=GROUP)
    assert stage.inputs.data is not None
    upload_data(stage.aws, stage.inputs.data, f"s3://{physical(stack, BUCKET, 'Data')}/dataset/")
    return Registry(stage, stack)


@pytest.fixture(autouse=True)
def _nothing_left(stage: Stage, registry: Registry) -> Iterator[None]:
    yield
    assert registry.temporary_models() == []
    assert stage.endpoints() == []


@pytest.fixture(autouse=True)
def _nothing_asked_that_the_matrix_of_rights_lacks(
    stage: Stage, registry: Registry
) -> Iterator[None]:
    yield
    asked, listed = asked_and_listed(stage.aws, stage.emulator, registry.stack)
    assert asked <= listed


def fair(stage: Stage) -> bytes:
    assert stage.inputs.model is not None
    return stage.inputs.model.read_bytes()


@pytest.mark.proves("packages")
def test_a_fair_model_is_approved_with_the_verdict_as_its_reason(
    stage: Stage, registry: Registry
) -> None:
    arn = registry.register(fair(stage))
    (decision,) = registry.decisions(arn)
    assert decision["status"] == "SUCCEEDED"
    (run,) = registry.runs(decision)
    assert run["status"] == "SUCCEEDED"

    package, check = registry.package(arn), json.loads(run["output"])["check"]
    assert package["ModelApprovalStatus"] == "Approved"
    assert package["ApprovalDescription"] == check["summary"]
    assert check["summary"].startswith("Passed: ")
    metadata = package["CustomerMetadataProperties"]
    assert metadata["ClarifyOutcome"] == "passed"
    assert metadata["ClarifyExecution"] == decision["executionArn"]
    assert metadata["ClarifyVerdict"] == check["verdict_uri"]
    assert registry.exists(metadata["ClarifyVerdict"])
    assert registry.exists(metadata["ClarifyReport"])


@pytest.mark.proves("packages")
def test_a_biased_model_is_rejected_with_the_verdict_as_its_reason(registry: Registry) -> None:
    arn = registry.register(model(BIASED), CustomerMetadataProperties={"team": "care"})
    (decision,) = registry.decisions(arn)
    assert decision["status"] == "SUCCEEDED"
    (run,) = registry.runs(decision)
    assert (run["status"], run["error"]) == ("FAILED", "ClarifyRejected")

    package = registry.package(arn)
    assert package["ModelApprovalStatus"] == "Rejected"
    assert package["ApprovalDescription"] == run["cause"]
    assert "DI" in run["cause"]
    metadata = package["CustomerMetadataProperties"]
    assert (metadata["ClarifyOutcome"], metadata["team"]) == ("rejected", "care")
    assert registry.exists(metadata["ClarifyVerdict"])
    assert registry.exists(metadata["ClarifyReport"])


@pytest.mark.proves("packages")
def test_a_model_that_cannot_be_asked_leaves_its_package_pending(registry: Registry) -> None:
    arn = registry.register(model(BROKEN))
    decision, again = registry.decisions(arn)
    assert (decision["status"], decision["error"]) == ("FAILED", "ClarifyPackageNotAnalysed")
    assert "ClarifyJobFailed" in decision["cause"]

    package = registry.package(arn)
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert "ApprovalDescription" not in package
    assert package["CustomerMetadataProperties"] == {
        "ClarifyOutcome": "failed",
        "ClarifyExecution": decision["executionArn"],
    }
    # What it wrote there is an event of a package awaiting approval; that must not start it anew.
    assert again["status"] == "SUCCEEDED"
    assert registry.runs(again) == []


def test_a_person_may_have_a_failed_package_tried_again(stage: Stage, registry: Registry) -> None:
    arn = registry.register(model(BROKEN))
    registry.decisions(arn)
    bucket = physical(registry.stack, BUCKET, "Models")
    key = f"{registry.count}/model.tar.gz"
    stage.aws.client("s3").put_object(Bucket=bucket, Key=key, Body=fair(stage))

    registry.start(arn)

    registry.decisions(arn)
    package = registry.package(arn)
    assert package["ModelApprovalStatus"] == "Approved"
    assert package["CustomerMetadataProperties"]["ClarifyOutcome"] == "passed"


def test_a_package_whose_model_cannot_be_made_is_left_pending(registry: Registry) -> None:
    """The role of the models may read no such artifact: there is nothing to analyse, or delete."""
    arn = registry.register(model(BROKEN), artifact="s3://elsewhere/model.tar.gz")
    decision, _ = registry.decisions(arn)
    assert (decision["status"], decision["error"]) == ("FAILED", "ClarifyPackageNotAnalysed")
    assert "Could not access model data" in decision["cause"]
    assert registry.runs(decision) == []
    assert registry.package(arn)["ModelApprovalStatus"] == "PendingManualApproval"


def test_a_pipeline_that_cannot_be_started_leaves_the_package_pending(
    stage: Stage, registry: Registry
) -> None:
    with without_right(stage, registry, "states:StartExecution"):
        arn = registry.register(fair(stage))
        decision, _ = registry.decisions(arn)
    assert (decision["status"], decision["error"]) == ("FAILED", "ClarifyPackageNotAnalysed")
    assert "states:StartExecution" in decision["cause"]
    assert registry.package(arn)["ModelApprovalStatus"] == "PendingManualApproval"


@pytest.mark.parametrize(
    "action",
    [
        "sagemaker:DescribeModelPackage",
        "sagemaker:CreateModel",
        "iam:PassRole",
        "states:DescribeExecution",
        "sagemaker:UpdateModelPackage",
    ],
)
def test_without_one_of_its_rights_nothing_is_decided(
    stage: Stage, registry: Registry, action: str
) -> None:
    with without_right(stage, registry, action):
        arn = registry.register(fair(stage))
        decision = registry.decisions(arn)[0]
    assert decision["status"] == "FAILED"
    assert action in decision["cause"]
    assert registry.package(arn)["ModelApprovalStatus"] == "PendingManualApproval"


def test_a_rejection_that_cannot_be_read_is_none(stage: Stage, registry: Registry) -> None:
    with without_right(stage, registry, "states:GetExecutionHistory"):
        arn = registry.register(model(BIASED))
        decision = registry.decisions(arn)[0]
    assert (decision["status"], decision["error"]) == ("FAILED", "ClarifyPackageNotAnalysed")
    assert registry.package(arn)["ModelApprovalStatus"] == "PendingManualApproval"


def test_a_model_that_cannot_be_deleted_is_told(stage: Stage, registry: Registry) -> None:
    with without_right(stage, registry, "sagemaker:DeleteModel"):
        arn = registry.register(fair(stage))
        (decision,) = registry.decisions(arn)
    assert (decision["status"], decision["error"]) == ("FAILED", "ClarifyModelLeftBehind")
    (left,) = registry.temporary_models()
    assert left == "clarify-candidate-" + hashlib.md5(arn.encode()).hexdigest()
    registry.sagemaker.delete_model(ModelName=left)


def test_an_event_that_comes_twice_has_the_package_analysed_once(
    stage: Stage, registry: Registry
) -> None:
    arn = registry.register(fair(stage))
    wait_until(registry.temporary_models)
    registry.start(arn, event="the same again")
    both = registry.decisions(arn)
    assert [decision["status"] for decision in both] == ["SUCCEEDED", "SUCCEEDED"]
    assert sum(len(registry.runs(decision)) for decision in both) == 1
    assert registry.package(arn)["ModelApprovalStatus"] == "Approved"


def test_a_package_of_which_a_person_has_decided_is_left_alone(
    stage: Stage, registry: Registry
) -> None:
    arn = registry.register(fair(stage), ModelApprovalStatus="Rejected")
    registry.start(arn)
    (decision,) = registry.decisions(arn)
    assert decision["status"] == "SUCCEEDED"
    assert registry.runs(decision) == []
    assert registry.package(arn)["ModelApprovalStatus"] == "Rejected"


def test_what_a_person_decides_meanwhile_is_not_overruled(stage: Stage, registry: Registry) -> None:
    arn = registry.register(fair(stage))
    wait_until(registry.analysing)
    registry.sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Rejected", ApprovalDescription="Not needed."
    )
    (decision,) = registry.decisions(arn)
    (run,) = registry.runs(decision)
    assert (decision["status"], run["status"]) == ("SUCCEEDED", "SUCCEEDED")
    package = registry.package(arn)
    assert package["ModelApprovalStatus"] == "Rejected"
    assert package["ApprovalDescription"] == "Not needed."
    assert "CustomerMetadataProperties" not in package


def test_an_aborted_decision_leaves_no_model_and_stops_its_run(
    stage: Stage, registry: Registry
) -> None:
    arn = registry.register(fair(stage))
    (started,) = wait_until(lambda: registry.analysing())
    registry.states.stop_execution(executionArn=started)
    (decision,) = registry.decisions(arn)
    assert decision["status"] == "ABORTED"
    wait_until(lambda: not registry.temporary_models())
    (run,) = registry.runs(decision)
    assert run["status"] == "ABORTED"
    assert registry.package(arn)["ModelApprovalStatus"] == "PendingManualApproval"


def test_a_run_that_takes_too_long_is_stopped_and_leaves_the_package_pending(
    stage: Stage, registry: Registry
) -> None:
    deployed = registry.states.describe_state_machine(stateMachineArn=registry.approval)
    impatient = json.loads(deployed["definition"])
    impatient["States"]["AnalyseModel"]["TimeoutSeconds"] = 1
    update = registry.states.update_state_machine
    update(stateMachineArn=registry.approval, definition=json.dumps(impatient))
    try:
        arn = registry.register(fair(stage))
        decision, _ = registry.decisions(arn)
    finally:
        update(stateMachineArn=registry.approval, definition=deployed["definition"])
    assert (decision["status"], decision["error"]) == ("FAILED", "ClarifyPackageNotAnalysed")
    assert decision["cause"] == "The analysis took too long and was stopped."
    (run,) = registry.runs(decision)
    assert run["status"] == "ABORTED"
    assert registry.package(arn)["ModelApprovalStatus"] == "PendingManualApproval"


@contextmanager
def without_right(stage: Stage, registry: Registry, action: str) -> Iterator[None]:
    """Take an action from the role that decides."""
    iam = stage.aws.client("iam")
    role = physical(registry.stack, ROLE, "ApprovalStateMachineRole")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    denied = {"Effect": "Deny", "Action": action, "Resource": "*"}
    less = {**document, "Statement": [*document["Statement"], denied]}
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(less))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
