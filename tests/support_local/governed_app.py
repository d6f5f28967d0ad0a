"""A CDK app whose pipelines start by themselves; its folder holds their configs.

Run by the tests as anybody's app is; not imported.
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler

from clarify_cdk import Analysis, ClarifyPipeline, ModelPackageApproval, ResultsCheck
from clarify_contract import AnalysisConfig, Limit

app = cdk.App()

arrivals = cdk.Stack(app, "Arrivals")
data = s3.Bucket(arrivals, "Data")
pipeline = ClarifyPipeline(
    arrivals,
    "Pipeline",
    analysis=Analysis(
        config=AnalysisConfig.load("bias.json"),
        # One bucket for both: its own results must not start a run.
        results_bucket=data,
        dataset_bucket=data,
    ),
)
pipeline.run_on_new_objects("Arrived", bucket=data, prefix="dataset/arrived/")
pipeline.run_on_schedule(
    "Daily", schedule=scheduler.ScheduleExpression.rate(cdk.Duration.days(1)), name="daily"
)

registry = cdk.Stack(app, "Registry")
models = s3.Bucket(registry, "Models")
role = iam.Role(registry, "ModelRole", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
models.grant_read(role)
analysis = Analysis(
    config=AnalysisConfig.load("model.json"),
    results_bucket=s3.Bucket(registry, "Results"),
    dataset_bucket=s3.Bucket(registry, "Data"),
    allowed_models=["clarify-candidate-*"],
)
check = ResultsCheck(
    registry, "Check", analysis=analysis, limits={"DI": Limit(minimum=0.5, maximum=2.0)}
)
ModelPackageApproval(
    registry,
    "Approval",
    pipeline=ClarifyPipeline(registry, "Pipeline", analysis=analysis, check=check),
    model_package_group_name="Diabetes",
    model_role=role,
)

app.synth()
