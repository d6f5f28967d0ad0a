"""The asset of the functions: the package alone, from a checkout and from site-packages alike."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_

from clarify_cdk.lambda_code import PACKAGE, lambda_code
from support_constructs.configs import ROOT
from support_constructs.templates import assembly

HANDLERS = ("clarify_lambda.check.handler", "clarify_lambda.prepare.handler")


def asset_of(folder: Path) -> Path:
    (asset,) = (path for path in folder.glob("asset.*") if (path / PACKAGE).is_dir())
    return asset


def sources(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.py")}


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_asset_holds_the_packages_python_files_and_nothing_else() -> None:
    asset = asset_of(assembly("recommended-flags").folder)
    assert files(asset) == sources(ROOT / "lambda")


def test_every_pipeline_of_an_app_shares_one_asset() -> None:
    manifests = assembly("recommended-flags").folder.glob("*.assets.json")
    hashes = [
        {
            identifier
            for identifier, file in json.loads(manifest.read_text("utf-8"))["files"].items()
            if file["source"]["packaging"] == "zip"
        }
        for manifest in manifests
    ]
    assert len(hashes) == 6
    assert len(set.union(*hashes)) == 1


@pytest.mark.parametrize("module", HANDLERS)
def test_a_handler_is_imported_from_the_asset(module: str) -> None:
    asset = asset_of(assembly("recommended-flags").folder)
    code = (
        f"import sys; sys.path.insert(0, {str(asset)!r})\n"
        f"import {module} as module\n"
        "assert callable(module.handler)\n"
        "print(module.__file__)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert Path(answer.stdout.strip()).is_relative_to(asset)


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a site-packages of many files, with the package and what Python leaves beside it."""
    site = tmp_path / "site-packages"
    shutil.copytree(ROOT / "lambda" / PACKAGE, site / PACKAGE)
    (site / PACKAGE / "__pycache__").mkdir(exist_ok=True)
    (site / PACKAGE / "__pycache__" / "left.cpython-311.pyc").touch()
    (site / PACKAGE / "check" / "notes.txt").touch()
    (site / "clarify_lambda_other").mkdir()
    (site / "clarify_lambda_other" / "module.py").touch()
    (site / "single.py").touch()
    for number in range(200):
        folder = site / f"package{number}" / "inner"
        folder.mkdir(parents=True)
        for file in range(50):
            (folder / f"module{file}.py").touch()
    spec = SimpleNamespace(origin=str(site / PACKAGE / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    return site


def test_in_site_packages_only_the_package_goes_in_and_fast(
    site_packages: Path, tmp_path: Path
) -> None:
    app = cdk.App(outdir=str(tmp_path / "out"), analytics_reporting=False)
    stack = cdk.Stack(app, "Installed")
    started = time.monotonic()
    lambda_.Function(
        stack,
        "Function",
        code=lambda_code(),
        handler="clarify_lambda.check.handler.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
    )
    took = time.monotonic() - started
    app.synth()
    assert files(asset_of(tmp_path / "out")) == sources(ROOT / "lambda")
    # Ten thousand neighbours are not even listed; reading them takes many times as long.
    assert took < 5


def test_the_hash_depends_on_the_code_alone(site_packages: Path, tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path / "out"), analytics_reporting=False)
    stack = cdk.Stack(app, "Installed")
    lambda_.Function(
        stack,
        "Function",
        code=lambda_code(),
        handler="clarify_lambda.check.handler.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
    )
    app.synth()
    checkout = asset_of(assembly("recommended-flags").folder)
    assert asset_of(tmp_path / "out").name == checkout.name


def test_without_the_package_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="install clarify-cdk"):
        lambda_code()
