"""A network in which a job would wait in vain ends a rehearsal before it runs."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from clarify_local.errors import RehearsalFailed
from clarify_local.plan import Inputs
from clarify_local.planning import app_plan
from clarify_local.rehearsal import rehearse
from clarify_local.show import Show

APP = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from clarify_cdk import Analysis, ClarifyNetwork, ClarifyPipeline
from clarify_contract import AnalysisConfig

app = cdk.App()
stack = cdk.Stack(app, "Loans")
config = AnalysisConfig(
    dataset_type="text/csv",
    headers=["sex", "approved"],
    label="approved",
    label_values_or_threshold=[1],
    facet=[{"name_or_index": "sex", "value_or_threshold": [0]}],
    methods={"pre_training_bias": {"methods": ["CI"]}},
)
analysis = Analysis(
    config=config,
    results_bucket=s3.Bucket(stack, "Results"),
    dataset_bucket=s3.Bucket(stack, "Data"),
)
network = ClarifyNetwork(stack, "Network", config=config, s3_endpoint=False)
ClarifyPipeline(stack, "Pipeline", analysis=analysis, network=network)
app.synth()
"""


def test_what_is_missing_is_named_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "python app.py"}))
    (tmp_path / "data.csv").write_text("0,1\n1,0\n")
    monkeypatch.chdir(tmp_path)
    plan = app_plan(
        None,
        Inputs(tmp_path / "data.csv"),
        stack="Loans",
        pipeline=None,
        output=tmp_path / "rehearsal",
        given={},
    )
    said = io.StringIO()
    with (
        pytest.raises(RehearsalFailed, match=r"\[s3-unreachable\].*no way to s3 on port 443"),
        Show(Console(file=said)) as show,
    ):
        rehearse(plan, show)
    assert "run" not in said.getvalue()
    assert not (tmp_path / "rehearsal").exists()
