"""Explains forecasts. Nothing is asked of the values: a run passes when they are all there."""

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig

app = cdk.App()
ClarifyStack(app, "Forecast", config=AnalysisConfig.load("analysis_config.json"))
app.synth()
