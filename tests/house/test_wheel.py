"""The wheel alone, outside the repository: what somebody else's project gets."""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from clarify_local.node import bundled_node
from support_docs.snippets import run_snippets
from support_house.npm import node, npm_install

ROOT = Path(__file__).resolve().parents[2]
PYRIGHT = "pyright@1.1.414"
TEMPLATES = ("report.html.j2", "blocks.html.j2", "report.css")
PACKAGES = ("clarify_cdk", "clarify_contract", "clarify_engine", "clarify_lambda", "clarify_local")
APP = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

import clarify_cdk
from clarify_cdk import Analysis, ClarifyImage, ClarifyPipeline
from clarify_contract import AnalysisConfig


class Loans(cdk.Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        config = AnalysisConfig(
            dataset_type="text/csv",
            label="approved",
            label_values_or_threshold=[1],
            facet=[{"name_or_index": "sex", "value_or_threshold": [0]}],
            methods={"pre_training_bias": {"methods": ["CI", "DPL"]}},
        )
        analysis = Analysis(
            config=config,
            results_bucket=s3.Bucket(self, "Results"),
            dataset_bucket=s3.Bucket(self, "Data"),
        )
        image = ClarifyImage.open_engine()
        ClarifyPipeline(self, "Bias", analysis=analysis, image=image)


app = cdk.App(outdir="cdk.out")
Loans(app, "Loans")
app.synth()
print(clarify_cdk.__file__)
"""

TYPED_RULES = """
from clarify_contract import METRICS, AnalysisConfig, Limit, Metric, Rules, resolve_checks

config: AnalysisConfig = AnalysisConfig.load("analysis_config.json")
metric: Metric = METRICS["DPL"]
rules = Rules(limits={metric.code: Limit(maximum=0.1)})
resolved: dict[str, object] = resolve_checks(config, rules=rules)
"""
TYPED_STACK = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyPipeline, ResultsCheck
from clarify_contract import AnalysisConfig, Limit


class Loans(cdk.Stack):
    def __init__(self, scope: cdk.App, id: str) -> None:
        super().__init__(scope, id)
        config: AnalysisConfig = AnalysisConfig.load("analysis_config.json")
        analysis = Analysis(config=config, results_bucket=s3.Bucket(self, "Results"))
        limits = {"DPL": Limit(minimum=-0.1, maximum=0.1)}
        check = ResultsCheck(self, "Check", analysis=analysis, limits=limits)
        pipeline = ClarifyPipeline(self, "Bias", analysis=analysis, check=check)
        self.arn: str = pipeline.state_machine.state_machine_arn
"""
#: What a type checker must object to: an unknown argument, a wrong type, a result that is none.
MISTAKES = ("Limit(lowest=1)", "Limit(minimum='low')", "AnalysisConfig.load('a.json').upload()")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a fresh environment with the wheel, and this one's libraries but not its checkout."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=False)
    (packages,) = home.glob("lib/python*/site-packages")
    # A line in a .pth file adds a folder, not the .pth files in it: the editable install stays out.
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(home / "bin" / "python")),
            *("install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", str(wheel)),
        ],
        check=True,
    )
    return home


def test_the_wheel_carries_every_package_its_types_and_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "clarify_local/_examples/diabetes/train.py" in names
    assert "clarify_local/_docs/troubleshooting.md" in names
    templates = {f"clarify_engine/report/templates/{name}" for name in TEMPLATES}
    assert templates <= names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def outside(environment: Path, home: Path) -> dict[str, str]:
    """Return the variables of a shell of somebody else's, with that environment active."""
    return {
        "PATH": f"{environment / 'bin'}{os.pathsep}{os.defpath}",
        "HOME": str(home),
        "JSII_NODE": str(bundled_node() or shutil.which("node")),
        "CDK_VALIDATION": "false",
    }


def sources(folder: Path, *packages: str) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for package in packages or ("",)
        for path in (folder / package).rglob("*.py")
    }


def test_the_wheel_synthesises_a_stack_that_uses_the_constructs(
    environment: Path, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    answer = subprocess.run(
        [str(environment / "bin" / "python"), "app.py"],
        cwd=tmp_path,
        env=outside(environment, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert Path(answer.stdout.strip()).is_relative_to(environment)

    template = json.loads((tmp_path / "cdk.out" / "Loans.template.json").read_text("utf-8"))
    handlers = {
        resource["Properties"]["Handler"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    assert len(handlers) == 2
    assets = {
        "image" if (path / "Dockerfile").is_file() else "functions": path
        for path in (tmp_path / "cdk.out").glob("asset.*")
    }
    code = assets["functions"]
    (installed,) = environment.glob("lib/python*/site-packages")
    assert sources(code) == sources(installed, "clarify_lambda")
    image = assets["image"]
    assert sources(image / "packages") == sources(installed, "clarify_contract", "clarify_engine")
    assert {path.name for path in image.iterdir()} == {"Dockerfile", "requirements.txt", "packages"}
    for handler in handlers:
        module = handler.rpartition(".")[0].replace(".", "/")
        assert (code / f"{module}.py").is_file()


def test_the_project_of_the_guide_tests_its_stack(environment: Path, tmp_path: Path) -> None:
    # pytest comes from this environment's libraries, and with it plugins that are not the guide's.
    variables = outside(environment, tmp_path) | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = run_snippets(ROOT / "docs" / "testing-your-stack.md", tmp_path, variables)
    assert ran == 4


@pytest.mark.registry
@pytest.mark.parametrize(
    ("checker", "right"),
    # mypy reads all of aws-cdk-lib for a stack, as it does for ours in `.ci/run`: a minute.
    [("pyright", TYPED_STACK), ("mypy", TYPED_RULES)],
)
def test_the_wheel_is_typed_for_strict_checkers(
    checker: str, right: str, environment: Path, tmp_path: Path
) -> None:
    wrong = "from clarify_contract import AnalysisConfig, Limit\n\n" + "\n".join(MISTAKES)
    (tmp_path / "wrong.py").write_text(f"{wrong}\n", encoding="utf-8")
    (tmp_path / "right.py").write_text(right, encoding="utf-8")
    python = str(environment / "bin" / "python")
    if checker == "pyright":
        settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": ["*.py"]}
        (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        program = npm_install(tmp_path, PYRIGHT) / "pyright" / "index.js"
        command = [node(), str(program), "--pythonpath", python]
    else:
        command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python]
    said = subprocess.run(
        [*command, "right.py", "wrong.py"],
        cwd=tmp_path,
        env=outside(environment, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    # Every mistake is seen in its line, and nothing else is found.
    found = re.findall(r"(\w+\.py):(\d+)", said)
    assert set(found) == {("wrong.py", str(line)) for line in (3, 4, 5)}, said
