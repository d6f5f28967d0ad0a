"""Every snippet of the README runs, in its order, in one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_docs.snippets import blocks, environment, run_snippets

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_snippets_run_as_they_stand(tmp_path: Path) -> None:
    assert run_snippets(README, tmp_path, environment()) == 7


@pytest.mark.parametrize("what", ["clarify rehearse", "-m pytest"])
def test_the_two_commands_start_from_a_bare_clone(what: str) -> None:
    lines = [
        text.strip() for language, _, text in blocks(README) if language == "sh" and what in text
    ]
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv .venv && .venv/bin/pip install")
