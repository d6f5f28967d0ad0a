"""An analysis in a stack that has network, key, buckets, role and topic already."""

import os

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from clarify_cdk import (
    Analysis,
    ClarifyMonitoring,
    ClarifyNetwork,
    ClarifyPipeline,
    ResultsCheck,
    encrypt_logs,
)
from clarify_contract import AnalysisConfig, four_fifths


class Platform(cdk.Stack):
    """What another team made before: a VPC without a way out, and its endpoints."""

    def __init__(self, scope: cdk.App, construct_id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, construct_id, env=env)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Jobs", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
            ],
        )
        services = ec2.InterfaceVpcEndpointAwsService
        self.s3 = self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        self.api = self.vpc.add_interface_endpoint(
            "Api", service=services.SAGEMAKER_API, open=False
        )
        self.runtime = self.vpc.add_interface_endpoint(
            "Runtime", service=services.SAGEMAKER_RUNTIME, open=False
        )


class Claims(cdk.Stack):
    """Trains a model of insurance claims, and analyses it."""

    def __init__(
        self, scope: cdk.App, construct_id: str, *, platform: Platform, env: cdk.Environment
    ) -> None:
        super().__init__(scope, construct_id, env=env)
        # What the stack had before.
        key = kms.Key(self, "Key", enable_key_rotation=True)
        claims = s3.Bucket(self, "Claims", encryption_key=key, enforce_ssl=True)
        evidence = s3.Bucket(self, "Evidence", encryption_key=key, enforce_ssl=True, versioned=True)
        people = sns.Topic(self, "People", master_key=key)
        training = iam.Role(
            self, "Training", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com")
        )
        claims.grant_read(training, "training/*")
        releases = iam.Role(
            self, "Releases", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com")
        )

        # What is new.
        config = AnalysisConfig.load("analysis_config.json")
        analysis = Analysis(
            config=config,
            dataset_bucket=claims,
            dataset_key="decided/2026.csv",
            results_bucket=evidence,
            results_prefix="fairness/payout",
        )
        pipeline = ClarifyPipeline(
            self,
            "Fairness",
            analysis=analysis,
            network=ClarifyNetwork(
                self,
                "Network",
                config=config,
                vpc=platform.vpc,
                subnets=ec2.SubnetSelection(subnet_group_name="Jobs"),
                s3_endpoint=platform.s3,
                api_endpoint=platform.api,
                runtime_endpoint=platform.runtime,
            ),
            role=training,
            volume_key=key,
            check=ResultsCheck(self, "Check", analysis=analysis, limits=four_fifths()),
            notify_topic=people,
        )
        ClarifyMonitoring(self, "Monitoring", pipeline=pipeline, alarm_topic=people)
        encrypt_logs(self, key)
        pipeline.grant_start_execution(releases)
        evidence.grant_read(releases, "fairness/*")


app = cdk.App()
env = cdk.Environment(
    account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=os.environ.get("CDK_DEFAULT_REGION")
)
Claims(app, "Claims", platform=Platform(app, "Platform", env=env), env=env)
app.synth()
