"""The first step of a run: merge the execution's overrides, look at the data, write the config."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.function import pipeline_function
from clarify_cdk.job_rights import sagemaker_arns
from clarify_cdk.network import ClarifyNetwork
from clarify_cdk.payload import ENTIRE_STATE, config_text, with_nulls
from clarify_cdk.place import Place
from clarify_cdk.s3_scope import S3Scope
from clarify_contract.container import CONFIG_NAME, DEFAULT_RUNTIME_SECONDS
from clarify_lambda.check.verdict import VERDICT_FILE
from clarify_lambda.places import PREFLIGHT_FILE
from clarify_lambda.prepare.names import job_scope


class AnalysisPreparation(Construct):
    """The function that names a run, looks at its data and writes its config; no right but these.

    What it may not read, because a bucket or key has a policy of its own, it does not check: it
    says so in the execution's state (``preflight``), and the run goes on.

    Parameters
    ----------
    analysis
        What is deployed: the config, where runs go, and what an execution may change.
    max_runtime, instance_count
        Of the job: a run that may take longer is warned of. Default: what the job's default is.
    network
        Where the function runs. Default: in no VPC; Lambda's own network then.

    Raises
    ------
    Refused
        If the config is too large to travel in a payload.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        analysis: Analysis,
        max_runtime: Duration | None = None,
        instance_count: int = 1,
        network: ClarifyNetwork | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._payload = {
            "config": config_text(analysis.config),
            "pipeline": {
                "results_uri": analysis.results_uri,
                "dataset_uri": analysis.dataset_uri,
                "dataset_manifest": analysis.dataset_manifest,
                "max_runtime": (
                    DEFAULT_RUNTIME_SECONDS if max_runtime is None else max_runtime.to_seconds()
                ),
                "instance_count": instance_count,
                "job_name_prefix": analysis.job_name_prefix,
                "allowed_models": list(analysis.allowed_models),
                "allowed_endpoints": list(analysis.allowed_endpoints),
                "allowed_datasets": list(analysis.allowed_datasets),
            },
        }
        self.function: lambda_.IFunction = pipeline_function(
            self,
            "clarify_lambda.prepare.handler.handler",
            "Prepares a run of a Clarify analysis",
            network=network,
        )
        runs = f"{analysis.results_uri}/{job_scope(analysis.job_name_prefix)}*"
        self.function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["s3:PutObject"],
                resources=[
                    S3Scope.of(f"{runs}/{name}").object_arn(Stack.of(self).partition)
                    for name in (f"config/{CONFIG_NAME}", PREFLIGHT_FILE, VERDICT_FILE)
                ],
            )
        )
        if (key := analysis.results_bucket.encryption_key) is not None:
            key.grant(self.function, "kms:GenerateDataKey")
        self._grant_look_at_data(analysis)
        if analysis.config.needs_predictions:
            self._grant_look_at_predictors(analysis, in_vpc=network is not None)

    def _grant_look_at_predictors(self, analysis: Analysis, *, in_vpc: bool) -> None:
        """Let the function describe every model and endpoint that a run may ask."""
        place = Place.of(Stack.of(self))
        for action, resource, names in (
            ("sagemaker:DescribeModel", "model", analysis.models),
            ("sagemaker:DescribeEndpoint", "endpoint", analysis.endpoints),
        ):
            if names:
                self.function.add_to_role_policy(
                    iam.PolicyStatement(
                        actions=[action], resources=sagemaker_arns(place, resource, names)
                    )
                )
        # The zones of a model's subnets. Descriptions have no resource type. To a function in a VPC
        # they are denied, as Lambda's guide has it: a finding says that zones were not looked at.
        if analysis.models and not in_vpc:
            self.function.add_to_role_policy(
                iam.PolicyStatement(actions=["ec2:DescribeSubnets"], resources=["*"])
            )

    def _grant_look_at_data(self, analysis: Analysis) -> None:
        """Let the function list and read what a run may read its data from.

        Of a manifest's objects it reads nothing.
        """
        uris = [
            uri
            for uri in analysis.read_uris
            if not (analysis.dataset_manifest and uri in analysis.dataset_uris)
        ]
        if not uris:
            return
        partition = Stack.of(self).partition
        scopes = [S3Scope.of(uri) for uri in uris]
        for scope in scopes:
            self.function.add_to_role_policy(
                iam.PolicyStatement(
                    actions=["s3:ListBucket"],
                    resources=[scope.bucket_arn(partition)],
                    conditions=scope.list_condition(),
                )
            )
        self.function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject"],
                resources=[scope.objects_arn(partition) for scope in scopes],
            )
        )
        for key in analysis.read_keys:
            key.grant(self.function, "kms:Decrypt")

    def task(self, scope: Construct, id: str) -> tasks.LambdaInvoke:
        """Return a state that prepares a run; its result replaces the execution's state.

        The state then holds ``job_name``, ``config_uri``, ``output_uri``, ``preflight`` (at most 50
        warnings; all of them are in the run's ``verdict.json``) and, unless the config has a
        ``dataset_uri`` of its own, ``dataset_uri``.
        """
        return tasks.LambdaInvoke(
            scope,
            id,
            comment="Merge the execution's overrides; look at the data; write the run's config",
            lambda_function=self.function,
            payload=sfn.TaskInput.from_object(
                {
                    **with_nulls(self._payload),
                    "execution_id": sfn.JsonPath.string_at("$$.Execution.Id"),
                    "execution_started": sfn.JsonPath.string_at("$$.Execution.StartTime"),
                    "overrides": sfn.JsonPath.object_at("$$.Execution.Input"),
                    "state": ENTIRE_STATE,
                }
            ),
            output_path="$.Payload",
        )
