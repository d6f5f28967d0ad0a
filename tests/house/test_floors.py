"""The house of the design: which floor may import what, and what a floor must not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = {
    "contract": "clarify_contract",
    "lambda": "clarify_lambda",
    "engine": "clarify_engine",
    "constructs": "clarify_cdk",
    "local": "clarify_local",
}
ALLOWED = {
    "clarify_contract": set(),
    "clarify_lambda": set(),
    "clarify_engine": {"clarify_contract", "clarify_lambda"},
    "clarify_cdk": {"clarify_contract", "clarify_lambda"},
    "clarify_local": {"clarify_contract", "clarify_lambda", "clarify_engine", "clarify_cdk"},
}
LAMBDA_HAS = {"boto3", "botocore", "jmespath"}
MODULES = [
    (package, path)
    for folder, package in SOURCE_ROOTS.items()
    for path in sorted((ROOT / folder / package).rglob("*.py"))
]


def imported_packages(path: Path) -> set[str]:
    """Top-level packages that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def loaded_by(statement: str) -> set[str]:
    """Names of the modules that are loaded after a statement in a fresh interpreter."""
    code = f"{statement}\nimport sys; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(answer.stdout.split())


@pytest.mark.parametrize("folder", SOURCE_ROOTS)
def test_a_source_root_holds_one_package_and_is_none_itself(folder: str) -> None:
    entries = {path.name for path in (ROOT / folder).iterdir() if path.name != "__pycache__"}
    assert entries == {SOURCE_ROOTS[folder]}


@pytest.mark.parametrize(
    ("package", "path"), MODULES, ids=[str(path.relative_to(ROOT)) for _, path in MODULES]
)
def test_a_floor_imports_only_floors_below(package: str, path: Path) -> None:
    ours = imported_packages(path) & set(SOURCE_ROOTS.values())
    assert ours - {package} <= ALLOWED[package]


def test_lambda_code_imports_only_what_the_runtime_has() -> None:
    foreign = {
        (path.name, name)
        for package, path in MODULES
        if package == "clarify_lambda"
        for name in imported_packages(path) - sys.stdlib_module_names - LAMBDA_HAS - {package}
    }
    assert foreign == set()


def test_importing_the_contract_loads_neither_cdk_nor_numpy_nor_boto3() -> None:
    assert loaded_by("import clarify_contract").isdisjoint({"aws_cdk", "jsii", "numpy", "boto3"})


def test_importing_the_constructs_loads_neither_numpy_nor_pyarrow() -> None:
    assert loaded_by("import clarify_cdk").isdisjoint({"numpy", "pyarrow", "clarify_engine"})


def test_importing_the_judge_does_not_load_boto3() -> None:
    assert loaded_by("import clarify_lambda.check.judge").isdisjoint({"boto3", "botocore"})


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in [
            *ROOT.glob("*.py"),
            *(path for _, path in MODULES),
            *ROOT.glob("tests/**/*.py"),
        ]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
