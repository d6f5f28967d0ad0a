"""A whole analysis as one state machine: prepare, run, check, and end in a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import jsii
from aws_cdk import Duration, Size
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.bias_metrics import bias_metric, not_published, rejected_metric
from clarify_cdk.check import ResultsCheck
from clarify_cdk.cleanup import ShadowEndpointCleanup
from clarify_cdk.cleanup_states import ENDPOINT_PREFIX_VARIABLE
from clarify_cdk.image import ClarifyImage
from clarify_cdk.network import ClarifyNetwork
from clarify_cdk.notifications import Notifications
from clarify_cdk.owners import Grantee, ask_owners, grantees, policy_asked_of, used_resources
from clarify_cdk.pipeline_findings import negative_retries, no_network, not_written
from clarify_cdk.pipeline_name import pipeline_name
from clarify_cdk.preparation import AnalysisPreparation
from clarify_cdk.role import JobNeeds, job_policy, job_role
from clarify_cdk.standard_machine import standard_machine
from clarify_cdk.task import ClarifyProcessingJobTask
from clarify_cdk.triggers import NewObjectTrigger, ScheduleTrigger
from clarify_cdk.warn import warn
from clarify_cdk.workflow import workflow
from clarify_contract import Refused
from clarify_contract.container import INSTANCE_TYPE_DEFAULT


@jsii.implements(ec2.IConnectable)
class ClarifyPipeline(Construct):
    """A state machine that runs one analysis: ``Passed``, ``Rejected`` or a named failure.

    Where the config names a model, a second one deletes the shadow endpoint of a run that was ended
    early: its job failed, timed out, was stopped or killed, or its execution was aborted.

    The ids of its children are part of what it promises, since CloudFormation replaces what has a
    new one: ``StateMachine``, ``LogGroup``, ``CleanUp`` where the config names a model, and, unless
    they were given, ``JobRole``, ``Preparation`` and ``Check``; the states have their names as ids.

    What the app may not change is printed as outputs: ``JobPolicy`` for a given role, and, for what
    was imported as another account's, ``DatasetBucketPolicy``, ``ResultsBucketPolicy``,
    ``DataKeyPolicy``, ``ResultsKeyPolicy``, ``VolumeKeyPolicy``, ``TopicPolicy``,
    ``TopicKeyPolicy`` and ``BusPolicy``: what the owner's policies must allow. A stack whose own
    account is not known cannot tell who is another: ``resource_policy`` answers there.

    Parameters
    ----------
    analysis
        What is analysed, where its data is, where results go, and what an execution may change.
    image
        Default: the managed Clarify image of the Region.
    role
        The job's role. Default: a ``ClarifyRole``. A given one gets the rights that it lacks;
        import it with ``mutable=False`` to keep it as it is: then the output ``JobPolicy`` is what
        its owner must give it.
    network
        Where the job runs; its endpoints let the analysis' needs pass. Default: in no VPC;
        SageMaker's own network then.
    preparation, check
        The two functions. Default: made here; a check without limits demands completeness only.
    instance_type, instance_count, volume_size, max_runtime, encrypt_traffic, environment, tags
        Of the job: see ``ClarifyProcessingJobTask``. A job that may make a shadow endpoint has one
        more variable, ``CLARIFY_CDK_ENDPOINT_PREFIX``, by which the clean-up knows what is its own.
    volume_key
        KMS key of the job's volume.
    max_capacity_retries
        How often a job that failed for lack of capacity runs again, under a new name.
    functions_in_vpc
        Run the functions that are made here in the network too. Default: only the job runs there.
    notify_topic
        Gets a text for people at every end of a run. Default: no state tells anybody.
    notify_bus
        Gets the event ``Clarify Verdict`` at every end of a run; `clarify_cdk.notice` describes it.
        Default: as above. A message that does not arrive changes no verdict.
    publish_metrics
        Have the check print every judged run's verdict and bias metrics, from which CloudWatch
        makes metrics in the namespace ``Clarify``: `clarify_lambda.check.metrics` describes them.
        Default: none, since each of them is charged. ``metrics_name`` is the ``Pipeline`` of
        their dimensions, and None without them.

    Attributes
    ----------
    job_policy
        All that the job's role needs: for the owner of a role that this app may not change.

    Raises
    ------
    Refused
        If a known value is outside what the services take; every finding at once.

    Examples
    --------
    >>> import aws_cdk as cdk
    >>> from aws_cdk import aws_s3 as s3
    >>> from clarify_cdk import Analysis, ClarifyPipeline, ResultsCheck
    >>> from clarify_contract import AnalysisConfig, Limit
    >>> stack = cdk.Stack(cdk.App(), "Loans")
    >>> analysis = Analysis(
    ...     config=AnalysisConfig(
    ...         dataset_type="text/csv",
    ...         label="approved",
    ...         label_values_or_threshold=[1],
    ...         facet=[{"name_or_index": "sex", "value_or_threshold": [0]}],
    ...         methods={"pre_training_bias": {"methods": ["CI", "DPL"]}},
    ...     ),
    ...     results_bucket=s3.Bucket(stack, "Results"),
    ...     dataset_bucket=s3.Bucket(stack, "Data"),
    ... )
    >>> limits = {"DPL": Limit(minimum=-0.1, maximum=0.1)}
    >>> pipeline = ClarifyPipeline(
    ...     stack,
    ...     "Bias",
    ...     analysis=analysis,
    ...     check=ResultsCheck(stack, "Check", analysis=analysis, limits=limits),
    ... )
    >>> pipeline.results_uri.endswith("/clarify")
    True
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        analysis: Analysis,
        image: ClarifyImage | None = None,
        role: iam.IRole | None = None,
        network: ClarifyNetwork | None = None,
        preparation: AnalysisPreparation | None = None,
        check: ResultsCheck | None = None,
        instance_type: str = INSTANCE_TYPE_DEFAULT,
        instance_count: int = 1,
        volume_size: Size | None = None,
        max_runtime: Duration | None = None,
        encrypt_traffic: bool = False,
        environment: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        volume_key: kms.IKey | None = None,
        max_capacity_retries: int = 2,
        functions_in_vpc: bool = False,
        notify_topic: sns.ITopic | None = None,
        notify_bus: events.IEventBus | None = None,
        publish_metrics: bool = False,
    ) -> None:
        if max_capacity_retries < 0:
            raise Refused([negative_retries(max_capacity_retries)])
        if functions_in_vpc and network is None:
            raise Refused([no_network()])
        super().__init__(scope, id)
        # Once for the role and the request: it is the same image in the same stack.
        image = (image or ClarifyImage.managed()).bind(self)
        self.analysis = analysis
        self.network = network
        self.metrics_name = pipeline_name(self) if publish_metrics else None
        around = network if functions_in_vpc else None
        self.preparation = preparation or AnalysisPreparation(
            self,
            "Preparation",
            analysis=analysis,
            max_runtime=max_runtime,
            instance_count=instance_count,
            network=around,
        )
        self.check = check or ResultsCheck(self, "Check", analysis=analysis, network=around)
        warn(self, *analysis.config.warnings, *not_written(image, self.check.rules))
        if network is not None:
            baseline = self.check.baseline_uri if functions_in_vpc else None
            network.serve(analysis, also_read=[baseline] if baseline else [], user=self)
            environment = {**network.environment, **(environment or {})}
        self._needs: JobNeeds = {
            "image": image,
            "in_vpc": network is not None,
            "volume_key": volume_key,
        }
        self.role: iam.IRole = job_role(self, role, analysis, **self._needs)
        self.cleanup = self._cleanup()
        if self.cleanup is not None:
            own = {ENDPOINT_PREFIX_VARIABLE: sfn.JsonPath.string_at("$.endpoint_name_prefix")}
            environment = {**(environment or {}), **own}
        self.job = ClarifyProcessingJobTask(
            self,
            "RunClarifyJob",
            comment="The Clarify processing job, from start to end",
            role=self.role,
            image=image,
            config=analysis.config,
            job_name=sfn.JsonPath.string_at("$.job_name"),
            job_name_prefix=analysis.job_name_prefix,
            config_uri=sfn.JsonPath.string_at("$.config_uri"),
            dataset_uri=(
                sfn.JsonPath.string_at("$.dataset_uri")
                if analysis.dataset_uri is not None
                else None
            ),
            dataset_manifest=analysis.dataset_manifest,
            output_uri=sfn.JsonPath.string_at("$.output_uri"),
            instance_type=instance_type,
            instance_count=instance_count,
            volume_size=volume_size,
            max_runtime=max_runtime,
            subnets=network.subnets if network is not None else (),
            security_groups=[network.security_group] if network is not None else (),
            encrypt_traffic=encrypt_traffic,
            output_key=analysis.results_key,
            volume_key=volume_key,
            environment=environment,
            tags=tags,
            # The state stays what Prepare made of it: names and places.
            result_path=sfn.JsonPath.DISCARD,
        )
        notifications = Notifications(self, analysis=analysis, topic=notify_topic, bus=notify_bus)
        self.state_machine = standard_machine(
            self,
            "Prepare, run and check a SageMaker Clarify analysis",
            workflow(
                self,
                preparation=self.preparation,
                job=self.job,
                check=self.check,
                cleanup=self.cleanup,
                notifications=notifications,
                metrics_for=self.metrics_name,
                max_capacity_retries=max_capacity_retries,
            ),
        )
        notifications.grant(self.state_machine)
        used = used_resources(analysis, volume_key=volume_key, topic=notify_topic, bus=notify_bus)
        ask_owners(self, [*used], lambda: self._grantees)

    @cached_property
    def job_policy(self) -> iam.PolicyDocument:
        """All that the job's role may do: for whoever owns a role that stays as it is."""
        return job_policy(self, self.analysis, **self._needs)

    @property
    def results_uri(self) -> str:
        """The folder of all runs; a run's own is ``<results_uri>/<job name>``."""
        return self.analysis.results_uri

    @property
    def dataset_uri(self) -> str | None:
        """The data of a run whose execution names none; None when the config has its own."""
        return self.analysis.dataset_uri

    def resource_policy(self, arn: str) -> iam.PolicyDocument:
        """All that this pipeline's roles ask of a resource: for its policy, in another account.

        Where buckets, keys, topic or bus were imported with their account, outputs of the stack
        print this already. It is empty for what no role uses.

        Parameters
        ----------
        arn
            Of a bucket, a KMS key, a topic or an event bus: ``arn:aws:s3:::lake``.
        """
        return policy_asked_of(arn, self.analysis, self._grantees)

    @property
    def connections(self) -> ec2.Connections:
        """The job's side of every connection.

        Raises
        ------
        Refused
            If the job runs in no VPC.
        """
        if self.network is None:
            raise Refused([no_network()])
        return self.network.connections

    def grant_start_execution(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody start runs, and nothing else."""
        return self.state_machine.grant_start_execution(grantee)

    def run_on_schedule(
        self,
        id: str,
        *,
        schedule: scheduler.ScheduleExpression,
        dataset_uri: str | None = None,
        name: str | None = None,
    ) -> ScheduleTrigger:
        """Start a run at set times; see ``ScheduleTrigger``, which this makes with that id."""
        return ScheduleTrigger(
            self,
            id,
            analysis=self.analysis,
            state_machine=self.state_machine,
            schedule=schedule,
            dataset_uri=dataset_uri,
            name=name,
        )

    def run_on_new_objects(self, id: str, *, bucket: s3.IBucket, prefix: str) -> NewObjectTrigger:
        """Start a run for each new object; see ``NewObjectTrigger``, which this makes."""
        return NewObjectTrigger(
            self,
            id,
            analysis=self.analysis,
            state_machine=self.state_machine,
            bucket=bucket,
            prefix=prefix,
        )

    def metric_passed(self) -> cloudwatch.Metric:
        """Count the runs that ended ``Passed``, as a sum over five minutes."""
        return self.state_machine.metric_succeeded()

    def metric_not_passed(self) -> cloudwatch.Metric:
        """Count the runs that were rejected or failed, as a sum over five minutes."""
        return self.state_machine.metric_failed()

    def metric_rejected(self) -> cloudwatch.Metric:
        """Count the runs that were judged and rejected, as a sum over five minutes.

        Raises
        ------
        Refused
            If the pipeline publishes no metrics.
        """
        return rejected_metric(self._published())

    def metric_bias(
        self,
        metric: str,
        *,
        facet: str,
        group: int = 0,
        statistic: str = cloudwatch.Stats.AVERAGE,
        period: Duration | None = None,
    ) -> cloudwatch.Metric:
        """Return a bias metric of one group, with a value for each run that was judged.

        Parameters
        ----------
        metric
            Its code, such as ``DPL``.
        facet
            Name of the facet.
        group
            Position of the group among the facet's, from 0.
        statistic
            What is made of several runs in one period.
        period
            Default: five minutes.

        Raises
        ------
        Refused
            If the pipeline publishes no metrics, or no run of its config computes this one.
        """
        return bias_metric(
            self.analysis.config,
            self._published(),
            metric=metric,
            facet=facet,
            group=group,
            statistic=statistic,
            period=period,
        )

    def metric_jobs_failed(self) -> cloudwatch.Metric:
        """Count the processing jobs that failed, of the whole account, over five minutes."""
        return self.job.metric_failed()

    @cached_property
    def _grantees(self) -> Sequence[Grantee]:
        functions = (self.preparation.function, self.check.function)
        return [
            Grantee(self.role.role_arn, self.job_policy.to_json()),
            *grantees(*(function.role for function in functions), self.state_machine.role),
        ]

    def _published(self) -> str:
        if self.metrics_name is None:
            raise Refused([not_published()])
        return self.metrics_name

    def _cleanup(self) -> ShadowEndpointCleanup | None:
        scope = self.analysis.shadow_endpoint_scope
        if scope is None:
            return None
        return ShadowEndpointCleanup(self, "CleanUp", analysis=self.analysis, endpoint_scope=scope)
