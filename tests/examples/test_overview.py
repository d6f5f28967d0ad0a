"""The overview of the examples: all of them, each with the question that its README asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support_examples import EXAMPLES

_ROW = re.compile(r"^\| \[(\w+)\]\((\S+)\) \| .+ \| (.+) \|$", re.MULTILINE)
ROWS = _ROW.findall((EXAMPLES / "README.md").read_text("utf-8"))


def test_every_example_has_its_row() -> None:
    folders = [path.name for path in EXAMPLES.iterdir() if path.is_dir()]
    assert sorted(name for name, _, _ in ROWS) == sorted(folders)
    assert [address for _, address, _ in ROWS] == [f"{name}/README.md" for name, _, _ in ROWS]


@pytest.mark.parametrize(("name", "question"), [(name, asked) for name, _, asked in ROWS])
def test_its_readme_asks_the_question_and_a_test_runs_it(name: str, question: str) -> None:
    readme = " ".join((EXAMPLES / name / "README.md").read_text("utf-8").split())
    assert question.lower() in readme.lower()
    tests = Path(__file__).parents[1]
    own = [tests / "examples" / f"test_{name}.py", tests / "local" / f"test_example_{name}.py"]
    assert any(path.is_file() for path in own)
