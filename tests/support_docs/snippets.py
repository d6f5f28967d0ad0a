"""Snippets of a document: files that have a name, and commands with lines of their output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: Path) -> list[tuple[str, str, str]]:
    """Return language, file name (or empty) and text of each fenced block."""
    return _BLOCK.findall(document.read_text(encoding="utf-8"))


def environment(**variables: str) -> dict[str, str]:
    """Return this process' environment with its own programs first, a wide terminal, and more."""
    bin_first = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": bin_first, "COLUMNS": "120", **variables}


def run_snippets(document: Path, folder: Path, variables: Mapping[str, str]) -> int:
    """Write the files and run the commands of a document, in its order, and count the commands.

    Each line below a command must be part of what it prints, and each command must succeed.
    """
    ran = 0
    for language, name, text in blocks(document):
        if name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        elif language == "console":
            for command, expected in _commands(text):
                answer = subprocess.run(
                    ["bash", "-c", command],
                    cwd=folder,
                    env=variables,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert answer.returncode == 0, (command, answer.stdout, answer.stderr)
                for line in expected:
                    assert line in answer.stdout + answer.stderr, (command, answer.stdout)
                ran += 1
    return ran


def _commands(console: str) -> list[tuple[str, list[str]]]:
    """Return each command of a console block, with the lines that its output holds.

    A command goes on behind a backslash at a line's end, as in a shell.
    """
    found: list[tuple[str, list[str]]] = []
    for line in console.replace("\\\n", "").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found
