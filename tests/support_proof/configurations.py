"""The configurations whose rights are proven: one stack each, in one account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns

from clarify_cdk import (
    Analysis,
    ClarifyImage,
    ClarifyMonitoring,
    ClarifyNetwork,
    ClarifyPipeline,
    ClarifyRole,
    ClarifyStack,
    ModelPackageApproval,
)
from clarify_contract import AnalysisConfig, Baseline, Limit, NoWorse, Rules
from support_constructs.configs import BIAS, pre_training, with_endpoint, with_model
from support_constructs.given import ROUTE_TABLES, given_vpc

ACCOUNT, OWNER = "111122223333", "999922223333"
REGION = "eu-central-1"


@dataclass(frozen=True)
class Configuration:
    """One way to deploy the pipeline.

    Attributes
    ----------
    name
        Of its stack.
    told
        What is special about it, for people.
    build
        Makes its stack.
    region
        Where.
    data_keys
        By the name of a bucket that is not the stack's: the name of the KMS key of what it holds.
    """

    name: str
    told: str
    build: Callable[[cdk.App, str, cdk.Environment], cdk.Stack]
    region: str = REGION
    data_keys: Mapping[str, str] = field(default_factory=dict)


def add_all(app: cdk.App) -> None:
    """Add the stack of every configuration to an app."""
    for one in CONFIGURATIONS:
        one.build(app, one.name, cdk.Environment(account=ACCOUNT, region=one.region))


def _stack(
    config: Callable[[], AnalysisConfig], **settings: Any
) -> Callable[[cdk.App, str, cdk.Environment], cdk.Stack]:
    def build(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
        return ClarifyStack(app, name, env=env, config=config(), **settings)

    return build


def both_stages() -> AnalysisConfig:
    """Bias of the data and of a model's predictions, with a report."""
    return AnalysisConfig(
        **BIAS,
        methods={
            "pre_training_bias": {"methods": "all"},
            "post_training_bias": {"methods": "all"},
            "report": {"name": "report"},
        },
        predictor={
            "model_name": "loan",
            "instance_type": "ml.m5.large",
            "initial_instance_count": 1,
            "accept_type": "text/csv",
        },
    )


def side_datasets() -> AnalysisConfig:
    """Facets and predicted labels in files of their own; no model is asked."""
    return AnalysisConfig(
        **BIAS,
        headers=["approved", "age", "income"],
        facet_dataset_uri="s3://people/facets.csv",
        facet_headers=["sex"],
        predicted_label_dataset_uri="s3://lake/predicted/labels.csv",
        predicted_label_headers=["predicted"],
        predicted_label="predicted",
        methods={"post_training_bias": {"methods": ["DI"]}},
    )


def baseline_uri() -> AnalysisConfig:
    """Explanations against a baseline that lies in S3."""
    return AnalysisConfig(
        **BIAS,
        headers=["approved", "sex", "age"],
        methods={
            "shap": {"baseline": "s3://lake/baselines/loans.csv", "num_samples": 100},
            "pre_training_bias": {"methods": ["DPL"]},
        },
        predictor={
            "model_name": "loan",
            "instance_type": "ml.m5.large",
            "initial_instance_count": 1,
        },
    )


def several_instances() -> AnalysisConfig:
    """Data spread over the job's hosts, put together again by a column."""
    return AnalysisConfig(
        **BIAS, joinsource_name_or_index="id", methods={"pre_training_bias": {"methods": ["CI"]}}
    )


def _keys(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
    stack = cdk.Stack(app, name, env=env)
    topic = sns.Topic(stack, "Topic", master_key=kms.Key(stack, "TopicKey"))
    analysis = Analysis(
        config=with_endpoint(),
        results_bucket=s3.Bucket(stack, "Results", encryption_key=kms.Key(stack, "ResultsKey")),
        results_prefix="bias/loans",
        results_key=kms.Key(stack, "OutputKey"),
        job_name_prefix="loans",
        allowed_endpoints=["loans-canary"],
        encryption_keys=[kms.Key(stack, "LakeKey")],
    )
    pipeline = ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=analysis,
        network=ClarifyNetwork(
            stack,
            "Network",
            config=analysis.config,
            vpc=given_vpc(stack, private_subnet_route_table_ids=ROUTE_TABLES),
            endpoint_policies=True,
        ),
        volume_key=kms.Key(stack, "VolumeKey"),
        functions_in_vpc=True,
        notify_topic=topic,
        notify_bus=events.EventBus(stack, "Bus"),
        publish_metrics=True,
    )
    ClarifyMonitoring(stack, "Monitoring", pipeline=pipeline, alarm_topic=topic)
    return stack


