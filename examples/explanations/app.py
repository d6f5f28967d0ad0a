"""Explains predictions, and asks that age has no more than a tenth of what moves them."""

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, FeatureShare, Rules

app = cdk.App()
ClarifyStack(
    app,
    "Explanations",
    config=AnalysisConfig.load("analysis_config.json"),
    rules=Rules(attributions=[FeatureShare(feature="age", maximum=0.1)]),
)
app.synth()
