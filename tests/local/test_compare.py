"""`clarify compare`: what it says, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from clarify_local.commands import app
from clarify_local.terminal import out
from support_results import example


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", 200)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, words)])


def written(folder: Path, document: Any) -> Path:
    folder.mkdir()
    (folder / "analysis.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.fixture
def a(tmp_path: Path) -> Path:
    return written(tmp_path / "a", example())


@pytest.fixture
def b(tmp_path: Path) -> Path:
    """A result of which one metric, -0.2667 in `a`, is another."""
    document = example()
    group = document["pre_training_bias_metrics"]["facets"]["Gender"][0]
    (dpl,) = [metric for metric in group["metrics"] if metric["name"] == "DPL"]
    dpl["value"] = 0.125
    return written(tmp_path / "b", document)


def test_equal_results_end_with_0_given_as_folder_or_file(a: Path) -> None:
    result = run(a, a / "analysis.json")
    assert result.exit_code == 0
    assert "values agree" in result.output


def test_a_difference_ends_with_1_and_is_shown(a: Path, b: Path) -> None:
    result = run(a, b)
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if ".DPL" in line]
    assert line.split() == [
        "pre_training_bias_metrics.facets.Gender[0].DPL",
        "-0.2666666667",
        "0.125",
        "1e-06",
    ]
    assert "1 of " in result.output


def test_a_tolerance_makes_results_equal(a: Path, b: Path) -> None:
    assert run(a, b, "--tolerance", "DPL=0.4").exit_code == 0
    assert run(a, b, "--tolerance", "DPL=0.3", "--tolerance", "CI=1").exit_code == 1


def test_what_one_side_lacks_is_shown_as_not_there(a: Path, tmp_path: Path) -> None:
    less = example()
    del less["post_training_bias_metrics"]
    result = run(written(tmp_path / "less", less), a)
    assert result.exit_code == 1
    assert "(not there)" in result.output


@pytest.mark.parametrize("given", ["DPL", "DPL=", "DPL=x", "DPL=-1", "DPL=nan", "DPL=inf", "XX=1"])
def test_a_tolerance_that_is_none_is_bad_input(given: str, a: Path) -> None:
    assert run(a, a, "--tolerance", given).exit_code == 2


@pytest.mark.parametrize(
    "document", [{}, [], {"version": "1.0"}, {"version": "1.0", "explanations": {"kernel": {}}}]
)
def test_results_that_hold_nothing_or_cannot_be_read_are_bad_input(
    document: Any, tmp_path: Path
) -> None:
    odd = written(tmp_path / "odd", document)
    assert run(odd, odd).exit_code == 2


def test_a_folder_without_results_is_bad_input(a: Path, tmp_path: Path) -> None:
    assert run(a, tmp_path).exit_code == 2
    assert run(a, tmp_path / "nowhere").exit_code == 2