def _baseline(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
    rules = Rules(baseline=Baseline(uri="s3://lake/former/analysis.json"), no_worse=[NoWorse()])
    return ClarifyStack(app, name, env=env, config=baseline_uri(), rules=rules, vpc=False)


def _own_image(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
    stack = cdk.Stack(app, name, env=env)
    repository = ecr.Repository.from_repository_arn(
        stack, "Images", f"arn:aws:ecr:{env.region}:{OWNER}:repository/clarify-engine"
    )
    _pipeline(stack, pre_training(), image=ClarifyImage.from_ecr(repository, "1.2"))
    return stack


def _boundary(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
    """Return a stack whose job has a boundary: storage, images, logs, metrics and no more."""
    stack = cdk.Stack(app, name, env=env)
    services = ("cloudwatch", "ecr", "logs", "s3")
    boundary = iam.ManagedPolicy(
        stack,
        "Boundary",
        statements=[iam.PolicyStatement(actions=[f"{one}:*" for one in services], resources=["*"])],
    )
    analysis = _analysis(stack, pre_training())
    role = ClarifyRole(
        stack,
        "JobRole",
        analysis=analysis,
        permissions_boundary=boundary,
        path="/teams/loans/",
        trust_conditions={"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
    )
    ClarifyPipeline(stack, "Pipeline", analysis=analysis, role=role)
    return stack


def _other_account(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
    """Return a stack whose data and their key another account owns."""
    stack = cdk.Stack(app, name, env=env)
    key = kms.Key.from_key_arn(stack, "LakeKey", f"arn:aws:kms:{env.region}:{OWNER}:key/lake")
    lake = s3.Bucket.from_bucket_attributes(
        stack, "Lake", bucket_name="lake", account=OWNER, encryption_key=key
    )
    analysis = Analysis(
        config=pre_training(),
        results_bucket=s3.Bucket(stack, "Results"),
        dataset_bucket=lake,
        dataset_key="loans/",
    )
    ClarifyPipeline(stack, "Pipeline", analysis=analysis)
    return stack


def _registry(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
    stack = cdk.Stack(app, name, env=env)
    pipeline = _pipeline(stack, with_model(), allowed_models=["clarify-candidate-*"])
    ModelPackageApproval(
        stack,
        "Approval",
        pipeline=pipeline,
        model_package_group_name="Loans",
        model_role=iam.Role.from_role_arn(
            stack, "ModelRole", f"arn:aws:iam::{ACCOUNT}:role/hosting", mutable=False
        ),
    )
    return stack


def _started(app: cdk.App, name: str, env: cdk.Environment) -> cdk.Stack:
    stack = cdk.Stack(app, name, env=env)
    bucket = s3.Bucket.from_bucket_name(stack, "Arrivals", "arrivals")
    pipeline = _pipeline(stack, pre_training(), dataset_bucket=bucket)
    pipeline.run_on_schedule(
        "Daily", schedule=scheduler.ScheduleExpression.rate(cdk.Duration.days(1))
    )
    pipeline.run_on_new_objects("Arrived", bucket=bucket, prefix="dataset/arrived/")
    return stack


def _analysis(stack: cdk.Stack, config: AnalysisConfig, **more: Any) -> Analysis:
    if "dataset_bucket" not in more:
        more["dataset_bucket"] = s3.Bucket(stack, "Data")
    return Analysis(config=config, results_bucket=s3.Bucket(stack, "Results"), **more)


def _pipeline(
    stack: cdk.Stack, config: AnalysisConfig, *, image: ClarifyImage | None = None, **more: Any
) -> ClarifyPipeline:
    analysis = _analysis(stack, config, **more)
    return ClarifyPipeline(stack, "Pipeline", analysis=analysis, image=image)


CONFIGURATIONS = (
    Configuration(
        "PreTraining", "pre-training bias alone, no VPC", _stack(pre_training, vpc=False)
    ),
    Configuration(
        "Model",
        "a model by its name, an own VPC, other models and data allowed",
        _stack(
            with_model,
            limits={"AD": Limit(minimum=-0.1, maximum=0.1)},
            allowed_models=["Diabetes-Next"],
            allowed_datasets=["s3://archive/diabetes/"],
        ),
    ),
    Configuration("Endpoint", "an existing endpoint, no VPC", _stack(with_endpoint, vpc=False)),
    Configuration(
        "BothStages", "bias before and after training, a report", _stack(both_stages, vpc=False)
    ),
    Configuration(
        "SideDatasets",
        "facets and predicted labels in files of their own",
        _stack(side_datasets, vpc=False),
    ),
    Configuration(
        "BaselineUri", "a SHAP baseline in S3, a former analysis to compare with", _baseline
    ),
    Configuration(
        "Keys",
        "customer-managed keys for everything, a given VPC with the functions in it, a topic, a"
        " bus, metrics",
        _keys,
        data_keys={"lake": "LakeKey", "people": "LakeKey"},
    ),
    Configuration(
        "OwnVpc",
        "an own VPC of one zone with the functions in it",
        _stack(pre_training, zones=1, functions_in_vpc=True),
    ),
    Configuration(
        "SeveralInstances",
        "several instances in an own VPC",
        _stack(several_instances, instance_count=2),
    ),
    Configuration("OwnImage", "an image in another account's repository", _own_image),
    Configuration(
        "OpenEngine",
        "the open engine's image",
        _stack(pre_training, vpc=False, image=ClarifyImage.open_engine()),
    ),
    Configuration("China", "a model in a Region of China", _stack(with_model), region="cn-north-1"),
    Configuration(
        "GovCloud",
        "an endpoint in GovCloud",
        _stack(with_endpoint, vpc=False),
        region="us-gov-west-1",
    ),
    Configuration("Boundary", "a permissions boundary, a path, a further trust", _boundary),
    Configuration(
        "OtherAccount",
        "data and their key in another account",
        _other_account,
        data_keys={"lake": "lake"},
    ),
    Configuration("Registry", "approval of model packages", _registry),
    Configuration("Started", "started by the clock and by new objects", _started),
)
