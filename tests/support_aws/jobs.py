"""A stack that runs processing jobs as the product does, and its runs."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_stepfunctions as sfn
from botocore.exceptions import ClientError

from clarify_cdk import (
    Analysis,
    ClarifyImage,
    ClarifyProcessingJobTask,
    ClarifyRole,
    ShadowEndpointCleanup,
)
from clarify_cdk.cleanup_states import ENDPOINT_PREFIX_VARIABLE
from clarify_contract import AnalysisConfig
from clarify_lambda.prepare.names import endpoint_prefix, job_name
from support_aws.account import Account
from support_aws.endpoints import remove_endpoints
from support_aws.stacks import Deployed, bucket, deploy, hosting_role
from support_emulator.account import model_archive

PREFIX = "clarify-facts"
#: Approved, age, sex. Of 60 women (0) 15 are approved, and of 40 men 30.
DATA = "1,30,0\n" * 15 + "0,40,0\n" * 45 + "1,50,1\n" * 30 + "0,60,1\n" * 10
NAMES = "approved,age,sex\n"
_ENDED = ("Completed", "Failed", "Stopped")
TAG = {"Key": "clarify-fact", "Value": "shadow-tags"}
LABELS_ALONE: dict[str, Any] = {
    "dataset_type": "text/csv",
    "headers": ["approved", "age", "sex"],
    "label": "approved",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
    "methods": {"pre_training_bias": {"methods": ["CI", "DPL"]}},
}


def config_of(model: str, prefix: str = PREFIX) -> dict[str, Any]:
    """Return the config of an analysis that asks a model."""
    return {
        **LABELS_ALONE,
        "methods": {"post_training_bias": {"methods": ["AD"]}},
        "predictor": {
            "model_name": model,
            "endpoint_name_prefix": prefix,
            "instance_type": "ml.m5.large",
            "initial_instance_count": 1,
            "accept_type": "text/csv",
        },
    }


@dataclass(frozen=True)
class Ended:
    """How an execution ended."""

    status: str
    output: Any
    error: str | None
    cause: str


class Jobs:
    """The deployed stack: one state with a job, the job's role, and what cleans up after it.

    Parameters
    ----------
    account
        Where it is deployed.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.model = f"{account.prefix}-model"
        self.stack: Deployed = deploy(account, "jobs", self._make)
        self._states = account.client("stepfunctions")
        s3 = account.client("s3")
        for folder, text in {"plain": DATA, "named": NAMES + DATA}.items():
            key = f"dataset/{folder}/rows.csv"
            s3.put_object(Bucket=self.stack["Data"], Key=key, Body=text.encode())
        s3.put_object(Bucket=self.stack["Data"], Key="model.tar.gz", Body=model_archive())

    def _make(self, stack: cdk.Stack) -> None:
        week = cdk.Duration.days(7)  # the shortest that a key may wait to be deleted
        key = kms.Key(stack, "ResultsKey", pending_window=week)
        volume_key = kms.Key(stack, "VolumeKey", pending_window=week)
        data, results = bucket(stack, "Data"), bucket(stack, "Results", encryption_key=key)
        image = ClarifyImage.from_uri(self.account.image)
        config = AnalysisConfig(**config_of(self.model))
        analysis = Analysis(
            config=config,
            results_bucket=results,
            results_key=key,
            dataset_bucket=data,
            job_name_prefix=PREFIX,
        )
        role = ClarifyRole(stack, "JobRole", analysis=analysis, image=image, volume_key=volume_key)
        task = ClarifyProcessingJobTask(
            stack,
            "Job",
            config=config,
            role=role,
            image=image,
            config_uri=sfn.JsonPath.string_at("$.config_uri"),
            output_uri=sfn.JsonPath.string_at("$.output_uri"),
            dataset_uri=sfn.JsonPath.string_at("$.dataset_uri"),
            job_name=sfn.JsonPath.string_at("$.job_name"),
            job_name_prefix=PREFIX,
            instance_count=int(sfn.JsonPath.number_at("$.instance_count")),
            max_runtime=cdk.Duration.hours(1),
            output_key=key,
            volume_key=volume_key,
            environment={ENDPOINT_PREFIX_VARIABLE: sfn.JsonPath.string_at("$.endpoint_prefix")},
            tags={TAG["Key"]: TAG["Value"]},
        )
        machine = sfn.StateMachine(
            stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(task)
        )
        scope = analysis.shadow_endpoint_scope
        assert scope is not None
        clean_up = ShadowEndpointCleanup(stack, "CleanUp", analysis=analysis, endpoint_scope=scope)
        data.grant_read(hosting_role(stack, "ModelRole", self.account.image), "model.tar.gz")
        for name, value in {
            "Machine": machine.state_machine_arn,
            "CleanUp": clean_up.state_machine.state_machine_arn,
            "Role": role.role_arn,
        }.items():
            cdk.CfnOutput(stack, f"{name}Arn", value=value)

    def make_model(self) -> None:
        """Make the model that the job's role may host.

        Its image serves nothing on AWS: an endpoint of it is ``Creating`` until it has failed.
        """
        sagemaker = self.account.client("sagemaker")
        sagemaker.create_model(
            ModelName=self.model,
            ExecutionRoleArn=self.stack["ModelRoleArn"],
            PrimaryContainer={
                "Image": self.account.image,
                "ModelDataUrl": f"s3://{self.stack['Data']}/model.tar.gz",
            },
        )
        self.account.later(sagemaker.delete_model, ModelName=self.model)

    def start(self, config: Mapping[str, Any] | str, *, data: str = "plain") -> Run:
        """Start an execution with a job of its own; ``ENDPOINT-PREFIX`` becomes that of the run."""
        given = self.given(data=data)
        text = config if isinstance(config, str) else json.dumps(config)
        text = text.replace("ENDPOINT-PREFIX", given["endpoint_prefix"])
        key = given["config_uri"].partition(f"{self.stack['Results']}/")[2]
        s3 = self.account.client("s3")
        s3.put_object(Bucket=self.stack["Results"], Key=key, Body=text.encode())
        self.account.later(remove_endpoints, self.account, given["endpoint_prefix"])
        return self.run(given)

    def given(self, instance_count: int = 1, data: str = "plain") -> dict[str, Any]:
        """Return the input of an execution that was not there before."""
        token = secrets.token_hex(16)
        name = job_name(PREFIX, None, token)
        folder = f"s3://{self.stack['Results']}/clarify/{name}"
        return {
            "job_name": name,
            "config_uri": f"{folder}/config/analysis_config.json",
            "output_uri": f"{folder}/output",
            "dataset_uri": f"s3://{self.stack['Data']}/dataset/{data}/",
            "endpoint_prefix": endpoint_prefix(PREFIX, token),
            "instance_count": instance_count,
        }

    def run(self, given: Mapping[str, Any]) -> Run:
        """Start an execution with an input, which may have been used."""
        started = self._states.start_execution(
            stateMachineArn=self.stack["MachineArn"], input=json.dumps(given)
        )
        run = Run(self, started["executionArn"], given)
        self.account.later(run.end)
        return run

    def refusal(self, name: str) -> str | None:
        """Create a job by hand, with the role; return why not, or None if it was created."""
        try:
            self.account.client("sagemaker").create_processing_job(
                ProcessingJobName=name,
                AppSpecification={"ImageUri": self.account.image},
                ProcessingResources={
                    "ClusterConfig": {
                        "InstanceCount": 1,
                        "InstanceType": "ml.m5.xlarge",
                        "VolumeSizeInGB": 20,
                    }
                },
                RoleArn=self.stack["RoleArn"],
            )
        except ClientError as error:
            return str(error)
        return None


