"""What users rely on by name changes only where somebody means it to."""

from __future__ import annotations

from difflib import unified_diff

from support_house.public_api import COMMAND, TEXT, public_api


def test_public_names_and_parameters_are_those_that_were_promised() -> None:
    promised, there = TEXT.read_text(encoding="utf-8"), public_api()
    changed = "\n".join(unified_diff(promised.splitlines(), there.splitlines(), lineterm="", n=0))
    assert not changed, f"{changed}\nIf that is meant: {COMMAND}"


def test_attributes_parameters_commands_settings_and_findings_are_in_the_text() -> None:
    lines = public_api().splitlines()
    assert "  .state_machine" in lines
    assert "  .grant_start_execution(grantee)" in lines
    assert "clarify rehearse" in lines
    assert "cdk.json: vpc_id" in lines
    assert "finding: X5 (error)" in lines
    (role,) = [line for line in lines if line.startswith("clarify_cdk.ClarifyRole(")]
    assert "scope, id, *, analysis" in role
