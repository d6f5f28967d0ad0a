"""An analysis of data alone: its job may read one folder, write another, and ask no model."""

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, Limit

app = cdk.App()
ClarifyStack(
    app,
    "PreTraining",
    config=AnalysisConfig.load("analysis_config.json"),
    limits={"CDDL": Limit(minimum=-0.1, maximum=0.1)},
)
app.synth()
