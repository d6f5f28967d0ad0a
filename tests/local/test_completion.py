"""A shell completes commands, options and what they may hold, and files by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clarify_local.commands import app

BASH = shutil.which("bash") or ""
#: What Tab does: bash calls the function that is registered for a command, with the words so far.
TAB = """
. ~/.bashrc
[ "$(complete -p clarify)" = 'complete -o default -F _clarify_completion clarify' ] || exit 3
tab() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
  _clarify_completion clarify
  echo "${COMPREPLY[@]}"
}
tab clarify rep
tab clarify validate conf
tab clarify analyze --est
"""


def completed(words: str) -> str:
    """Return what zsh is answered."""
    asked = {"_CLARIFY_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": words}
    return CliRunner().invoke(app, [], env=asked, prog_name="clarify").output


@pytest.mark.skipif(not BASH, reason="bash is not here")
def test_what_is_installed_for_bash_completes_commands_and_options(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shell = {"HOME": str(tmp_path), "PATH": path}

    def bash(script: str) -> str:
        # More than one command: bash must not become the command that asks which shell called it.
        command = [BASH, "--norc", "-c", f"{script}\n:"]
        return subprocess.run(
            command, env=shell, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    assert "installed" in bash("clarify --install-completion")
    (tmp_path / "config.json").touch()
    # Nothing for a file: bash then looks for files (`-o default`).
    assert bash(TAB).splitlines() == ["report", "", "--estimator"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("clarify sch", '"schema":"Print the JSON Schema'),
        ("clarify rehearse --confi", '"--config":"Your analysis_config.json."'),
        ("clarify analyze --estimator perm", '"permutation"'),
        ("clarify explain label-fl", '"label-float-threshold"'),
        ("clarify explain DP", '"DPL"'),
    ],
)
def test_commands_options_choices_and_topics_are_completed(words: str, answer: str) -> None:
    assert answer in completed(words)


@pytest.mark.parametrize(
    "words",
    [
        "clarify validate analysis",
        "clarify rehearse --data da",
        "clarify report res",
        "clarify compare one/analysis",
        "clarify init --data loans --output ne",
    ],
)
def test_files_are_left_to_the_shell(words: str) -> None:
    assert completed(words).strip() == "_files"
