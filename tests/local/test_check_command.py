"""`clarify check`: the pipeline's verdict, on a folder of results and without AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from clarify_local.commands import app
from support_lambda import passing_analysis
from support_real import real

CONFIG: dict[str, Any] = {
    "dataset_type": "text/csv",
    "label": "Target",
    "label_values_or_threshold": [1],
    "facet": [
        {"name_or_index": "Sex", "value_or_threshold": [0]},
        {"name_or_index": "Age"},
    ],
    "methods": {"pre_training_bias": {"methods": ["CI", "DPL", "KL"]}},
}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Return a folder as the open engine leaves it: CI 0.36, DPL 0.05, KL 0.01 in three groups."""
    write(tmp_path / "analysis.json", passing_analysis())
    write(tmp_path / "report_data.json", {"config": CONFIG})
    return tmp_path


def write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def check(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, words)], env={"COLUMNS": "200"})


def test_complete_results_pass_without_a_rule(results: Path) -> None:
    result = check(results)
    assert result.exit_code == 0, result.output
    # 3 metrics and the zeros in 3 groups, the reading of one.
    assert result.stdout.splitlines() == ["✓ 13 checks of completeness", "PASSED"]


def test_every_rule_is_told_with_its_value_its_bounds_and_its_source(results: Path) -> None:
    rules = {
        "limits": {
            "CI": {"max": 0.4, "facet": "Sex", "source": "our policy"},
            "DPL": {"min": -0.1, "max": 0.04, "facet": "Sex"},
        }
    }
    result = check(results, "--rules", write(results / "rules.json", rules))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "✓ pre_training_bias_metrics.facets.Sex[0].CI: 0.36 at most 0.4 (our policy)",
        "✗ pre_training_bias_metrics.facets.Sex[0].DPL: 0.05 is above 0.04",
        "✓ 13 checks of completeness",
        "REJECTED",
        "Read on: clarify explain DPL",
    ]


def test_interval_is_read_from_the_folder(results: Path) -> None:
    limit = {"min": -0.1, "max": 0.1, "facet": "Sex", "evidence": "interval"}
    rules = write(results / "rules.json", {"limits": {"DPL": limit}})
    assert (
        "not evaluated: the job wrote no intervals.json" in check(results, "--rules", rules).output
    )
    entry = {"value_or_threshold": "0", "intervals": {"DPL": {"low": 0.01, "high": 0.09}}}
    section = {"facets": {"Sex": [entry]}}
    document = {"level": 0.95, "pre_training_bias_metrics": section}
    write(results / "intervals.json", document)
    result = check(results, "--rules", rules)
    assert result.exit_code == 0
    assert "DPL: 0.05 (95 %: 0.01 to 0.09) within -0.1 to 0.1" in result.stdout


def test_baseline_is_a_file_of_this_machine(results: Path) -> None:
    rules = write(results / "rules.json", {"no_worse": [{"metrics": ["DPL"], "facet": "Sex"}]})
    former = passing_analysis()
    baseline = write(results / "former.json", former)
    result = check(results, "--rules", rules, "--baseline", baseline)
    assert result.exit_code == 0
    assert "Sex[0].DPL: 0.05 no worse than 0.05" in result.stdout
    former["pre_training_bias_metrics"]["facets"]["Sex"][0]["metrics"][1]["value"] = 0.04
    write(baseline, former)
    result = check(results, "--rules", rules, "--baseline", baseline)
    assert result.exit_code == 1
    assert "✗ pre_training_bias_metrics.facets.Sex[0].DPL: 0.05 is farther from 0" in result.stdout


def test_comparison_and_baseline_are_given_together(results: Path) -> None:
    rules = write(results / "rules.json", {"no_worse": [{}]})
    result = check(results, "--rules", rules)
    assert result.exit_code == 2
    assert "pass its file as --baseline" in result.stderr
    result = check(results, "--baseline", results / "analysis.json")
    assert result.exit_code == 2
    assert "no rule compares with --baseline" in result.stderr


def test_what_a_rule_accepts_is_told(results: Path) -> None:
    analysis = passing_analysis()
    error = "No instance of common facet found, dataset may be too small"
    metrics = analysis["pre_training_bias_metrics"]["facets"]["Sex"][0]["metrics"]
    metrics[2] |= {"value": None, "error": error}
    write(results / "analysis.json", analysis)
    assert check(results).exit_code == 1
    accepted = {"accepted_errors": [{"metric": "KL", "error": "No instance of common facet"}]}
    result = check(results, "--rules", write(results / "rules.json", accepted))
    assert result.exit_code == 0
    assert f"Sex[0].KL: accepted: the analysis gives an error instead of a number: {error}" in (
        result.stdout
    )


def test_real_results_of_the_service_are_judged_with_their_config(tmp_path: Path) -> None:
    """From the file: DI 0.1779…, so that four fifths do not hold."""
    body = real("adult_linear_learner/bias_analysis.json").read_bytes()
    (tmp_path / "analysis.json").write_bytes(body)
    config = real("adult_linear_learner/bias_analysis_config.json")
    without = check(tmp_path, "--config", config)
    assert without.exit_code == 1
    assert "report.html: the report: there is no such file" in without.output
    (tmp_path / "report.html").write_text("<!doctype html>")
    assert check(tmp_path, "--config", config).exit_code == 0
    rules = write(tmp_path / "rules.json", {"presets": ["four_fifths"]})
    result = check(tmp_path, "--config", config, "--rules", rules)
    assert result.exit_code == 1
    assert "DI: 0.17798594847775176 is below 0.8" in result.stdout


def test_given_config_is_judged_by_and_not_the_one_in_the_folder(results: Path) -> None:
    methods = {"pre_training_bias": {"methods": ["CI", "DPL", "JS"]}}
    other = write(results / "other.json", CONFIG | {"methods": methods})
    result = check(results, "--config", other)
    assert result.exit_code == 1
    assert "Sex[0].JS: the metric is missing" in result.stdout


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("analysis.json", None, "there is no analysis.json"),
        ("report_data.json", None, "no config: pass --config"),
        ("report_data.json", "{", "cannot be read as JSON"),
        ("report_data.json", "[]", "holds no config"),
        ("report_data.json", '{"config": {"facet": []}}', "refused"),
    ],
)
def test_folder_that_cannot_be_judged_is_bad_input(
    results: Path, file: str, content: str | None, reason: str
) -> None:
    (results / file).unlink()
    if content is not None:
        (results / file).write_text(content, encoding="utf-8")
    result = check(results)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_rules_that_do_not_fit_the_config_are_bad_input_with_every_finding(results: Path) -> None:
    rules = {"limits": {"AD": {"max": 0.1}, "DPL": {"max": 3}}}
    result = check(results, "--rules", write(results / "rules.json", rules))
    assert result.exit_code == 2
    assert "limit-metric-not-computed" in result.stderr
    assert "limit-out-of-range" in result.stderr


def test_analysis_that_is_cut_off_is_rejected(results: Path) -> None:
    body = (results / "analysis.json").read_bytes()
    (results / "analysis.json").write_bytes(body[:-1])
    result = check(results)
    assert result.exit_code == 1
    assert "analysis.json: it is not complete JSON" in result.stdout
