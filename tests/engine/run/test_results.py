"""Results appear whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from clarify_engine.results import check_output, write_analysis


def test_the_folder_is_made_and_holds_the_document_alone(tmp_path: Path) -> None:
    place = write_analysis(tmp_path / "a" / "b", {"version": "1.0", "größe": 1.0})
    assert place == tmp_path / "a" / "b" / "analysis.json"
    assert json.loads(place.read_text(encoding="utf-8")) == {"version": "1.0", "größe": 1.0}
    assert list(place.parent.iterdir()) == [place]


def test_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    write_analysis(tmp_path, {"run": 1})
    write_analysis(tmp_path, {"run": 2})
    assert json.loads((tmp_path / "analysis.json").read_text()) == {"run": 2}


def test_what_json_cannot_hold_leaves_the_earlier_result(tmp_path: Path) -> None:
    write_analysis(tmp_path, {"run": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_analysis(tmp_path, {"value": float("nan")})
    assert json.loads((tmp_path / "analysis.json").read_text()) == {"run": 1}


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_an_interruption_while_writing_leaves_the_earlier_result_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    write_analysis(tmp_path, {"run": 1})

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        write_analysis(tmp_path, {"run": 2})
    assert [path.name for path in tmp_path.iterdir()] == ["analysis.json"]
    assert json.loads((tmp_path / "analysis.json").read_text()) == {"run": 1}


def test_checking_a_place_creates_nothing(tmp_path: Path) -> None:
    check_output(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
