"""The fixture that keeps templates: it fails without one, and shows what changed where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from clarify_cdk.testing.fixtures import UPDATE, TemplateSnapshot


def topic(name: str) -> Mapping[str, Any]:
    """Return a template whose second resource has the name far below its heading."""
    tags = [{"Key": f"tag{number}", "Value": "x" * 80} for number in range(3)]
    properties = {"Alarms": tags, "DisplayName": name}
    return {
        "Resources": {
            "Log": {"Type": "AWS::Logs::LogGroup"},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": properties},
        }
    }


@pytest.fixture
def snapshot(tmp_path: Path) -> TemplateSnapshot:
    return TemplateSnapshot(tmp_path / "test_loans.py", "test_stack[a/b]")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep a first template, and return where."""
    with monkeypatch.context() as patch:
        patch.setenv(UPDATE, "1")
        TemplateSnapshot(tmp_path / "test_loans.py", "test_stack[a/b]")(topic("first"))
    return tmp_path / "template_snapshots" / "test_loans" / "test_stack[a-b].txt"


def test_the_same_template_passes(kept: Path, snapshot: TemplateSnapshot) -> None:
    assert kept.read_text("utf-8").startswith("Log AWS::Logs::LogGroup: {}\n")
    snapshot(topic("first"))


def test_without_a_kept_template_it_fails_and_says_how_to_write_it(
    snapshot: TemplateSnapshot, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError) as failed:
        snapshot(topic("first"))
    assert f"{UPDATE}=1 python -m pytest test_loans.py" in str(failed.value)
    assert not [*tmp_path.iterdir()]


def test_another_template_fails_and_shows_what_changed_in_which_resource(
    kept: Path, snapshot: TemplateSnapshot
) -> None:
    before = kept.read_text("utf-8")
    with pytest.raises(AssertionError) as failed:
        snapshot(topic("second"))
    changes = str(failed.value).splitlines()
    assert changes.index("@@ Topic AWS::SNS::Topic") < changes.index('-    DisplayName: "first"')
    assert '+    DisplayName: "second"' in changes
    assert kept.read_text("utf-8") == before


def test_an_update_writes_it_anew(
    kept: Path, snapshot: TemplateSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(UPDATE, "1")
    snapshot(topic("second"))
    assert "second" in kept.read_text("utf-8")


def test_two_templates_of_a_test_need_names(kept: Path, snapshot: TemplateSnapshot) -> None:
    snapshot(topic("first"))
    with pytest.raises(ValueError, match="give each template a name"):
        snapshot(topic("first"))
    with pytest.raises(AssertionError, match="No template is kept"):
        snapshot(topic("first"), name="other")
