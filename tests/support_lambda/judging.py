"""Short words for judging an analysis."""

from __future__ import annotations

import json
from typing import Any

from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import Outcome, passed
from support_lambda import passing_rules

BIAS = "pre_training_bias_metrics"


def judged(
    analysis: Any, rules: Any = None, intervals: Any = None, baseline: Any = None
) -> tuple[Outcome, ...]:
    rules = passing_rules() if rules is None else rules
    beside = None if intervals is None else json.dumps(intervals).encode()
    before = None if baseline is None else json.dumps(baseline).encode()
    return judge(json.dumps(analysis).encode(), rules, intervals=beside, baseline=before)


def broken(outcomes: tuple[Outcome, ...]) -> list[tuple[str, str | None]]:
    assert not passed(outcomes)
    return [(outcome.where, outcome.reason) for outcome in outcomes if not outcome.held]


def limit(**changes: Any) -> dict[str, Any]:
    """Return rules of one limit, on DPL in every facet."""
    rule = {**passing_rules()["limits"][0], **changes}
    return rules_of(limits=[rule])


def complete(**changes: Any) -> dict[str, Any]:
    """Return rules of completeness alone, of the bias section."""
    rule = {**passing_rules()["complete"][0], **changes}
    return rules_of(complete=[rule])


def attribution(**changes: Any) -> dict[str, Any]:
    """Return rules of one attribution rule, on the share of every feature."""
    rule = {"kind": "share", "label": None, "feature": None, "max": 0.7, **changes}
    return rules_of(attributions=[rule])


def no_worse(**changes: Any) -> dict[str, Any]:
    """Return rules of one comparison with a baseline, of DPL in every facet."""
    rule = {
        "section": BIAS,
        "metric": "DPL",
        "facet": None,
        "group": None,
        "neutral": 0.0,
        "min": -1.0,
        "max": 1.0,
        "tolerance": 0.0,
        **changes,
    }
    return rules_of(no_worse=[rule])


def drift(**changes: Any) -> dict[str, Any]:
    """Return rules of one comparison with a baseline, of the attributions of every label."""
    return rules_of(attributions=[{"kind": "drift", "label": None, "min": 0.9, **changes}])


def shap(**labels: dict[str, Any]) -> dict[str, Any]:
    """Return an analysis with the global SHAP values of each label."""
    return {
        "explanations": {
            "kernel_shap": {
                label: {"global_shap_values": values, "expected_value": 0.5}
                for label, values in labels.items()
            }
        }
    }


def rules_of(**kinds: Any) -> dict[str, Any]:
    """Return rules of the given kinds and of no other."""
    return {"complete": [], "limits": [], "attributions": [], **kinds}


def group(analysis: dict[str, Any], facet: str = "Sex", index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = analysis[BIAS]["facets"][facet][index]
    return found
