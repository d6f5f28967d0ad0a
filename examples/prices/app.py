"""Judges estimates that were made before: they are a column of the data, and no model is asked."""

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, Limit, Rules

app = cdk.App()
ClarifyStack(
    app,
    "Prices",
    config=AnalysisConfig.load("analysis_config.json"),
    rules=Rules(
        limits={"AD": Limit(minimum=-0.1, maximum=0.1)},
        readings={"age": "threshold"},
    ),
)
app.synth()
