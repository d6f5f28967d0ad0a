"""Everything for one analysis in one account: data, results, network, pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Size, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from constructs import Construct

from clarify_cdk.access_logs import access_log_prefix, ask_owner_of_access_logs
from clarify_cdk.analysis import Analysis
from clarify_cdk.check import ResultsCheck
from clarify_cdk.existing import Existing
from clarify_cdk.image import ClarifyImage
from clarify_cdk.log_encryption import encrypt_logs
from clarify_cdk.network import ClarifyNetwork
from clarify_cdk.network_findings import settings_without_vpc
from clarify_cdk.pipeline import ClarifyPipeline
from clarify_contract import AnalysisConfig, Limit, Refused, Rules
from clarify_contract.container import INSTANCE_TYPE_DEFAULT

_DAYS_OF_OLD_VERSIONS = Duration.days(90)


class ClarifyStack(Stack):
    """One analysis, ready for ``cdk deploy``: buckets, network, pipeline and their addresses.

    The model or endpoint that the config names is yours: it is not made here.

    The ids of its children are part of what it promises: ``Data``, ``Results``, ``Network``,
    ``Check`` and ``Pipeline``. Buckets and their objects stay when the stack is deleted.

    Parameters
    ----------
    config
        The analysis config.
    limits
        Intervals by metric code; a run outside of one is rejected.
    rules
        Whatever else is asked of a run.
    dataset
        Key of the dataset in the stack's data bucket: an object, or a folder that ends with ``/``.
        There is no data bucket when the config has a ``dataset_uri`` of its own.
    vpc
        Make an isolated VPC for the jobs. False: they run in SageMaker's network. It says nothing
        where ``existing`` names a VPC.
    zones, model_data_buckets, s3_prefix_list
        Of the VPC that is made: see ``ClarifyNetwork``.
    fips
        Of either VPC: see ``ClarifyNetwork``.
    functions_in_vpc
        Run the functions there too. Default: only the jobs run there.
    image
        Default: the managed Clarify image of the Region.
    encryption_key
        KMS key of both buckets. Default: keys that S3 manages.
    allowed_models, allowed_endpoints, allowed_datasets
        What an execution may name instead of the deployed ones.
    instance_type, instance_count, volume_size, max_runtime
        Of the job.
    notify_topic, notify_bus, publish_metrics
        See ``ClarifyPipeline``.
    schedule
        When runs start by themselves. Default: they do not.
    existing
        What the account has already: VPC, role, keys, boundary, listeners, by their ids and ARNs.
        What is given by an argument of its own comes before.
    env, description, termination_protection
        As for every stack.

    Raises
    ------
    Refused
        If config, limits and settings do not fit together.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: AnalysisConfig,
        limits: Mapping[str, Limit | Sequence[Limit]] | None = None,
        rules: Rules | None = None,
        dataset: str = "dataset/",
        vpc: bool = True,
        zones: int | None = None,
        model_data_buckets: Sequence[s3.IBucket] = (),
        s3_prefix_list: str | None = None,
        fips: bool = False,
        functions_in_vpc: bool = False,
        image: ClarifyImage | None = None,
        encryption_key: kms.IKey | None = None,
        allowed_models: Sequence[str] = (),
        allowed_endpoints: Sequence[str] = (),
        allowed_datasets: Sequence[str] = (),
        instance_type: str = INSTANCE_TYPE_DEFAULT,
        instance_count: int = 1,
        volume_size: Size | None = None,
        max_runtime: Duration | None = None,
        notify_topic: sns.ITopic | None = None,
        notify_bus: events.IEventBus | None = None,
        publish_metrics: bool = False,
        schedule: scheduler.ScheduleExpression | None = None,
        existing: Existing | None = None,
        env: Environment | None = None,
        description: str | None = None,
        termination_protection: bool | None = None,
    ) -> None:
        existing = existing or Existing()
        super().__init__(
            scope,
            id,
            env=env,
            description=description or "Runs and judges a SageMaker Clarify analysis",
            termination_protection=termination_protection,
            permissions_boundary=existing.boundary(),
        )
        encryption_key = encryption_key or existing.key(self, "bucket_key")
        access_logs = existing.access_logs(self)
        self.data_bucket = (
            self._bucket("Data", encryption_key, access_logs)
            if config.dataset_uri is None
            else None
        )
        self.results_bucket = self._bucket("Results", encryption_key, access_logs)
        if access_logs is not None:
            made = (self.data_bucket, self.results_bucket)
            ask_owner_of_access_logs(self, access_logs, [each for each in made if each is not None])
        analysis = Analysis(
            config=config,
            results_bucket=self.results_bucket,
            dataset_bucket=self.data_bucket,
            dataset_key=dataset,
            allowed_models=allowed_models,
            allowed_endpoints=allowed_endpoints,
            allowed_datasets=allowed_datasets,
            encryption_keys=existing.keys_of_data(self),
        )
        network = existing.network(self, config, fips=fips)
        own_vpc = vpc and network is None
        model_data_buckets = [*model_data_buckets, *existing.buckets_of_models(self)]
        settings = {
            "zones": zones,
            "model_data_buckets": model_data_buckets,
            "s3_prefix_list": s3_prefix_list,
            "fips": fips and network is None,
        }
        if not own_vpc and (given := [name for name, value in settings.items() if value]):
            raise Refused([settings_without_vpc(given)])
        if own_vpc:
            network = ClarifyNetwork(
                self,
                "Network",
                config=config,
                zones=zones,
                model_data_buckets=model_data_buckets,
                s3_prefix_list=s3_prefix_list,
                fips=fips,
            )
        self.pipeline = ClarifyPipeline(
            self,
            "Pipeline",
            analysis=analysis,
            image=image,
            role=existing.role(self),
            network=network,
            functions_in_vpc=functions_in_vpc,
            check=ResultsCheck(
                self,
                "Check",
                analysis=analysis,
                limits=limits,
                rules=rules,
                network=network if functions_in_vpc else None,
            ),
            instance_type=instance_type,
            instance_count=instance_count,
            volume_size=volume_size,
            max_runtime=max_runtime,
            volume_key=existing.key(self, "volume_key"),
            notify_topic=notify_topic or existing.topic(self),
            notify_bus=notify_bus or existing.bus(self),
            publish_metrics=publish_metrics,
        )
        if schedule is not None:
            self.pipeline.run_on_schedule("Schedule", schedule=schedule)
        if (log_key := existing.key(self, "log_key")) is not None:
            encrypt_logs(self, log_key)
        self._outputs()
        # CDK writes that a function depends on its role, which its role's ARN says already, and the
        # names of the zones, where it knows the account. That is all cfn-lint finds here.
        ignored = ["W3005", "W3010"]
        self.template_options.metadata = {"cfn-lint": {"config": {"ignore_checks": ignored}}}

    def _bucket(self, name: str, key: kms.IKey | None, access_logs: s3.IBucket | None) -> s3.Bucket:
        return s3.Bucket(
            self,
            name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=(s3.BucketEncryption.S3_MANAGED if key is None else s3.BucketEncryption.KMS),
            encryption_key=key,
            # One data key for many objects: far fewer calls to KMS, at the same protection.
            bucket_key_enabled=None if key is None else True,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=(
                access_log_prefix(self, name) if access_logs is not None else None
            ),
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                # Current objects stay: they are the evidence. What was overwritten goes.
                s3.LifecycleRule(
                    noncurrent_version_expiration=_DAYS_OF_OLD_VERSIONS,
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
        )

    def _outputs(self) -> None:
        values = {
            "StateMachineArn": self.pipeline.state_machine.state_machine_arn,
            "DataBucketName": self.data_bucket.bucket_name
            if self.data_bucket is not None
            else None,
            "ResultsBucketName": self.results_bucket.bucket_name,
            "DatasetUri": self.pipeline.dataset_uri,
            "ResultsUri": self.pipeline.results_uri,
        }
        for name, value in values.items():
            if value is not None:
                CfnOutput(self, name, value=value)
