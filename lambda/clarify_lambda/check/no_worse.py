"""No metric worse than in the baseline: no farther from where both groups fare alike."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.baseline import Baseline
from clarify_lambda.check.document import real
from clarify_lambda.check.evidence import Missing, chosen_groups, in_range, number_of
from clarify_lambda.check.outcome import Outcome, json_number
from clarify_lambda.check.violations import metric_violation


def no_worse(
    analysis: dict[str, Any], rule: dict[str, Any], baseline: Baseline
) -> Iterator[Outcome]:
    """Judge one metric against the baseline, in each group that the rule is for."""
    section, code = rule["section"], rule["metric"]
    try:
        for facet, groups, index in chosen_groups(analysis, rule):
            where = f"{section}.facets.{facet}[{index}].{code}"
            value, reason = number_of(groups[index], code, real)
            if value is None:
                yield Outcome("no_worse", where, reason, code)
                continue
            outcome = analysis[section]["label_value_or_threshold"]
            before, none = baseline.metric(section, code, facet, (groups, index), outcome)
            reason = f"not evaluated: {none}" if before is None else _unusable(before, rule)
            if before is None or reason is not None:
                yield Outcome("no_worse", where, reason, code, value, baseline=before)
                continue
            group = groups[index]["value_or_threshold"]
            yield Outcome(
                "no_worse",
                where,
                _worse(value, before, rule),
                code,
                value,
                baseline=before,
                drift=metric_violation(facet, group, code, value, before),
            )
    except Missing as missing:
        yield Outcome("no_worse", missing.where, missing.reason, code)


def _unusable(before: float, rule: dict[str, Any]) -> str | None:
    if math.isinf(before):
        return "not evaluated: the baseline is infinite, and nothing is worse"
    if not in_range(before, rule):
        return "not evaluated: the baseline is outside of what this metric can be"
    return None


def _worse(value: float, before: float, rule: dict[str, Any]) -> str | None:
    neutral, tolerance = rule["neutral"], rule["tolerance"]
    if abs(value - neutral) <= abs(before - neutral) + tolerance:
        return None
    more = f" by more than {tolerance:g}" if tolerance else ""
    return f"{json_number(value)} is farther from {neutral:g} than the baseline, {before}{more}"
