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


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the assembly of two entries."""
    folder = tmp_path_factory.mktemp("entries")
    (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    place = {"config": "config.json", "region": "us-east-1"}
    network = {
        "zones": 1,
        "fips": True,
        "functions_in_vpc": True,
        "model_data_buckets": ["models"],
    }
    context = {
        "clarify": {
            "Test": {**place, "account": "111122223333", "vpc": False},
            "Live": {**place, "account": "444455556666", **network},
        }
    }
    answer = run(folder, str(ROOT / "app.py"), context=context)
    assert answer.returncode == 0, answer.stderr
    return folder / "assembly"


def test_it_writes_a_stack_for_each_entry_without_an_account(entries: Path) -> None:
    manifest = json.loads((entries / "manifest.json").read_text("utf-8"))
    environments = {
        name: artifact["environment"]
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    assert environments == {
        "Test": "aws://111122223333/us-east-1",
        "Live": "aws://444455556666/us-east-1",
    }


def test_an_entry_tells_what_its_network_is_like(entries: Path) -> None:
    template = json.loads((entries / "Live.template.json").read_text("utf-8"))
    made = list(template["Resources"].values())
    functions = [r["Properties"] for r in made if r["Type"] == "AWS::Lambda::Function"]
    for function in functions:
        (subnet,) = function["VpcConfig"]["SubnetIds"]
        assert template["Resources"][subnet["Ref"]]["Type"] == "AWS::EC2::Subnet"
        assert function["Environment"]["Variables"] == {"AWS_USE_FIPS_ENDPOINT": "true"}
    assert len(functions) == 2
    (gateway,) = (r["Properties"] for r in made if r["Type"] == "AWS::EC2::VPCEndpoint")
    assert ":s3:::models/*" in json.dumps(gateway["PolicyDocument"])


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