@dataclass(frozen=True)
class Run:
    """One execution."""

    jobs: Jobs
    execution: str
    given: Mapping[str, Any]

    @property
    def job_name(self) -> str:
        """Name of its job."""
        return str(self.given["job_name"])

    def goes_on(self) -> bool:
        """Tell whether it has not ended."""
        return bool(self._described()["status"] == "RUNNING")

    def ended(self, minutes: float = 30) -> Ended:
        """Wait for its end."""
        self.jobs.account.wait_for(lambda: not self.goes_on(), minutes)
        found = self._described()
        output = json.loads(found.get("output", "null"))
        return Ended(found["status"], output, found.get("error"), found.get("cause", ""))

    def _described(self) -> dict[str, Any]:
        states = self.jobs.account.client("stepfunctions")
        described: dict[str, Any] = states.describe_execution(executionArn=self.execution)
        return described

    def result(self, name: str) -> str:
        """Return what a file of the results holds."""
        key = f"clarify/{self.job_name}/output/{name}"
        client, results = self.jobs.account.client("s3"), self.jobs.stack["Results"]
        return str(client.get_object(Bucket=results, Key=key)["Body"].read().decode())

    def abort(self) -> None:
        """Abort it."""
        self.jobs.account.client("stepfunctions").stop_execution(executionArn=self.execution)

    def end(self) -> None:
        """Abort it and wait for the end of its job, if there is one; nothing, if it has ended."""
        account, name = self.jobs.account, self.job_name

        def ended() -> bool:
            listed = account.client("sagemaker").list_processing_jobs(NameContains=name)
            found = listed["ProcessingJobSummaries"]
            return all(one["ProcessingJobStatus"] in _ENDED for one in found)

        if self.goes_on():
            self.abort()
            account.wait_for(ended, 15)

    def job(self) -> dict[str, Any]:
        """Return the description of its job."""
        described: dict[str, Any] = self.jobs.account.client("sagemaker").describe_processing_job(
            ProcessingJobName=self.job_name
        )
        return described
