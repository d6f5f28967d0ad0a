"""Every snippet of the README runs, in its order, in one folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str, str]]:
    """Language, file name (or empty) and text of each fenced block."""
    return BLOCK.findall(README.read_text(encoding="utf-8"))


def commands(console: str) -> list[tuple[str, list[str]]]:
    """Each command of a console block, with the lines that its output holds."""
    found: list[tuple[str, list[str]]] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def test_the_snippets_run_as_they_stand(tmp_path: Path) -> None:
    bin_first = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": bin_first, "COLUMNS": "120"}
    ran = 0
    for language, name, text in blocks():
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif language == "console":
            for command, expected in commands(text):
                answer = subprocess.run(
                    ["bash", "-c", command],
                    cwd=tmp_path,
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert answer.returncode == 0, (command, answer.stdout, answer.stderr)
                for line in expected:
                    assert line in answer.stdout + answer.stderr, command
                ran += 1
    assert ran == 7


@pytest.mark.parametrize("what", ["clarify rehearse", "-m pytest"])
def test_the_two_commands_start_from_a_bare_clone(what: str) -> None:
    lines = [text.strip() for language, _, text in blocks() if language == "sh" and what in text]
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv .venv && .venv/bin/pip install")
