"""One analysis in one stack: buckets, an isolated VPC, roles, state machine and result check."""

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, Limit

app = cdk.App()
ClarifyStack(
    app,
    "Minimal",
    config=AnalysisConfig.load("analysis_config.json"),
    limits={"DPPL": Limit(minimum=-0.1, maximum=0.1)},
)
app.synth()
