"""The packages of a model package group are approved or rejected by what an analysis says."""

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from clarify_cdk import ClarifyStack, ModelPackageApproval
from clarify_contract import AnalysisConfig, Limit

app = cdk.App()
stack = ClarifyStack(
    app,
    "Hiring",
    config=AnalysisConfig.load("analysis_config.json"),
    limits={"DPPL": Limit(minimum=-0.1, maximum=0.1)},
    # A package is no model: one of such a name is made of it, analysed and deleted.
    allowed_models=["clarify-candidate-*"],
    vpc=False,
)

# What candidates are served from, and by.
artifacts = s3.Bucket(stack, "Artifacts", enforce_ssl=True)
serving = ecr.Repository.from_repository_name(stack, "Serving", "hiring-serving")
role = iam.Role(stack, "CandidateRole", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
artifacts.grant_read(role)
serving.grant_pull(role)

ModelPackageApproval(
    stack,
    "Approval",
    pipeline=stack.pipeline,
    model_package_group_name="hiring",
    model_role=role,
)
cdk.CfnOutput(stack, "ArtifactsBucket", value=artifacts.bucket_name)
cdk.CfnOutput(stack, "ServingImage", value=serving.repository_uri_for_tag("1"))
app.synth()
