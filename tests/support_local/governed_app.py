"""A CDK app whose pipelines start by themselves; its folder holds their configs.

Run by the tests as anybody's app is; not imported.
"""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler

from clarify_cdk import Analysis, ClarifyPipeline
from clarify_contract import AnalysisConfig

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

app.synth()
