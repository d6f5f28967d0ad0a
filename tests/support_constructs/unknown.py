"""Stacks that take all their names from elsewhere: one for each kind of thing that has a name."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns

from clarify_cdk import (
    Analysis,
    ClarifyImage,
    ClarifyMonitoring,
    ClarifyNetwork,
    ClarifyPipeline,
    ModelPackageApproval,
    ResultsCheck,
)
from clarify_contract import AnalysisConfig, Baseline, NoWorse, Rules
from support_constructs.configs import BIAS, with_model
from support_constructs.names import Names

_PRE_TRAINING = {"pre_training_bias": {"methods": ["DPL"]}}


def everything(names: Names) -> None:
    """A model in a given VPC with its endpoints, all listeners, triggers, monitoring, approval."""
    stack = names.stack
    analysis = Analysis(
        config=with_model(),
        results_bucket=s3.Bucket.from_bucket_arn(
            stack, "Results", names.arn("ResultsArn", "s3", "results")
        ),
        results_prefix=names.text("ResultsPrefix", "runs"),
        results_key=names.key("OutputKey"),
        dataset_bucket=names.bucket("Data"),
        dataset_key=f"{names.text('DataKey', 'loans')}/",
        allowed_models=[names.text("Canary", "canary"), "clarify-candidate-*"],
        allowed_datasets=[f"s3://{names.text('Lake', 'lake')}/more/"],
        encryption_keys=[names.key("LakeKey")],
    )
    topic = sns.Topic.from_topic_attributes(
        stack,
        "Topic",
        topic_arn=names.arn("TopicArn", "sns", "people"),
        key_arn=names.arn("TopicKey", "kms", "key/topic"),
    )
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id=names.text("VpcId", "vpc-0a1b2c3d"),
        availability_zones=["eu-central-1a", "eu-central-1b"],
        private_subnet_ids=[names.text(f"Subnet{n}", f"subnet-{n}a1b2c3d") for n in (0, 1)],
        private_subnet_route_table_ids=[names.text(f"Table{n}", f"rtb-{n}a1b2c3d") for n in (0, 1)],
    )
    central = ec2.Peer.security_group_id(names.text("Central", "sg-0a1b2c3d"))
    network = ClarifyNetwork(
        stack,
        "Network",
        config=analysis.config,
        vpc=vpc,
        s3_endpoint=True,
        api_endpoint=True,
        runtime_endpoint=True,
        endpoint_policies=True,
        endpoint_clients=[],
        s3_prefix_list=names.text("S3Addresses", "pl-6ea54007"),
        reachable=[central],
    )
    pipeline = ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=analysis,
        network=network,
        functions_in_vpc=True,
        instance_type=names.text("Instance", "ml.m5.xlarge"),
        instance_count=names.number("Count", 1),
        volume_size=cdk.Size.gibibytes(names.number("Gibibytes", 30)),
        max_runtime=cdk.Duration.seconds(names.number("Seconds", 3600)),
        environment={"STAGE": names.text("Stage", "test")},
        tags={"team": names.text("Team", "fairness")},
        volume_key=names.key("VolumeKey"),
        notify_topic=topic,
        notify_bus=events.EventBus.from_event_bus_arn(
            stack, "Bus", names.arn("BusArn", "events", "event-bus/verdicts")
        ),
        publish_metrics=True,
    )
    ClarifyMonitoring(stack, "Monitoring", pipeline=pipeline, alarm_topic=topic)
    pipeline.run_on_schedule(
        "Schedule",
        schedule=scheduler.ScheduleExpression.expression(names.text("Rate", "rate(1 day)")),
        dataset_uri=f"{analysis.allowed_datasets[0]}loans/",
    )
    assert analysis.dataset_bucket is not None
    pipeline.run_on_new_objects("New", bucket=analysis.dataset_bucket, prefix=analysis.dataset_key)
    ModelPackageApproval(
        stack,
        "Approval",
        pipeline=pipeline,
        model_package_group_name=names.text("Group", "loans"),
        model_role=iam.Role.from_role_arn(
            stack, "Models", names.arn("ModelRole", "iam", "role/models")
        ),
    )


def given(names: Names) -> None:
    """A given role, image and VPC with endpoints of its own; a config full of names."""
    stack = names.stack
    config = AnalysisConfig(
        **BIAS,
        headers=["approved", "age", "income"],
        dataset_uri=f"s3://{names.text('Lake', 'lake')}/loans/2026.csv",
        facet_dataset_uri=f"s3://{names.text('People', 'people')}/facets.csv",
        facet_headers=["sex"],
        methods={
            **_PRE_TRAINING,
            "shap": {
                "baseline": f"s3://{names.text('Rows', 'rows')}/loans.csv",
                "num_samples": 100,
            },
        },
        predictor={
            "endpoint_name": names.text("Endpoint", "loans-live"),
            "content_type": "text/csv",
        },
    )
    analysis = Analysis(
        config=config,
        results_bucket=names.bucket("Results"),
        allowed_endpoints=[names.text("Canary", "loans-canary")],
        encryption_keys=[names.key("LakeKey")],
    )
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id=names.text("VpcId", "vpc-0a1b2c3d"),
        availability_zones=names.listed("Zones", ["eu-central-1a", "eu-central-1b"]),
        private_subnet_ids=names.listed("Subnets", ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]),
    )

    def endpoint(name: str) -> ec2.IInterfaceVpcEndpoint:
        group = ec2.SecurityGroup.from_security_group_id(
            stack, f"{name}Group", names.text(f"{name}GroupId", "sg-0a1b2c3d")
        )
        return ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
            stack,
            name,
            vpc_endpoint_id="vpce-0a1b2c3d",
            port=443,
            security_groups=[group],
        )

    network = ClarifyNetwork(
        stack,
        "Network",
        config=config,
        vpc=vpc,
        api_endpoint=endpoint("Api"),
        runtime_endpoint=endpoint("Runtime"),
    )
    repository = ecr.Repository.from_repository_attributes(
        stack,
        "Images",
        repository_arn=names.arn("ImagesArn", "ecr", "repository/engine"),
        repository_name=names.text("ImagesName", "engine"),
    )
    rules = Rules(
        no_worse=[NoWorse(metrics=["DPL"])],
        baseline=Baseline(uri=f"s3://{names.text('Evidence', 'evidence')}/first/analysis.json"),
    )
    ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=analysis,
        network=network,
        functions_in_vpc=True,
        role=iam.Role.from_role_arn(stack, "Role", names.arn("RoleArn", "iam", "role/job")),
        image=ClarifyImage.from_ecr(repository, names.text("Tag", "1.2")),
        check=ResultsCheck(stack, "Check", analysis=analysis, rules=rules, network=network),
    )


def handed_over(names: Names) -> None:
    """A role that stays as it is, and what the owners of buckets and keys are asked for."""
    stack = names.stack
    analysis = Analysis(
        config=AnalysisConfig(**BIAS, methods=_PRE_TRAINING),
        results_bucket=names.bucket("Results"),
        dataset_bucket=s3.Bucket.from_bucket_arn(stack, "Data", names.arn("DataArn", "s3", "data")),
        encryption_keys=[names.key("DataKey")],
    )
    role = iam.Role.from_role_arn(
        stack, "Role", names.arn("RoleArn", "iam", "role/job"), mutable=False
    )
    pipeline = ClarifyPipeline(stack, "Pipeline", analysis=analysis, role=role)
    assert analysis.dataset_bucket is not None
    for name, arn in (
        ("Bucket", analysis.dataset_bucket.bucket_arn),
        ("Key", analysis.encryption_keys[0].key_arn),
    ):
        policy = pipeline.resource_policy(arn)
        assert not policy.is_empty
        cdk.CfnOutput(stack, f"Of{name}", value=stack.to_json_string(policy.to_json()))


def whole_uris(names: Names) -> None:
    """S3 URIs that are one text each."""
    stack = names.stack
    dataset = names.text("Dataset", "s3://lake/loans/2026.csv")
    analysis = Analysis(
        config=AnalysisConfig(**BIAS, dataset_uri=dataset, methods=_PRE_TRAINING),
        results_bucket=names.bucket("Results"),
        allowed_datasets=[names.text("More", "s3://lake/more/")],
    )
    rules = Rules(
        no_worse=[NoWorse(metrics=["DPL"])],
        baseline=Baseline(uri=names.text("First", "s3://evidence/first/analysis.json")),
    )
    ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=analysis,
        network=ClarifyNetwork(
            stack, "Network", config=analysis.config, s3_prefix_list="pl-6ea54007"
        ),
        check=ResultsCheck(stack, "Check", analysis=analysis, rules=rules),
    )
