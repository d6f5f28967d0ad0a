"""cfn-lint finds nothing in any template, nor in any state machine definition with values in it."""

from __future__ import annotations

from pathlib import Path

from support_constructs.lint import IGNORED, cfn_lint, definitions
from support_constructs.templates import assembly


def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    templates = sorted(assembly("recommended-flags").folder.glob("*.template.json"))
    assert len(templates) == 6
    machines = [machine for path in templates for machine in definitions(path, tmp_path)]
    assert len(machines) == 7
    others = [path for path in templates if path.name.startswith("EndpointInGivenVpc")]
    own = [path for path in templates if path not in others]
    assert cfn_lint([*own, *machines]) == ""
    assert cfn_lint(others, "--ignore-checks", IGNORED) == ""
