"""The calls of SageMaker that a decision about a model package needs, each with its own right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from clarify_cdk.job_rights import sagemaker_arns
from clarify_cdk.place import Place

#: Where the state has the package's ARN.
PACKAGE_ARN = "$.model_package_arn"


class PackageCalls:
    """Makes the tasks; each package has a model name of its own, so that it is analysed once.

    Parameters
    ----------
    scope
        Where the states are made.
    place
        Where models and packages are.
    group_name
        The model package group.
    model_prefix
        What the names of temporary models begin with, a hyphen at its end.
    model_role
        The role of temporary models.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        place: Place,
        group_name: str,
        model_prefix: str,
        model_role: iam.IRole,
    ) -> None:
        self._scope, self._role = scope, model_role
        self._prefix = model_prefix
        self._packages = sagemaker_arns(place, "model-package", [f"{group_name}/*"])
        self._models = sagemaker_arns(place, "model", [f"{model_prefix}*"])

    def model_name(self, package_arn: str = PACKAGE_ARN) -> str:
        """Return the expression of the name of a package's model, from where its ARN is."""
        digest = sfn.JsonPath.hash(sfn.JsonPath.string_at(package_arn), "MD5")
        return sfn.JsonPath.format(f"{self._prefix}{{}}", digest)

    def describe(self, id: str, *, result_path: str) -> tasks.CallAwsService:
        """Return the state that describes the package."""
        return self._call(
            id,
            "DescribeModelPackage",
            {"ModelPackageName": sfn.JsonPath.string_at(PACKAGE_ARN)},
            self._packages,
            result_path,
        )

    def update(
        self, id: str, changes: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> tasks.CallAwsService:
        """Return a state that changes the package; its metadata names the execution, too."""
        own = {"ClarifyExecution": sfn.JsonPath.string_at("$$.Execution.Id")}
        return self._call(
            id,
            "UpdateModelPackage",
            {
                "ModelPackageArn": sfn.JsonPath.string_at(PACKAGE_ARN),
                **changes,
                "CustomerMetadataProperties": {**metadata, **own},
            },
            self._packages,
        )

    def create_model(self, id: str) -> tasks.CallAwsService:
        """Return the state that makes the package's model, with the one role."""
        return tasks.CallAwsService(
            self._scope,
            id,
            service="sagemaker",
            action="createModel",
            parameters={
                "ModelName": self.model_name(),
                "ExecutionRoleArn": self._role.role_arn,
                "PrimaryContainer": {"ModelPackageName": sfn.JsonPath.string_at(PACKAGE_ARN)},
            },
            iam_action="sagemaker:CreateModel",
            # The guide names this right for the package as well as for the model.
            iam_resources=[*self._models, *self._packages],
            additional_iam_statements=[
                iam.PolicyStatement(
                    actions=["iam:PassRole"],
                    resources=[self._role.role_arn],
                    conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
                )
            ],
            result_path=sfn.JsonPath.DISCARD,
        )

    def delete_model(
        self, id: str, package_arn: str = PACKAGE_ARN, *, max_attempts: int = 5
    ) -> tasks.CallAwsService:
        """Return a state that deletes the package's model."""
        name = {"ModelName": self.model_name(package_arn)}
        return self._call(id, "DeleteModel", name, self._models, max_attempts=max_attempts)

    def _call(
        self,
        id: str,
        action: str,
        parameters: Mapping[str, Any],
        resources: Sequence[str],
        result_path: str = sfn.JsonPath.DISCARD,
        max_attempts: int = 5,
    ) -> tasks.CallAwsService:
        task = tasks.CallAwsService(
            self._scope,
            id,
            service="sagemaker",
            action=action[0].lower() + action[1:],
            parameters=parameters,
            iam_action=f"sagemaker:{action}",
            iam_resources=resources,
            result_path=result_path,
        )
        task.add_retry(
            interval=Duration.seconds(3),
            backoff_rate=2,
            max_attempts=max_attempts,
            jitter_strategy=sfn.JitterType.FULL,
        )
        return task
