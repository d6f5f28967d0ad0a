"""Bias metrics that may be no worse than those of a baseline."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from clarify_contract.checks.facets import facet_findings, group_findings
from clarify_contract.checks.limit import is_finite_number, metric_findings, number_finding
from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding
from clarify_contract.metrics import METRICS, Metric, Stage

Distance = Literal["neutral", "zero"]
DISTANCES: tuple[Distance, ...] = ("neutral", "zero")
_STAGES: tuple[Stage, ...] = ("pre_training_bias", "post_training_bias")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWorse:
    """Metrics may lie no farther from fairness than in the baseline of the rules.

    A metric, facet or group that the baseline lacks, or for which it has no finite number, is not
    evaluated, and the run does not pass.

    Attributes
    ----------
    metrics
        Codes of the metrics; none: every bias metric that the config computes.
    facet
        Name of the one facet that the rule is for; None: every facet.
    group
        ``value_or_threshold`` of the one group of `facet` that the rule is for, as
        ``analysis.json`` writes it; None: every group.
    distance
        ``neutral``: worse is farther from the value at which both groups fare the same, which is 1
        for DI and 0 for all others. ``zero``: worse is a greater absolute value, for DI too, as
        Model Monitor's drift check has it: a DI that falls from 0.9 to 0.1 is no worse by that.
    tolerance
        How much farther a metric may lie, in its own unit.
    """

    metrics: Sequence[str] = ()
    facet: str | None = None
    group: str | None = None
    distance: Distance = "neutral"
    tolerance: float = 0.0


def judged_metrics(config: AnalysisConfig, rule: NoWorse) -> tuple[str, ...]:
    """Return the codes that a rule is for; where it names none, as ``analysis.json`` has them."""
    return tuple(rule.metrics) or tuple(
        code
        for stage in _STAGES
        if getattr(config.methods, stage) is not None
        for code in sorted(config.expected_metrics(stage))
    )


def no_worse_rules(config: AnalysisConfig, rule: NoWorse) -> list[dict[str, Any]]:
    """Return a rule as the check reads it: one entry for each metric."""
    return [_rule(METRICS[code], rule) for code in judged_metrics(config, rule)]


def _rule(metric: Metric, rule: NoWorse) -> dict[str, Any]:
    return {
        "section": f"{metric.stage}_metrics",
        "metric": metric.code,
        "facet": rule.facet,
        "group": rule.group,
        "neutral": _neutral(metric, rule),
        **metric_range(metric),
        "tolerance": rule.tolerance,
    }


def metric_range(metric: Metric) -> dict[str, float | None]:
    """Return the ends of a metric's range as the check reads them, None for no end."""
    return {
        "min": metric.minimum if math.isfinite(metric.minimum) else None,
        "max": metric.maximum if math.isfinite(metric.maximum) else None,
    }


def no_worse_findings(config: AnalysisConfig, place: str, rule: NoWorse) -> Iterator[Finding]:
    """Yield why a rule could not judge a run of this config."""
    for code in rule.metrics:
        yield from metric_findings(config, f"{place}.metrics", code)
    if not judged_metrics(config, rule):
        yield Finding(
            "no-worse-not-computed",
            place,
            "a rule on bias metrics, none of which this config computes",
            "a config with pre_training_bias or post_training_bias",
            "Ask for bias metrics in the config, or remove the rule.",
        )
    yield from facet_findings(config, f"{place}.facet", rule.facet)
    yield from group_findings(config, place, rule.facet, rule.group)
    if rule.distance not in DISTANCES:
        yield Finding(
            "no-worse-distance-unknown",
            f"{place}.distance",
            repr(rule.distance),
            " or ".join(map(repr, DISTANCES)),
            "Say from where the distance is taken.",
        )
    elif not is_finite_number(rule.tolerance):
        yield number_finding(f"{place}.tolerance", rule.tolerance)
    else:
        yield from _tolerance(config, place, rule)


def _tolerance(config: AnalysisConfig, place: str, rule: NoWorse) -> Iterator[Finding]:
    known = [METRICS[code] for code in judged_metrics(config, rule) if code in METRICS]
    harmless = [metric.code for metric in known if rule.tolerance >= _farthest(metric, rule)]
    if rule.tolerance < 0 or harmless:
        yield Finding(
            "no-worse-tolerance",
            f"{place}.tolerance",
            f"{rule.tolerance}"
            + (f", with which no value of {', '.join(harmless)} is worse" if harmless else ""),
            "0 or more, and less than how far each of the metrics can be from its neutral value",
            "Give a smaller tolerance, or a rule of its own to some of the metrics.",
        )


def _neutral(metric: Metric, rule: NoWorse) -> float:
    return metric.neutral if rule.distance == "neutral" else 0.0


def _farthest(metric: Metric, rule: NoWorse) -> float:
    neutral = _neutral(metric, rule)
    return max(abs(metric.minimum - neutral), abs(metric.maximum - neutral))
