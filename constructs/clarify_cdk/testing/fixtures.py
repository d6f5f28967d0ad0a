"""A pytest fixture that compares a stack's template with the text that is kept beside the tests.

It becomes known by one line of the topmost ``conftest.py``:
``pytest_plugins = ["clarify_cdk.testing.fixtures"]``.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from aws_cdk import Stack

from clarify_cdk.testing.template import template_text

#: Set to 1, it has every text written anew instead of compared.
UPDATE: Final = "CLARIFY_UPDATE_SNAPSHOTS"
#: Beside the file of a test. Not ``__snapshots__``: syrupy deletes what it does not know there.
FOLDER: Final = "template_snapshots"


class TemplateSnapshot:
    """Compares templates with texts in ``template_snapshots/``, beside the file of the test."""

    def __init__(self, test_file: Path, test_name: str) -> None:
        self._test_file = test_file
        self._test_name = test_name
        self._compared: set[Path] = set()

    def __call__(self, stack: Stack | Mapping[str, Any], *, name: str | None = None) -> None:
        """Fail if the template of a stack is not the one that is kept.

        Parameters
        ----------
        stack
            A stack, or a template: see ``template_text``.
        name
            Of the text. Default: the name of the test, with its parameters.

        Raises
        ------
        AssertionError
            If there is no such text, or another one.
        ValueError
            If a test compares two templates by one name.
        """
        __tracebackhide__ = True
        path = self._path(name or self._test_name)
        if path in self._compared:
            raise ValueError(f"{path.name} was compared already: give each template a name")
        self._compared.add(path)
        now = template_text(stack)
        if os.environ.get(UPDATE) == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, encoding="utf-8", newline="\n")
            return
        command = f"{UPDATE}=1 python -m pytest {self._test_file.name}"
        if not path.is_file():
            raise AssertionError(f"No template is kept in {path} yet. Write it: {command}")
        kept = path.read_text(encoding="utf-8")
        if now != kept:
            changes = "\n".join(_changes(kept.splitlines(), now.splitlines()))
            raise AssertionError(
                f"The template is not the one in {path}:\n{changes}\nIf it is meant: {command}"
            )

    def _path(self, name: str) -> Path:
        file = re.sub(r"[^\w.\[\]-]", "-", name)
        return self._test_file.parent / FOLDER / self._test_file.stem / f"{file}.txt"


@pytest.fixture
def template_snapshot(request: pytest.FixtureRequest) -> TemplateSnapshot:
    """Return what compares a stack's template with the kept one."""
    return TemplateSnapshot(request.path, str(request.node.name))


def _changes(kept: list[str], now: list[str]) -> Iterator[str]:
    """Yield the changed lines, each group of them under the resource that it belongs to."""
    for line in difflib.unified_diff(kept, now, "kept", "now", lineterm=""):
        if place := re.match(r"@@ -(\d+)", line):
            above = reversed(kept[: int(place[1])])
            heading = next((text for text in above if not text.startswith(" ")), "")
            yield " ".join(["@@", *heading.split()[:2]]).removesuffix(":")
        else:
            yield line
