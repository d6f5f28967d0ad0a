"""Asks an endpoint that the account has, under its name, and judges by the four-fifths rule."""

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, four_fifths

app = cdk.App()
ClarifyStack(
    app,
    "Endpoint",
    config=AnalysisConfig.load("analysis_config.json"),
    limits=four_fifths(),
)
app.synth()
