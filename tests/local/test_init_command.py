"""`clarify init`: a project that passes as it is written, and nothing that is overwritten."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from clarify_contract import AnalysisConfig
from clarify_local.commands import app
from clarify_local.starter import asking

WRITTEN = {
    *("analysis_config.json", "analysis_config.md", "rules.json"),
    *("app.py", "cdk.json", "test_bias.py"),
}


def clarify_init(*words: str | Path, answers: str = "") -> Result:
    return CliRunner().invoke(app, ["init", *map(str, words)], input=answers)


def table(file: Path, header: str, lines: Iterable[str]) -> Path:
    file.write_text("\n".join([header, *lines]) + "\n")
    return file


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def loans(tmp_path: Path) -> Path:
    """Return 60 loans: 20 of 30 m were approved, and 10 of 30 f, more of them in the north."""
    approved = {"m": 20, "f": 10}
    lines = [
        f"{20 + 3 * i % 47},{'north' if i % 3 else 'south'},{sex},{'yes' if i < most else 'no'},"
        f"{'yes' if i < most - 1 else 'no'}"
        for sex, most in approved.items()
        for i in range(30)
    ]
    return table(tmp_path / "loans.csv", "age,region,sex,approved,predicted", lines)


def read(project: Path, name: str) -> Any:
    return json.loads((project / name).read_text())


def test_the_project_validates_rehearses_and_its_test_passes(loans: Path) -> None:
    project = loans.parent / "project"
    result = clarify_init(
        *("--data", loans, "--label", "approved", "--facet", "sex=f", "--facet", "age"),
        *("--group", "region", "--predicted", "predicted", "--output", project),
    )
    assert result.exit_code == 0, result.output
    assert {path.name for path in project.iterdir()} == WRITTEN
    # Its test validates the config with the data, and rehearses the app.
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_bias.py"],
        cwd=project,
        env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "2 passed" in ended.stdout


def test_the_choices_are_those_of_the_person_and_of_the_data(loans: Path) -> None:
    result = clarify_init(
        *("--data", loans, "--label", "approved", "--facet", "sex=f", "--facet", "age=40"),
        *("--output", loans.parent),
    )
    assert result.exit_code == 0, result.output
    config, rules = read(loans.parent, "analysis_config.json"), read(loans.parent, "rules.json")
    assert config["label_values_or_threshold"] == ["yes"]
    assert config["facet"] == [
        {"name_or_index": "sex", "value_or_threshold": ["f"]},
        {"name_or_index": "age", "value_or_threshold": [40]},
    ]
    # Of m two thirds are approved, and of f one third: today's DPL of 1/3 is the limit.
    assert rules["limits"]["DPL"]["max"] == 0.34
    assert rules["readings"] == {"age": "threshold"}
    why = (loans.parent / "analysis_config.md").read_text()
    assert "Today it is" in why
    for key in config:
        assert f"| `{key}` |" in why
    assert "limits.DPL" in result.output
    # What it tells to add for a model makes a config that is valid.
    (added,) = re.findall(r"```json\n(.*?)```", why, re.DOTALL)
    model = json.loads(f"{{{added}}}")
    model["predictor"]["model_name"] = "loans"
    methods = config["methods"] | model.pop("methods")
    assert AnalysisConfig(**config | model | {"methods": methods}).needs_predictions


def test_a_float_label_of_zeros_and_ones_is_no_trap(tmp_path: Path) -> None:
    """With [1] no row of these would be positive, and every metric be 0."""
    data = table(
        tmp_path / "data.csv",
        "sex,label",
        (f"{sex},{float(i < most)}" for sex, most in (("f", 10), ("m", 20)) for i in range(30)),
    )
    result = clarify_init(
        "--data", data, "--label", "label", "--facet", "sex=f", "--output", tmp_path
    )
    assert result.exit_code == 0, result.output
    assert read(tmp_path, "analysis_config.json")["label_values_or_threshold"] == [0.5]
    assert read(tmp_path, "rules.json")["limits"]["DPL"]["max"] == 0.34


def test_parquet_is_told_by_what_the_file_holds(tmp_path: Path) -> None:
    sexes, labels = ["f", "m"] * 30, [True, False, True, True] * 15
    pq.write_table(pa.table({"sex": sexes, "label": labels}), tmp_path / "data.parquet")
    result = clarify_init(
        *("--data", tmp_path / "data.parquet", "--label", "label", "--facet", "sex=m"),
        *("--output", tmp_path),
    )
    assert result.exit_code == 0, result.output
    assert read(tmp_path, "analysis_config.json")["dataset_type"] == "application/x-parquet"
    # All 30 f have the label, and 15 of 30 m.
    assert read(tmp_path, "rules.json")["limits"]["DPL"]["max"] == 0.5


def test_json_is_refused_by_what_it_is(tmp_path: Path) -> None:
    (data := tmp_path / "data.csv").write_text('{"sex": "f", "approved": 1}\n')
    result = clarify_init("--data", data, "--label", "approved", "--facet", "sex")
    assert result.exit_code == 2
    assert "the data are JSON" in result.output


def test_a_metric_without_a_number_in_some_group_is_not_asked_for(tmp_path: Path) -> None:
    """No m is predicted yes: disparate impact (DI) divides by zero."""
    lines = [
        f"{sex},{'yes' if i % 2 else 'no'},{'yes' if sex == 'f' and i % 4 else 'no'}"
        for sex in "fm"
        for i in range(20)
    ]
    data = table(tmp_path / "data.csv", "sex,approved,predicted", lines)
    result = clarify_init(
        *("--data", data, "--label", "approved", "--facet", "sex=f", "--predicted", "predicted"),
        *("--output", tmp_path),
    )
    assert result.exit_code == 0, result.output
    asked = read(tmp_path, "analysis_config.json")["methods"]["post_training_bias"]["methods"]
    assert "DI" not in asked
    assert "DPPL" in asked
    assert set(read(tmp_path, "rules.json")["limits"]) == {"DPL", "DPPL"}
    assert "Left out: DI" in (tmp_path / "analysis_config.md").read_text()


def test_nothing_is_overwritten(loans: Path) -> None:
    (loans.parent / "app.py").write_text("mine")
    result = clarify_init(
        "--data", loans, "--label", "approved", "--facet", "sex", "--output", loans.parent
    )
    assert result.exit_code == 2
    assert "app.py exists" in result.output
    assert {path.name for path in loans.parent.iterdir()} == {"loans.csv", "app.py"}
    assert (loans.parent / "app.py").read_text() == "mine"


def test_it_asks_on_a_terminal_and_takes_what_the_data_suggest(
    loans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "on_a_terminal", lambda: True)
    result = clarify_init(
        "--data", loans, "--output", loans.parent, answers="none\napproved\nno\nsex, region\n\n"
    )
    assert result.exit_code == 0, result.output
    assert "age, region, sex, approved, predicted" in result.output
    assert "No column is called none." in result.output
    assert "No column is called no." in result.output
    config = read(loans.parent, "analysis_config.json")
    assert config["label_values_or_threshold"] == ["yes"]
    assert [facet["name_or_index"] for facet in config["facet"]] == ["sex", "region"]


def test_on_a_terminal_too_it_asks_nothing_that_is_said_already(
    loans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "on_a_terminal", lambda: True)
    given = ("--data", loans, "--label", "approved", "--facet", "sex")
    assert clarify_init(*given, "--output", loans.parent / "one").exit_code == 0
    # Which region is the outcome, no data say.
    given = ("--data", loans, "--label", "region", "--facet", "sex")
    result = clarify_init(*given, "--output", loans.parent / "two", answers="north\n")
    assert result.exit_code == 0, result.output
    assert "north, south" in result.output


def test_elsewhere_it_never_asks(loans: Path) -> None:
    result = clarify_init("--data", loans, "--output", loans.parent, answers="approved\nsex\n\n")
    assert result.exit_code == 2
    assert "--label and --facet" in result.output
    assert [path.name for path in loans.parent.iterdir()] == ["loans.csv"]


def test_a_column_that_is_not_there_is_named_and_those_that_are_stay_unsaid(loans: Path) -> None:
    """Where there is no header row, the data's names would be cells of a person."""
    result = clarify_init("--data", loans, "--label", "aproved", "--facet", "sex")
    assert result.exit_code == 2
    assert "'aproved'" in result.output
    assert "5 columns" in result.output
    assert "region" not in result.output


