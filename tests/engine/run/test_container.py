"""The container's last words and exit codes, case by case, in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import clarify_engine.steps.bias
from clarify_contract.container import CONFIG_DIR, CONFIG_NAME
from clarify_engine.container import DONE, INTERNAL, REFUSED, main
from support_run import cases
from support_run.jobs import JobFolder


def run(job: JobFolder) -> int:
    return main(["--root", str(job.root)])


def test_results_are_written_and_nothing_is_said(tmp_path: Path) -> None:
    job = JobFolder(tmp_path, cases.config(methods=cases.PRE_TRAINING))
    assert run(job) == DONE
    assert job.results == [
        "analysis.json",
        "intervals.json",
        "provenance.json",
        "report_data.json",
    ]
    assert job.message == ""


def test_the_config_may_have_another_name_if_it_is_alone(tmp_path: Path) -> None:
    job = JobFolder(tmp_path, cases.config(methods=cases.PRE_TRAINING))
    folder = job.path(CONFIG_DIR)
    (folder / CONFIG_NAME).rename(folder / "loans.json")
    assert run(job) == DONE


@pytest.mark.parametrize("text", ["{", "[]", "", '"text"'])
def test_a_config_that_is_no_json_object_is_told_in_the_service_s_words(
    tmp_path: Path, text: str
) -> None:
    job = JobFolder(tmp_path, text)
    assert run(job) == REFUSED
    first, *findings = job.message.splitlines()
    assert first == "Unable to load analysis configuration as JSON."
    assert findings
    assert job.results == []


def test_a_missing_config_is_told_in_the_service_s_words(tmp_path: Path) -> None:
    job = JobFolder(tmp_path, "{}")
    (job.path(CONFIG_DIR) / CONFIG_NAME).unlink()
    assert run(job) == REFUSED
    assert job.message.startswith("Unable to load analysis configuration as JSON.\n")


def test_a_config_with_unknown_keys_is_told_with_all_findings(tmp_path: Path) -> None:
    job = JobFolder(tmp_path, '{"dataset_type": "text/csv", "methods": {}, "lable": "y", "x": 1}')
    assert run(job) == REFUSED
    first, *findings = job.message.splitlines()
    assert first == "Analysis configuration schema validation error."
    assert any("$.lable" in line for line in findings)
    assert any("$.x" in line for line in findings)


@pytest.mark.parametrize(
    ("changes", "hosts", "finding"),
    [
        (
            {
                "methods": {
                    "shap": {"text_config": {"granularity": "token", "language": "english"}}
                },
                "predictor": cases.SHADOW,
            },
            1,
            "engine-not-yet-text",
        ),
        (
            {
                "dataset_type": "application/x-image",
                "label": None,
                "label_values_or_threshold": None,
                "facet": None,
                "group_variable": None,
                "methods": {"shap": {"image_config": {"model_type": "IMAGE_CLASSIFICATION"}}},
                "predictor": {"endpoint_name": "live", "label_headers": ["cat", "dog"]},
            },
            1,
            "engine-not-yet-image",
        ),
        (
            {
                "segment_config": [{"name_or_index": "region", "segments": [[0]]}],
                "methods": cases.PRE_TRAINING,
            },
            1,
            "engine-not-yet-segments",
        ),
        (
            {"methods": cases.PRE_TRAINING, "joinsource_name_or_index": "age"},
            2,
            "engine-not-yet-several-instances",
        ),
    ],
)
def test_what_does_not_run_yet_is_named_before_anything_starts(
    tmp_path: Path, changes: dict[str, Any], hosts: int, finding: str
) -> None:
    # Nothing listens where AWS would be, and the job's folder has no readable data either.
    job = JobFolder(tmp_path, cases.config(**changes), hosts=hosts)
    job.data.unlink()
    assert run(job) == REFUSED
    assert job.message.startswith("The open engine cannot run this analysis.\n")
    assert f"[{finding}]" in job.message
    assert job.results == []


def test_last_words_are_cut_to_a_kilobyte_between_two_letters(tmp_path: Path) -> None:
    keys = ", ".join(f'"{"日" * 20}{i}": 1' for i in range(50))
    job = JobFolder(tmp_path, f'{{"dataset_type": "text/csv", "methods": {{}}, {keys}}}')
    assert run(job) == REFUSED
    size = len(job.message.encode())
    assert 1021 <= size <= 1024


def test_an_error_of_our_own_is_told_by_type_and_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("a cell: 4711")

    monkeypatch.setattr(clarify_engine.steps.bias.BiasTally, "sections", break_down)
    job = JobFolder(tmp_path, cases.config(methods=cases.PRE_TRAINING))
    assert run(job) == INTERNAL
    assert job.message.startswith("Internal error: ZeroDivisionError at ")
    assert job.results == []
    printed = "".join(capsys.readouterr())
    assert "4711" not in printed + job.message
    assert "Traceback" not in printed
