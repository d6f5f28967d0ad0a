"""The Step Functions task that runs a Clarify job; aws-cdk-lib has none for processing jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Duration, Fn, Size, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk.image import ClarifyImage
from clarify_cdk.job_limits import limit_findings
from clarify_cdk.job_request import job_request
from clarify_cdk.place import Place
from clarify_cdk.task_base import TaskBase
from clarify_cdk.task_rights import task_statements
from clarify_contract import (
    AnalysisConfig,
    Finding,
    Refused,
    check_dataset_input,
    check_instance_count,
)
from clarify_contract.container import (
    DEFAULT_RUNTIME_SECONDS,
    INSTANCE_TYPE_DEFAULT,
    MAX_RUNTIME_SECONDS,
    VOLUME_GB_DEFAULT,
)
from clarify_contract.tokens import is_list_token, is_number_token

#: What starting instances and uploading results may take beside the job's own time.
_START_AND_UPLOAD = Duration.hours(1)


class ClarifyProcessingJobTask(sfn.TaskStateBase):
    """Run a Clarify processing job and wait for its end.

    The task brings the rights that the state machine needs for it, and passes ``role`` to
    SageMaker. Its result is the job's description, as ``DescribeProcessingJob`` gives it.

    Parameters
    ----------
    config
        The analysis config that will be at ``config_uri``.
    role
        The role of the job.
    config_uri
        Where the job's ``analysis_config.json`` is. Any text here may be a JSON path:
        ``sfn.JsonPath.string_at("$.config_uri")``.
    output_uri
        Folder of the results.
    job_name
        Name of this run's job; no two runs may have the same.
    job_name_prefix
        What every name begins with: the task's rights end there.
    dataset_uri
        Where the data is. Leave it out only when the config has a ``dataset_uri`` of its own.
    dataset_manifest
        The dataset is a manifest, not a prefix.
    image
        Default: the managed image.
    instance_type, instance_count
        The job's own instances; the model's stand in the config.
    volume_size
        Of each instance.
    max_runtime
        After it SageMaker stops the job, and nothing is written. At most 7 days.
    subnets, security_groups
        Where the job runs. Default: in no VPC.
    encrypt_traffic
        Encrypt what the instances of one job say to each other.
    output_key, volume_key
        KMS keys of the results and of the volume. Default: the bucket's own encryption, and
        SageMaker's.
    environment, tags
        Of the job. A shadow endpoint gets the tags too.
    task_timeout
        When the state machine gives up. Default: an hour after ``max_runtime``, so that the job's
        own stop comes first; an hour after 7 days where only deployment knows ``max_runtime``.
    integration_pattern
        ``RUN_JOB`` (default) waits for the end; ``REQUEST_RESPONSE`` only starts the job.
    result_path, result_selector, input_path, output_path, assign, outputs, comment, state_name,
    query_language, credentials, heartbeat_timeout
        As for every task.

    Raises
    ------
    Refused
        If a known value is outside what the service takes; every finding at once.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: AnalysisConfig,
        role: iam.IRole,
        config_uri: str,
        output_uri: str,
        job_name: str,
        job_name_prefix: str,
        dataset_uri: str | None = None,
        dataset_manifest: bool = False,
        image: ClarifyImage | None = None,
        instance_type: str = INSTANCE_TYPE_DEFAULT,
        instance_count: int = 1,
        volume_size: Size | None = None,
        max_runtime: Duration | None = None,
        subnets: Sequence[ec2.ISubnet] = (),
        security_groups: Sequence[ec2.ISecurityGroup] = (),
        encrypt_traffic: bool = False,
        output_key: kms.IKey | None = None,
        volume_key: kms.IKey | None = None,
        environment: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        task_timeout: sfn.Timeout | None = None,
        heartbeat_timeout: sfn.Timeout | None = None,
        integration_pattern: sfn.IntegrationPattern = sfn.IntegrationPattern.RUN_JOB,
        query_language: sfn.QueryLanguage | None = None,
        credentials: sfn.Credentials | None = None,
        comment: str | None = None,
        state_name: str | None = None,
        input_path: str | None = None,
        output_path: str | None = None,
        result_path: str | None = None,
        result_selector: Mapping[str, Any] | None = None,
        assign: Mapping[str, Any] | None = None,
        outputs: Any = None,
    ) -> None:
        max_runtime = max_runtime or Duration.seconds(DEFAULT_RUNTIME_SECONDS)
        volume_size = volume_size or Size.gibibytes(VOLUME_GB_DEFAULT)
        subnet_ids = [subnet.subnet_id for subnet in subnets]
        group_ids = [group.security_group_id for group in security_groups]
        environment, tags = environment or {}, tags or {}
        findings = [
            *limit_findings(
                job_name=job_name,
                instance_type=instance_type,
                volume_size=volume_size,
                has_volume_key=volume_key is not None,
                max_runtime=max_runtime,
                subnet_ids=subnet_ids,
                security_group_ids=group_ids,
                uris={
                    "config_uri": config_uri,
                    "dataset_uri": dataset_uri,
                    "output_uri": output_uri,
                },
                environment=environment,
                tags=tags,
            ),
            *_pattern_findings(integration_pattern),
            *_config_findings(config, instance_count, has_dataset=dataset_uri is not None),
        ]
        if findings:
            raise Refused(findings)
        super().__init__(
            scope,
            id,
            assign=assign,
            comment=comment,
            credentials=credentials,
            heartbeat_timeout=heartbeat_timeout,
            input_path=input_path,
            integration_pattern=integration_pattern,
            output_path=output_path,
            outputs=outputs,
            query_language=query_language,
            result_path=result_path,
            result_selector=result_selector,
            state_name=state_name,
            task_timeout=task_timeout,
        )
        self._role = role
        self._job_name_prefix = job_name_prefix
        self._sync = integration_pattern is sfn.IntegrationPattern.RUN_JOB
        self._base = TaskBase(
            assign=assign,
            comment=comment,
            credentials=credentials,
            heartbeat=heartbeat_timeout,
            input_path=input_path,
            output_path=output_path,
            outputs=outputs,
            query_language=query_language,
            result_path=result_path,
            result_selector=result_selector,
            timeout=task_timeout or sfn.Timeout.duration(_patience(max_runtime)),
        )
        self._request = job_request(
            job_name=job_name,
            image_uri=(image or ClarifyImage.managed()).bind(self).uri,
            role_arn=role.role_arn,
            config_uri=config_uri,
            dataset_uri=dataset_uri,
            dataset_manifest=dataset_manifest,
            dataset_type=config.dataset_type,
            output_uri=output_uri,
            instance_type=instance_type,
            instance_count=instance_count,
            volume_size=volume_size,
            max_runtime=max_runtime,
            output_key_arn=output_key.key_arn if output_key is not None else None,
            volume_key_arn=volume_key.key_arn if volume_key is not None else None,
            subnet_ids=_in_definition(subnet_ids, query_language),
            security_group_ids=group_ids,
            encrypt_traffic=encrypt_traffic,
            environment=environment,
            tags=tags,
        )

    def to_state_json(
        self, top_level_query_language: sfn.QueryLanguage | None = None
    ) -> Mapping[Any, Any]:
        """Render the state; aws-cdk-lib calls it when the state machine is written."""
        return {
            **self._base.render(top_level_query_language, self._request),
            **self._render_next_end(),
            **self._render_retry_catch(top_level_query_language),
            "Resource": self._integration_arn,
        }

    @property
    def _integration_arn(self) -> str:
        suffix = ".sync" if self._sync else ""
        return f"arn:{Stack.of(self).partition}:states:::sagemaker:createProcessingJob{suffix}"

    @property
    def _task_metrics(self) -> sfn.TaskMetricsConfig:
        return sfn.TaskMetricsConfig(
            metric_prefix_singular="ServiceIntegration",
            metric_prefix_plural="ServiceIntegrations",
            metric_dimensions={"ServiceIntegrationResourceArn": self._integration_arn},
        )

    @property
    def _task_policies(self) -> list[iam.PolicyStatement]:
        place = Place.of(Stack.of(self))
        return [*task_statements(place, self._role, self._job_name_prefix, sync=self._sync)]


