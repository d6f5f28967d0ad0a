"""Bounds of one metric, and what makes them say nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from clarify_contract.checks.facets import facet_findings, group_findings
from clarify_contract.config import AnalysisConfig
from clarify_contract.config.wording import did_you_mean
from clarify_contract.findings import Finding
from clarify_contract.metrics import METRICS, Metric

Evidence = Literal["value", "interval"]
EVIDENCE: tuple[Evidence, ...] = ("value", "interval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The interval, ends included, in which a metric must lie for a run to pass.

    Attributes
    ----------
    minimum, maximum
        Least and greatest value that passes; None: no bound on that side.
    facet
        Name of the one facet that the limit is for; None: every facet.
    group
        ``value_or_threshold`` of the one group of `facet` that the limit is for, as
        ``analysis.json`` writes it; None: every group.
    evidence
        ``value``: the metric's value must meet the limit. ``interval``: its whole 95 % interval
        in ``intervals.json`` must, too; where there is none, the run does not pass.
    source
        Where the bounds come from; it is told with the verdict.

    Examples
    --------
    >>> Limit(minimum=-0.1, maximum=0.1, facet="sex", evidence="interval").evidence
    'interval'
    """

    minimum: float | None = None
    maximum: float | None = None
    facet: str | None = None
    group: str | None = None
    evidence: Evidence = "value"
    source: str | None = None


def limit_rule(code: str, limit: Limit) -> dict[str, Any]:
    """Return a limit as the check reads it."""
    return {
        "section": f"{METRICS[code].stage}_metrics",
        "metric": code,
        "facet": limit.facet,
        "group": limit.group,
        "min": limit.minimum,
        "max": limit.maximum,
        "evidence": limit.evidence,
        "source": limit.source,
    }


def limit_findings(
    config: AnalysisConfig, place: str, code: str, limit: Limit
) -> Iterator[Finding]:
    """Yield why a limit could not judge a run of this config."""
    yield from metric_findings(config, place, code)
    yield from facet_findings(config, f"{place}.facet", limit.facet)
    yield from group_findings(config, place, limit.facet, limit.group)
    if limit.evidence not in EVIDENCE:
        yield Finding(
            "limit-evidence-unknown",
            f"{place}.evidence",
            repr(limit.evidence),
            " or ".join(map(repr, EVIDENCE)),
            "Say whether the value or its whole interval must meet the limit.",
        )
    yield from _interval(place, limit, METRICS.get(code))


def metric_findings(config: AnalysisConfig, place: str, code: str) -> Iterator[Finding]:
    """Yield why a metric is not among those that this config computes."""
    metric = METRICS.get(code)
    if metric is None:
        fix = did_you_mean(code.upper(), METRICS) or "Use a code of the metric catalogue."
        yield Finding("limit-metric-unknown", place, repr(code), ", ".join(METRICS), fix)
    elif getattr(config.methods, metric.stage) is None or code not in config.expected_metrics(
        metric.stage
    ):
        yield Finding(
            "limit-metric-not-computed",
            place,
            f"{code}, which this config does not compute",
            f"a metric that methods.{metric.stage} asks for"
            + (", with group_variable" if "group_variable" in metric.needs else ""),
            "Ask for the metric in the config, or remove the limit.",
        )


def _interval(place: str, limit: Limit, metric: Metric | None) -> Iterator[Finding]:
    low, high = limit.minimum, limit.maximum
    unreal = [
        number_finding(f"{place}.{side}", bound)
        for side, bound in (("minimum", low), ("maximum", high))
        if bound is not None and not is_finite_number(bound)
    ]
    yield from unreal
    if unreal:
        return
    if low is None and high is None:
        yield Finding(
            "limit-empty", place, "no bound", "a minimum, a maximum or both", "Give a bound."
        )
    elif low is not None and high is not None and low > high:
        yield Finding(
            "limit-crossed",
            place,
            f"minimum {low} above maximum {high}",
            "minimum <= maximum",
            "Swap the two bounds.",
        )
    elif metric is not None:
        yield from _against_range(place, low, high, metric)


def _against_range(
    place: str, low: float | None, high: float | None, metric: Metric
) -> Iterator[Finding]:
    allowed = f"bounds within the metric's range, {metric.minimum:g} to {metric.maximum:g}"
    outside = [
        (side, bound)
        for side, bound in (("minimum", low), ("maximum", high))
        if bound is not None and not metric.minimum <= bound <= metric.maximum
    ]
    for side, bound in outside:
        never = bound > metric.maximum if side == "minimum" else bound < metric.minimum
        yield Finding(
            "limit-out-of-range",
            f"{place}.{side}",
            f"{bound}, which {metric.code} {'can never' if never else 'always'} meet"
            + ("" if never else "s"),
            allowed,
            "Give a bound that some values meet and others do not.",
        )
    unbounded_below = low is None or low <= metric.minimum
    unbounded_above = high is None or high >= metric.maximum
    if not outside and unbounded_below and unbounded_above:
        yield Finding(
            "limit-always-met",
            place,
            f"an interval that holds every value of {metric.code}",
            allowed,
            "Give a bound that some values do not meet.",
        )


def number_finding(place: str, bound: object) -> Finding:
    """Return the finding on a bound that is no finite number."""
    return Finding(
        "limit-not-a-number",
        place,
        "a boolean" if isinstance(bound, bool) else f"{bound!r}",
        "a finite number, or nothing",
        "Give a number, or leave the side out.",
    )


def is_finite_number(bound: object) -> bool:
    """Tell whether a bound is a number that a double holds."""
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        return False
    try:
        return math.isfinite(bound)
    except OverflowError:
        return False