def test_one_column_is_not_both_label_and_facet(loans: Path) -> None:
    result = clarify_init("--data", loans, "--label", "sex", "--facet", "sex", "--positive", "f")
    assert result.exit_code == 2
    assert "at once" in result.output


def test_missing_cells_of_a_facet_cost_no_metric(tmp_path: Path) -> None:
    lines = [
        f"{sex},{'yes' if i < 5 + 9 * (sex == 'm') else 'no'}" for sex in "fm" for i in range(20)
    ]
    data = table(tmp_path / "data.csv", "sex,approved", [*lines, ",yes", ",no"])
    result = clarify_init(
        "--data", data, "--label", "approved", "--facet", "sex", "--output", tmp_path
    )
    assert result.exit_code == 0, result.output
    config = read(tmp_path, "analysis_config.json")
    assert [facet["value_or_threshold"] for facet in config["facet"]] == [["f"], ["m"]]
    assert "DPL" in config["methods"]["pre_training_bias"]["methods"]


def test_data_without_rows_are_told(tmp_path: Path) -> None:
    data = table(tmp_path / "data.csv", "sex,approved", [])
    result = clarify_init("--data", data, "--label", "approved", "--facet", "sex")
    assert result.exit_code == 2
    assert "no other row" in result.output


def test_a_facet_is_given_once(loans: Path) -> None:
    result = clarify_init(
        "--data", loans, "--label", "approved", "--facet", "sex=f", "--facet", "sex=m"
    )
    assert result.exit_code == 2
    assert "given twice" in result.output


def test_data_that_no_rule_lets_pass_are_told(tmp_path: Path) -> None:
    """Both groups fare exactly alike, which looks like a label that was never met."""
    lines = [f"{sex},{'yes' if i < 10 else 'no'}" for sex in "fm" for i in range(20)]
    data = table(tmp_path / "data.csv", "sex,approved", lines)
    result = clarify_init(
        "--data", data, "--label", "approved", "--facet", "sex=f", "--output", tmp_path
    )
    assert result.exit_code == 0, result.output
    assert "is rejected" in result.output