def _patience(max_runtime: Duration) -> Duration:
    # CloudFormation cannot add: to a number that only it knows, an hour would be lost in silence.
    unknown = max_runtime.is_unresolved()
    longest = Duration.seconds(MAX_RUNTIME_SECONDS) if unknown else max_runtime
    return longest.plus(_START_AND_UPLOAD)


def _in_definition(
    subnet_ids: Sequence[str], query_language: sfn.QueryLanguage | None
) -> Sequence[str] | str:
    """Return subnets as a definition holds them.

    CDK writes a list that only CloudFormation knows into JSON by a custom resource; the state
    splits a text instead.
    """
    if not any(map(is_list_token, subnet_ids)) or query_language is sfn.QueryLanguage.JSONATA:
        return subnet_ids
    return sfn.JsonPath.string_split(Fn.join(",", [*subnet_ids]), ",")


def _pattern_findings(pattern: sfn.IntegrationPattern) -> Iterator[Finding]:
    if pattern is sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN:
        yield Finding(
            "integration-pattern",
            "integration_pattern",
            "WAIT_FOR_TASK_TOKEN",
            "RUN_JOB or REQUEST_RESPONSE: a processing job returns no task token",
            "Use RUN_JOB to wait for the job.",
        )


def _config_findings(
    config: AnalysisConfig, instance_count: int, *, has_dataset: bool
) -> Iterator[Finding]:
    for finding in check_dataset_input(config, given=has_dataset):
        if finding.severity == "error":
            yield finding
    if not is_number_token(instance_count):
        yield from check_instance_count(config, instance_count)
