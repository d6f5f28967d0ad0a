"""Ask `AnalysisConfig` what it says of a config."""

from __future__ import annotations

import json
from typing import Any

from clarify_contract import AnalysisConfig, Finding, Refused


def errors(config: Any) -> tuple[Finding, ...]:
    """Return the findings with which a config, as JSON text, is refused."""
    try:
        AnalysisConfig.load(config if isinstance(config, str) else json.dumps(config))
    except Refused as refused:
        return refused.findings
    return ()


def places(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Return id and path of each finding."""
    return [(finding.id, finding.path) for finding in findings]


def warnings(config: dict[str, Any]) -> list[tuple[str, str]]:
    """Return id and path of each warning on a config that is accepted."""
    return places(AnalysisConfig.load(json.dumps(config)).warnings)
