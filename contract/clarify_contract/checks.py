"""From a config and the user's limits to the rules that the check judges a run by."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clarify_contract.config import AnalysisConfig
from clarify_contract.config.wording import did_you_mean
from clarify_contract.findings import Finding, Refused
from clarify_contract.metrics import METRICS, Metric, Stage

_STAGES: tuple[Stage, ...] = ("pre_training_bias", "post_training_bias")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The interval, ends included, in which a metric must lie for a run to pass.

    Attributes
    ----------
    minimum, maximum
        Least and greatest value that passes; None: no bound on that side.
    facet
        Name of the one facet that the limit is for; None: every facet. All groups of a facet count.

    Examples
    --------
    >>> Limit(minimum=-0.1, maximum=0.1)
    Limit(minimum=-0.1, maximum=0.1, facet=None)
    """

    minimum: float | None = None
    maximum: float | None = None
    facet: str | None = None


def resolve_checks(
    config: AnalysisConfig, limits: Mapping[str, Limit | Sequence[Limit]] | None = None
) -> dict[str, Any]:
    """Return the rules for one config, complete enough that the check needs no catalogue.

    Parameters
    ----------
    config
        The analysis whose results will be judged: everything that it asks for must be there.
    limits
        Limits by metric code, one or several for each.

    Returns
    -------
    dict
        ``{"complete": [...], "limits": [...]}``, plain JSON values. ``complete`` names each section
        of ``analysis.json`` with its facets (``name`` None where only the data's header tells it,
        ``groups`` None where only the data tells how many) and metrics; ``limits`` holds one
        entry for each limit, with ``min`` and ``max``.

    Raises
    ------
    Refused
        With every limit that names an unknown metric or facet, one that this config does not
        compute, or an interval that no value, or every value, of the metric meets.
    """
    given = [
        (f"limits.{code}" + (f"[{index}]" if isinstance(entry, Sequence) else ""), code, limit)
        for code, entry in (limits or {}).items()
        for index, limit in enumerate(entry if isinstance(entry, Sequence) else (entry,))
    ]
    findings = [
        Finding("limit-empty", f"limits.{code}", "an empty list", "one limit or more", "Remove it.")
        for code, entry in (limits or {}).items()
        if isinstance(entry, Sequence) and not entry
    ]
    for place, code, limit in given:
        findings += _findings(config, place, code, limit)
    if findings:
        raise Refused(findings)
    return {"complete": list(_complete(config)), "limits": [_rule(c, lim) for _, c, lim in given]}


def _rule(code: str, limit: Limit) -> dict[str, Any]:
    return {
        "section": f"{METRICS[code].stage}_metrics",
        "metric": code,
        "facet": limit.facet,
        "min": limit.minimum,
        "max": limit.maximum,
    }


def _complete(config: AnalysisConfig) -> Iterator[dict[str, Any]]:
    for stage in _STAGES:
        if getattr(config.methods, stage) is not None:
            yield {
                "section": f"{stage}_metrics",
                "facets": _facets(config),
                "metrics": sorted(config.expected_metrics(stage)),
            }
    for method, section in (
        ("shap", "kernel_shap"),
        ("pdp", "pdp"),
        ("asymmetric_shapley_value", "asymmetric_shapley_value"),
    ):
        if getattr(config.methods, method) is not None:
            yield {"section": f"explanations.{section}"}


def _facets(config: AnalysisConfig) -> list[dict[str, Any]]:
    """Name each facet once; entries for the same column share one list of groups in the results."""
    headers = config.facet_headers if config.facet_dataset_uri else config.headers
    groups: dict[str | int, int | None] = {}
    for facet in config.facet or ():
        where = facet.name_or_index
        if isinstance(where, int) and headers and 0 <= where < len(headers):
            where = headers[where]
        count = 1 if facet.value_or_threshold else None
        before = groups.get(where, 0)
        groups[where] = None if count is None or before is None else before + count
    return [
        {"name": where if isinstance(where, str) else None, "groups": count}
        for where, count in groups.items()
    ]


def _findings(config: AnalysisConfig, place: str, code: str, limit: Limit) -> Iterator[Finding]:
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
    names = [facet["name"] for facet in _facets(config)]
    if limit.facet is not None and None not in names and limit.facet not in names:
        yield Finding(
            "limit-facet-unknown",
            f"{place}.facet",
            repr(limit.facet),
            ", ".join(map(repr, names)) or "no facet: this config has none",
            "Name a facet of the config, or leave `facet` out to judge all of them.",
        )
    yield from _interval(place, limit, metric)


def _interval(place: str, limit: Limit, metric: Metric | None) -> Iterator[Finding]:
    low, high = limit.minimum, limit.maximum
    unreal = [
        Finding(
            "limit-not-a-number",
            f"{place}.{side}",
            "a boolean" if isinstance(bound, bool) else f"{bound!r}",
            "a finite number, or nothing",
            "Give a number, or leave the side out.",
        )
        for side, bound in (("minimum", low), ("maximum", high))
        if bound is not None and not _is_finite_number(bound)
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


def _is_finite_number(bound: object) -> bool:
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        return False
    try:
        return math.isfinite(bound)
    except OverflowError:
        return False
