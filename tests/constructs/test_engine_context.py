"""The build context of the open engine's image: complete, the same every time, and no larger."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from clarify_cdk.engine_context import PACKAGES, write_engine_context
from clarify_contract import Refused
from clarify_local.emulator.recipe import read_recipe
from support_constructs.configs import ROOT

SOURCES = {"clarify_contract": ROOT / "contract", "clarify_engine": ROOT / "engine"}
LOCK = "requirements.txt"
#: What a distribution is imported as, where that is not its own name in lower case.
IMPORTED_AS = {"scikit-learn": "sklearn", "pydantic-core": "pydantic_core"}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("context") / "engine"
    write_engine_context(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def locked(folder: Path) -> dict[str, Requirement]:
    """Return what the lock holds, by name."""
    lines = (folder / LOCK).read_text("utf-8").replace("\\\n", " ").splitlines()
    found = [Requirement(line.partition(" --hash")[0]) for line in lines if line[:1].isalpha()]
    return {requirement.name: requirement for requirement in found}


def wanted() -> list[Requirement]:
    """Return what pyproject.toml says the engine needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    contract = [need for need in project["dependencies"] if need.startswith("pydantic")]
    return [Requirement(need) for need in (*contract, *extras["engine"], *extras.get("pdf", ()))]


def test_it_holds_the_recipe_and_the_sources(context: Path) -> None:
    expected = {"Dockerfile", LOCK} | {
        f"packages/{package}/{name}"
        for package, root in SOURCES.items()
        for name in files(root / package)
    }
    assert files(context).keys() == expected
    assert not list(context.rglob("__pycache__"))


def test_the_sources_are_those_that_are_installed(context: Path) -> None:
    for package, root in SOURCES.items():
        assert files(context / "packages" / package) == files(root / package)


def test_what_was_there_before_is_gone(context: Path, tmp_path: Path) -> None:
    (tmp_path / "packages" / "clarify_engine").mkdir(parents=True)
    (tmp_path / "packages" / "clarify_engine" / "removed.py").touch()
    write_engine_context(tmp_path)
    assert files(tmp_path) == files(context)


def test_the_dockerfile_asks_only_for_what_the_context_holds(context: Path) -> None:
    recipe = read_recipe(context)
    assert {source for source, _ in recipe.copies} == {LOCK, "packages"}
    assert all((context / source).exists() for source, _ in recipe.copies)
    assert recipe.environment["PYTHONPATH"] == dict(recipe.copies)["packages"]
    assert (context / "packages" / recipe.entrypoint[-1] / "__main__.py").is_file()


def test_the_base_image_is_pinned_and_its_python_is_one_of_the_projects(context: Path) -> None:
    base = re.fullmatch(
        r"python:3\.(\d+)\.\d+-slim-\w+@sha256:[0-9a-f]{64}", read_recipe(context).base
    )
    assert base is not None
    assert int(base[1]) >= 11


def test_everything_that_is_fetched_is_named_in_the_lock_and_has_a_hash(context: Path) -> None:
    (install,) = (
        text for name, text in read_recipe(context).steps if name == "RUN" and "pip" in text
    )
    assert {"--no-deps", "--require-hashes", "--only-binary=:all:"} <= set(install.split())
    text = (context / LOCK).read_text("utf-8").replace("\\\n", " ")
    pins = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(pins) > 10
    assert not [pin for pin in pins if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:", pin)]


def test_the_lock_is_within_the_ranges_of_the_project(context: Path) -> None:
    pins = locked(context)
    for need in wanted():
        (pin,) = pins[need.name].specifier
        assert need.specifier.contains(pin.version), f"{need} is locked to {pin.version}"


def test_every_library_that_the_sources_import_is_in_the_lock(context: Path) -> None:
    known = {IMPORTED_AS.get(name, name) for name in locked(context)} | sys.stdlib_module_names
    imported = {
        (path.name, name) for path in (context / "packages").rglob("*.py") for name in imports(path)
    }
    foreign = {(file, name) for file, name in imported if name not in known | set(PACKAGES)}
    assert foreign == set()
    assert {"numpy", "pyarrow", "sklearn", "boto3"} <= {name for _, name in imported}


def imports(path: Path) -> set[str]:
    """Top-level names that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_it_is_the_same_from_site_packages(
    context: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site-packages"
    for package, root in SOURCES.items():
        shutil.copytree(root / package, site / package)
    (site / "clarify_engine" / "__pycache__").mkdir(exist_ok=True)
    (site / "clarify_engine" / "__pycache__" / "left.cpython-311.pyc").touch()
    installed = {
        package: SimpleNamespace(origin=str(site / package / "__init__.py")) for package in PACKAGES
    }
    monkeypatch.setattr(importlib.util, "find_spec", installed.__getitem__)
    write_engine_context(tmp_path / "context")
    assert files(tmp_path / "context") == files(context)


def test_without_the_engines_sources_the_reason_and_the_way_out_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (tmp_path / "kept").touch()
    with pytest.raises(Refused) as refused:
        write_engine_context(tmp_path)
    (finding,) = refused.value.findings
    assert finding.id == "engine-not-installed"
    assert "clarify_contract" in finding.given
    assert "Install clarify-cdk" in finding.fix
    assert (tmp_path / "kept").exists()
