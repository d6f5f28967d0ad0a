"""A stack in which the user uses the constructs is rehearsed where the user pinned it."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from clarify_local.example import find_example
from clarify_local.plan import Inputs
from clarify_local.planning import app_plan
from clarify_local.rehearsal import rehearse
from clarify_local.serving.artifact import unpack
from clarify_local.show import Show
from support_local.example import (
    DIABETES,
    baseline,
    partial_dependence,
    patients,
    shapley_values,
)

APP = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from clarify_cdk import Analysis, ClarifyImage, ClarifyPipeline, ResultsCheck
from clarify_contract import AnalysisConfig, Limit

app = cdk.App()
env = cdk.Environment(account="111122223333", region="eu-central-1")
data = s3.Bucket(cdk.Stack(app, "LoansData", env=env), "Data")
stack = cdk.Stack(app, "LoansBias", env=env)
analysis = Analysis(
    config=AnalysisConfig.load("analysis_config.json"),
    results_bucket=s3.Bucket(stack, "Results"),
    dataset_bucket=data,
)
limits = {"DI": Limit(minimum=0.5, maximum=2.0)}
check = ResultsCheck(stack, "Check", analysis=analysis, limits=limits)
image = ClarifyImage.open_engine()
ClarifyPipeline(stack, "Pipeline", analysis=analysis, check=check, image=image)
cdk.Stack(app, "Unrelated", env=env)
app.synth()
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(DIABETES / "analysis_config.json", tmp_path)
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "python app.py"}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("stack", "kept"), [("Test", {"Test"}), (None, {"Test", "Live"})])
def test_other_entries_than_the_named_stacks_are_left_out(
    project: Path, stack: str | None, kept: set[str]
) -> None:
    entries = {
        "Test": {"config": "analysis_config.json", "account": "111122223333"},
        "Live": {"config": "analysis_config.json", "vpc_id": "vpc-0a1b", "account": "444455556666"},
    }
    text = json.dumps({"app": "python -m clarify_cdk", "context": {"clarify": entries}})
    (project / "cdk.json").write_text(text)
    plan = app_plan(
        None, Inputs(), stack=stack, pipeline=None, output=project / "rehearsal", given={}
    )
    found = plan.context["clarify"]
    assert found.keys() == kept
    assert found["Test"]["account"] == "123456789012"
    # The look-up of its VPC is of its own account.
    assert stack == "Test" or found["Live"]["account"] == "444455556666"


def assert_explained(results: Path, data: Path, model: Path) -> None:
    """Compare what came through image, endpoint and role with the definitions of the values."""
    unpack(model, results.parent / "model")
    names, rows, predict = patients(data, results.parent / "model")
    explained = json.loads((results / "analysis.json").read_text())["explanations"]
    (shap,) = explained["kernel_shap"].values()
    exact = np.abs(shapley_values(predict, rows, baseline())).mean(axis=0)
    assert list(shap["global_shap_values"]) == names
    np.testing.assert_allclose(list(shap["global_shap_values"].values()), exact, rtol=0, atol=1e-9)
    assert shap["expected_value"] == pytest.approx(predict(baseline()[None])[0], abs=1e-12)
    for curve in explained["pdp"]:
        feature, buckets = names.index(curve["feature_name"]), len(curve["feature_values"])
        grid, means = partial_dependence(predict, rows, feature, buckets)
        np.testing.assert_allclose(curve["feature_values"], grid, rtol=0, atol=1e-9)
        np.testing.assert_allclose(curve["model_predictions"], [means], rtol=0, atol=1e-12)
    for name in ("report.html", "report.ipynb", "explanations_shap/out.csv"):
        assert (results / name).is_file()


def test_a_stack_of_an_app_passes_in_its_own_account_with_the_stack_it_needs(
    project: Path,
) -> None:
    data, model = find_example().make(project / "made")
    plan = app_plan(
        None,
        Inputs(data, model),
        stack="LoansBias",
        pipeline=None,
        output=project / "rehearsal",
        given={},
    )
    console = Console(file=io.StringIO(), width=120)
    with Show(console) as show:
        rehearsal = rehearse(plan, show)

    assert rehearsal.outcome.verdict == "passed", rehearsal.outcome.reason
    assert ":eu-central-1:111122223333:" in rehearsal.outcome.execution.arn
    assert rehearsal.outcome.endpoints.startswith("created and deleted")
    for name in ("output/analysis.json", "config/analysis_config.json", "logs/emulator.log"):
        assert (rehearsal.outcome.folder / name).is_file()
    logs = rehearsal.outcome.folder / "logs" / "aws"
    assert any("analysis is complete" in p.read_text() for p in logs.rglob("*.log"))
    assert {"emulator", "synthesise", "deploy", "run", "total"} <= rehearsal.seconds.keys()
    assert_explained(rehearsal.outcome.folder / "output", data, model)
    (image,) = (note for note in rehearsal.left_out if "image" in note)
    repository = "cdk-hnb659fds-container-assets-111122223333-eu-central-1"
    assert f"111122223333.dkr.ecr.eu-central-1.amazonaws.com/{repository}:" in image
    assert "its sources ran by its entry point (python -P -m clarify_engine)" in image
    assert "RunClarifyJob: succeeded" in console.file.getvalue()  # type: ignore[attr-defined]
