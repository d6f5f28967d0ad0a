"""``constraint_violations.json`` as Model Monitor writes it, for those who read that already.

Descriptions are worded as in real files of the service (bias) and in the developer guide's example
(attributions). A group is named by its text here, as in ``analysis.json``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clarify_lambda.check.outcome import Outcome, json_number

VIOLATIONS_FILE = "constraint_violations.json"


def metric_violation(
    facet: str, group: str, code: str, value: float, before: float
) -> dict[str, str]:
    """Return the entry on a bias metric that is worse than its baseline."""
    return {
        "facet": facet,
        "facet_value": group,
        "metric_name": code,
        "constraint_check_type": "bias_drift_check",
        "description": f"Metric value {json_number(value)} doesn't meet the baseline constraint "
        f"requirement {json_number(before)}",
    }


def attribution_violation(label: str, score: float, minimum: float) -> dict[str, str]:
    """Return the entry on a label whose ranking of features has drifted."""
    return {
        "label": label,
        "metric_name": "shap",
        "constraint_check_type": "feature_attribution_drift_check",
        "description": f"Feature attribution drift {score} exceeds threshold {minimum}",
    }


def violations(outcomes: Iterable[Outcome]) -> dict[str, Any] | None:
    """Return the document; None where nothing was compared with a baseline."""
    compared = [outcome for outcome in outcomes if outcome.drift is not None]
    if not compared:
        return None
    listed = [outcome.drift for outcome in compared if not outcome.held]
    return {"version": "1.0", "violations": listed}
