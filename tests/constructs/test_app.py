"""`python app.py`: the front door of `cdk synth`, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support_constructs.configs import BIAS, ROOT

CONFIG = {**BIAS, "methods": {"pre_training_bias": {"methods": ["CI"]}}}


def run(
    folder: Path,
    *command: str,
    context: dict[str, Any] | None = None,
    out: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the app as the CDK's command line does, or without it where no context is given."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CDK_")}
    environment |= {"CDK_VALIDATION": "false", "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
    if context is not None:
        environment |= {
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_OUTDIR": str(folder / "assembly"),
        }
    if out is not None:
        environment["CDK_OUTDIR"] = str(out)
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return tmp_path


def test_it_writes_a_stack_for_each_entry_without_an_account(folder: Path) -> None:
    accounts = {"Test": "111122223333", "Live": "444455556666"}
    context = {
        "clarify": {
            name: {"config": "config.json", "vpc": False, "account": account, "region": "us-east-1"}
            for name, account in accounts.items()
        }
    }
    answer = run(folder, str(ROOT / "app.py"), context=context)
    assert answer.returncode == 0, answer.stderr
    manifest = json.loads((folder / "assembly" / "manifest.json").read_text("utf-8"))
    environments = {
        name: artifact["environment"]
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    assert environments == {
        name: f"aws://{account}/us-east-1" for name, account in accounts.items()
    }


def test_it_needs_no_node_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JSII_NODE", raising=False)
    context = {"clarify": {"Loans": {"config": "config.json", "vpc": False}}}
    answer = run(folder, str(ROOT / "app.py"), context=context)
    assert answer.returncode == 0, answer.stderr


def test_without_the_command_line_it_reads_cdk_json_itself(folder: Path) -> None:
    document = {"context": {"clarify": {"Loans": {"config": "config.json", "vpc": False}}}}
    (folder / "cdk.json").write_text(json.dumps(document), encoding="utf-8")
    answer = run(folder, "-m", "clarify_cdk")
    assert answer.returncode == 0, answer.stderr
    assert (folder / "cdk.out" / "Loans.template.json").is_file()


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({}, "[context-missing]"),
        ({"clarify": {"Loans": {"config": "config.json", "vpn": True}}}, "[setting-unknown]"),
        (
            {"clarify": {"Loans": {"config": "config.json", "limits": {"XX": {"max": 1}}}}},
            "[limit-metric-unknown]",
        ),
        (
            {"clarify": {"Loans": {"config": "config.json", "region": "il-central-1"}}},
            "[image-region]",
        ),
    ],
)
def test_bad_input_is_told_in_words_and_leaves_nothing(
    folder: Path, context: dict[str, Any], expected: str
) -> None:
    answer = run(folder, str(ROOT / "app.py"), context=context)
    assert answer.returncode == 2
    assert expected in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not list((folder / "assembly").glob("*.template.json"))


def test_a_cdk_json_that_is_no_json_is_told_in_words(folder: Path) -> None:
    (folder / "cdk.json").write_text("{", encoding="utf-8")
    answer = run(folder, "-m", "clarify_cdk")
    assert answer.returncode == 2
    assert "[cdk-json]" in answer.stderr


def test_the_repository_itself_synthesises_its_example_without_an_account(tmp_path: Path) -> None:
    document = json.loads((ROOT / "cdk.json").read_text("utf-8"))
    assert document["app"] == "python app.py"
    assert set(document["context"]["clarify"]) == {"ClarifyExample"}
    answer = run(ROOT, "app.py", out=tmp_path)
    assert answer.returncode == 0, answer.stderr
    template = json.loads((tmp_path / "ClarifyExample.template.json").read_text("utf-8"))
    assert {"StateMachineArn", "DatasetUri", "ResultsUri"} <= template["Outputs"].keys()
