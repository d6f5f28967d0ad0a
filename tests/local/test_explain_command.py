"""Whatever fails says where to read on, and what it names is explained there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from clarify_contract import METRICS, Finding
from clarify_contract.config.catalogue import catalogue
from clarify_local import terminal
from clarify_local.commands import app
from clarify_local.explaining.findings import all_findings
from clarify_local.explaining.topics import topics_of
from clarify_local.explaining.troubleshooting import sections
from support_local.example import DIABETES

FINDING = Finding("X3", "$.predictor", "nothing", "an instance type", "Write it.")


def clarify(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "300"})


def said(result: Result) -> str:
    """Return what was printed as one line, however wide the terminal is."""
    return " ".join(result.output.split())


def pointed(result: Result) -> list[str]:
    """Return the topics that a command's last words name."""
    return re.findall(r"Read on: clarify explain (.+)", result.output)


def test_a_finding_on_a_config_is_told_with_what_must_hold_and_every_form() -> None:
    result = clarify("explain", "X3")
    assert result.exit_code == 0
    assert "X3 (error)" in result.output
    entry = next(entry for entry in catalogue() if entry.id == "X3")
    assert entry.sentence.replace("`", "") in said(result)
    # As the rule says it: clarify_contract.config.rules.endpoint.
    assert "expected an instance type, with model_name. Write the shadow endpoint" in said(result)
    assert "In the documentation: reference/findings.md#X3" in result.output


@pytest.mark.parametrize(
    ("topic", "says", "page"),
    [
        ("dataset-ragged", "quote cells that hold a comma", "findings.md#dataset-ragged"),
        ("clarify-cdk:role-unchanged", "sagemaker.amazonaws.com", "#clarify-cdk:role-unchanged"),
        ("role-unchanged", "sagemaker.amazonaws.com", "#clarify-cdk:role-unchanged"),
        # Made of a part that only a run knows: the page has no row of its own for it.
        ("job-unreachable", "a VPC endpoint to", "findings.md#on-this-machine"),
        ("DPL", "q_a - q_d", "metrics.md#DPL"),
        ("ft", "flip", "metrics.md#FT"),
        ("no-capacity-in", "max_capacity_retries", "troubleshooting.md#no-capacity-in"),
        ("on-this-machine", "clarify COMMAND --help", "troubleshooting.md#on-this-machine"),
    ],
)
def test_ids_metrics_and_sections_are_explained(topic: str, says: str, page: str) -> None:
    result = clarify("explain", topic)
    assert result.exit_code == 0, result.output
    assert says.lower() in said(result).lower()
    assert page in result.output


def test_a_message_is_explained_by_the_findings_and_the_words_in_it() -> None:
    message = f"ClarifyPreparationFailed: {FINDING}\nNo capacity in eu-west-1 for ml.m5.large"
    assert topics_of(message) == ("X3", "no-capacity-in")
    output = clarify("explain", message).output
    assert "findings.md#X3" in output
    assert "troubleshooting.md#no-capacity-in" in output


def test_what_nothing_explains_is_bad_input_and_the_rest_is_explained() -> None:
    result = clarify("explain", "label-flot-threshold", "X3")
    assert result.exit_code == 2
    assert "'label-flot-threshold'" in result.output
    assert 'Did you mean "label-float-threshold"?' in result.output
    assert "findings.md#X3" in result.output


def test_without_a_topic_it_lists_metrics_and_messages() -> None:
    output = clarify("explain").output
    assert all(code in output for code in METRICS)
    assert "No capacity in" in output


def test_every_id_metric_and_section_is_explained() -> None:
    from clarify_local.explaining.explanation import explain

    topics = [*METRICS, *(entry.id for entry in catalogue()), *(s.anchor for s in sections())]
    topics += [one.id.replace("…", "any") for one in all_findings()]
    assert len(set(topics)) > 300
    assert [topic for topic in topics if not explain(topic)] == []


def test_sections_are_told_apart_and_hold_what_stands_below_them() -> None:
    anchors = [section.anchor for section in sections()]
    assert len(set(anchors)) == len(anchors)
    whole = next(section for section in sections() if section.anchor == "messages-of-a-job")
    assert not whole.is_message
    assert "### `No capacity in`" in whole.text
    assert "## " not in whole.text.replace("### ", "")


@pytest.mark.parametrize(
    "anchor", [terminal.JOB, terminal.REJECTION, terminal.RUN, terminal.THIS_MACHINE]
)
def test_what_is_read_where_nothing_else_is_known_is_there(anchor: str) -> None:
    assert anchor in {section.anchor for section in sections() if not section.is_message}


def test_a_config_that_is_refused_ends_with_its_ids(tmp_path: Path) -> None:
    config = json.loads((DIABETES / "analysis_config.json").read_text()) | {"label": None}
    (path := tmp_path / "analysis_config.json").write_text(json.dumps(config | {"x": 1}))
    result = clarify("validate", path)
    assert result.exit_code == 2
    ids = dict.fromkeys(re.findall(r"✗ \[([\w-]+)\]", result.output))
    assert len(ids) > 1
    assert pointed(result) == [" ".join(ids)]


def test_a_failure_without_any_finding_says_where_to_read_on(tmp_path: Path) -> None:
    assert pointed(clarify("report", tmp_path)) == ["on-this-machine"]
    config = DIABETES / "analysis_config.json"
    without_data = clarify("rehearse", "--config", config)
    # Below the warnings of that config, and where these are explained.
    assert pointed(without_data)[-1] == "no-data-pass-data-with-a-file-or-a-folder"


def test_data_that_end_an_analysis_say_where_to_read_on(tmp_path: Path) -> None:
    config = {
        "dataset_type": "text/csv",
        "label": "y",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}],
        "methods": {"pre_training_bias": {"methods": ["CI", "DPL"]}},
    }
    (path := tmp_path / "analysis_config.json").write_text(json.dumps(config))
    (data := tmp_path / "data.csv").write_text("sex,x\nf,1\nm,0\n")
    result = clarify("analyze", path, "--data", data, "--output", tmp_path / "out")
    assert result.exit_code == 2
    (topics,) = pointed(result)
    assert topics.split()[0] == re.findall(r"✗ \[([\w-]+)\]", result.output)[0]
    assert topics.split()[-1] == "headers-must-contain-label"
