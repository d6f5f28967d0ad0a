"""One stack for each configuration whose template is asserted and kept as a snapshot."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from clarify_cdk import (
    Analysis,
    ClarifyImage,
    ClarifyMonitoring,
    ClarifyNetwork,
    ClarifyPipeline,
    ClarifyStack,
    ResultsCheck,
)
from clarify_contract import Limit
from support_constructs.configs import pre_training, with_endpoint, with_model
from support_constructs.given import ROUTE_TABLES, given_vpc

FRANKFURT = cdk.Environment(account="111122223333", region="eu-central-1")
STACKS = (
    "ModelInOwnVpc",
    "PreTrainingInOwnVpc",
    "FunctionsInOneZone",
    "PreTrainingWithoutVpc",
    "OpenEngineWithoutVpc",
    "EndpointInGivenVpc",
)


def add_all(app: cdk.App) -> None:
    """Add the stack of every configuration to an app."""
    ClarifyStack(
        app,
        "ModelInOwnVpc",
        config=with_model(),
        limits={"AD": Limit(minimum=-0.1, maximum=0.1), "DI": Limit(minimum=0.8, maximum=1.25)},
        allowed_models=["diabetes-next"],
        allowed_datasets=["s3://archive/diabetes/"],
    )
    ClarifyStack(app, "PreTrainingInOwnVpc", config=pre_training())
    ClarifyStack(app, "FunctionsInOneZone", config=pre_training(), zones=1, functions_in_vpc=True)
    ClarifyStack(app, "PreTrainingWithoutVpc", config=pre_training(), vpc=False)
    ClarifyStack(
        app,
        "OpenEngineWithoutVpc",
        config=pre_training(),
        vpc=False,
        image=ClarifyImage.open_engine(),
    )
    EndpointInGivenVpc(app, "EndpointInGivenVpc", env=FRANKFURT)


class EndpointInGivenVpc(cdk.Stack):
    """Somebody's own stack: a given VPC, keys, an own image, listeners, and every setting."""

    def __init__(self, scope: cdk.App, name: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, name, env=env)
        vpc = given_vpc(self, "GivenVpc", private_subnet_route_table_ids=ROUTE_TABLES)
        analysis = Analysis(
            config=with_endpoint(),
            results_bucket=s3.Bucket(self, "Results", encryption_key=kms.Key(self, "ResultsKey")),
            results_prefix="bias/loans",
            results_key=kms.Key(self, "OutputKey"),
            job_name_prefix="loans",
            allowed_endpoints=["loans-canary"],
            encryption_keys=[kms.Key(self, "LakeKey")],
        )
        topic = sns.Topic(self, "Topic", master_key=kms.Key(self, "TopicKey"))
        pipeline = ClarifyPipeline(
            self,
            "Loans",
            analysis=analysis,
            network=ClarifyNetwork(
                self,
                "Network",
                config=analysis.config,
                vpc=vpc,
                s3_prefix_list="pl-6ea54007",
                reachable=[ec2.Peer.security_group_id("sg-0a1b2c3d")],
            ),
            image=ClarifyImage.from_ecr(
                ecr.Repository.from_repository_name(self, "Images", "clarify-engine"), "1.2"
            ),
            check=ResultsCheck(
                self, "Check", analysis=analysis, limits={"DPL": Limit(maximum=0.2)}
            ),
            instance_type="ml.c5.4xlarge",
            volume_size=cdk.Size.gibibytes(100),
            max_runtime=cdk.Duration.hours(2),
            encrypt_traffic=True,
            environment={"STAGE": "test"},
            tags={"team": "fairness"},
            volume_key=kms.Key(self, "VolumeKey"),
            max_capacity_retries=1,
            notify_topic=topic,
            notify_bus=events.EventBus(self, "Bus"),
            publish_metrics=True,
        )
        ClarifyMonitoring(self, "Monitoring", pipeline=pipeline, alarm_topic=topic)
