"""Results appear whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from clarify_engine.results import check_output, publish, write_json


def results(folder: Path, **documents: Any) -> Path:
    """A folder of results: each keyword is a file, a document's dots are slashes of its name."""
    for name, document in documents.items():
        write_json(folder / (name.replace("__", "/") + ".json"), document)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_folder_is_made_and_holds_the_results_alone(tmp_path: Path) -> None:
    made = results(tmp_path / "made", analysis={"größe": 1.0}, deep__er={"a": 1})
    output = tmp_path / "a" / "b"
    publish(made, output)
    assert names(output) == ["analysis.json", "deep/er.json"]
    assert read(output / "analysis.json") == {"größe": 1.0}


def test_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    for run in (1, 2):
        publish(results(tmp_path / "made", analysis={"run": run}), tmp_path / "output")
    assert read(tmp_path / "output" / "analysis.json") == {"run": 2}


def test_what_only_an_earlier_run_wrote_is_removed_and_nothing_else(tmp_path: Path) -> None:
    output = tmp_path / "output"
    listed = {"files": ["analysis.json", "old/values.json", "../outside.json", "/etc/hosts"]}
    made = results(tmp_path / "made", analysis={"run": 1}, provenance=listed, old__values={})
    results(output, notes={"of": "a person"})
    results(tmp_path, outside={})
    publish(made, output)
    publish(results(tmp_path / "made", analysis={"run": 2}, provenance={"files": []}), output)
    assert names(output) == ["analysis.json", "notes.json", "provenance.json"]
    assert (tmp_path / "outside.json").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": 3}', '{"files": [3]}'])
def test_a_provenance_that_cannot_be_read_removes_nothing(tmp_path: Path, text: str) -> None:
    output = results(tmp_path / "output", report={})
    (output / "provenance.json").write_text(text)
    publish(results(tmp_path / "made", analysis={}), output)
    assert names(output) == ["analysis.json", "provenance.json", "report.json"]


def test_a_number_that_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "analysis.json", {"value": float("nan")})
    assert names(tmp_path) == []


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_an_interruption_while_writing_leaves_the_earlier_results_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    output = results(tmp_path / "output", analysis={"run": 1}, old={})
    (output / "provenance.json").write_text('{"files": ["old.json"]}')
    made = results(tmp_path / "made", analysis={"run": 2}, other={"run": 2})

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(error)):
        publish(made, output)
    assert names(output) == ["analysis.json", "old.json", "provenance.json"]
    assert read(output / "analysis.json") == {"run": 1}


def test_the_analysis_itself_is_written_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (moved.append(Path(b).name), replace(a, b)))
    publish(results(tmp_path / "made", analysis={}, zebra={}, a__values={}), tmp_path / "output")
    assert moved == ["values.json", "zebra.json", "analysis.json"]


def test_checking_a_place_creates_nothing(tmp_path: Path) -> None:
    check_output(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
