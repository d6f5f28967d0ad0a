"""Short words for judging an analysis."""

from __future__ import annotations

import json
from typing import Any

from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import Outcome, passed
from support_lambda import passing_rules

BIAS = "pre_training_bias_metrics"


def judged(analysis: Any, rules: Any = None) -> tuple[Outcome, ...]:
    rules = passing_rules() if rules is None else rules
    return judge(json.dumps(analysis).encode(), rules)


def broken(outcomes: tuple[Outcome, ...]) -> list[tuple[str, str | None]]:
    assert not passed(outcomes)
    return [(outcome.where, outcome.reason) for outcome in outcomes if not outcome.held]


def limit(**changes: Any) -> dict[str, Any]:
    """Return rules of one limit, on DPL in every facet."""
    rule = {"section": BIAS, "metric": "DPL", "facet": None, "min": -0.1, "max": 0.1, **changes}
    return {"complete": [], "limits": [rule]}


def group(analysis: dict[str, Any], facet: str = "Sex", index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = analysis[BIAS]["facets"][facet][index]
    return found
