"""The table of findings: every id that can be met is in it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import clarify_contract.config
from clarify_contract.config.catalogue import catalogue
from clarify_contract.config.misleading.table import WARNINGS
from clarify_contract.config.rules.table import RULES

SOURCES = sorted(Path(clarify_contract.config.__file__).parent.rglob("*.py"))
# Spec 2.7: the rules that no schema checks.
SPEC = {f"X{number}" for number in range(1, 21)}


def test_every_rule_of_the_spec_has_an_entry() -> None:
    assert {entry.id for entry in catalogue()} >= SPEC


def test_every_id_in_the_code_has_an_entry() -> None:
    ids = {entry.id for entry in catalogue()}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Finding", "rule"):
                first = [*node.args, *(k.value for k in node.keywords if k.arg == "id")][0]
                if isinstance(first, ast.Constant):
                    assert first.value in ids, source


def test_an_id_is_short_plain_and_either_an_error_or_a_warning() -> None:
    severities: dict[str, set[str]] = {}
    for entry in catalogue():
        assert re.fullmatch(r"X\d+|[a-z0-9]+(-[a-z0-9]+)*", entry.id)
        severities.setdefault(entry.id, set()).add(entry.severity)
    assert all(len(found) == 1 for found in severities.values())
    assert {rule.severity for rule in RULES} == {"error"}
    assert {rule.severity for rule in WARNINGS} == {"warning"}


def test_the_command_prints_the_table_in_order() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "clarify_contract", "findings"], capture_output=True, check=True
    )
    lines = answer.stdout.decode("utf-8").splitlines()
    assert lines[:2] == ["| id | severity | rule |", "|---|---|---|"]
    assert len(lines) == 2 + len(catalogue())
    ids = [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]]
    assert list(dict.fromkeys(ids))[:3] == ["X1", "X2", "X3"]


def test_an_unknown_word_is_answered_with_the_usage() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "clarify_contract", "rules"], capture_output=True
    )
    assert answer.returncode == 2
    assert answer.stdout == b""
    assert b"usage" in answer.stderr
