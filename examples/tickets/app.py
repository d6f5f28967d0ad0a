"""A model of three classes, of which one is the outcome that counts."""

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, Limit

app = cdk.App()
ClarifyStack(
    app,
    "Tickets",
    config=AnalysisConfig.load("analysis_config.json"),
    limits={"RD": Limit(minimum=-0.1, maximum=0.1)},
)
app.synth()
