"""From a config and somebody's rules to the rules that the check judges a run by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clarify_contract.checks.accepted import AcceptedError, accepted_findings, accepted_rule
from clarify_contract.checks.attributions import (
    AttributionDrift,
    attribution_findings,
    attribution_rule,
)
from clarify_contract.checks.baseline import baseline_findings
from clarify_contract.checks.facets import facet_findings, judged_facets, reading_findings
from clarify_contract.checks.files import file_rules
from clarify_contract.checks.limit import Limit, limit_findings, limit_rule
from clarify_contract.checks.minimum_rows import minimum_rows_findings
from clarify_contract.checks.no_worse import (
    NoWorse,
    judged_metrics,
    metric_range,
    no_worse_findings,
    no_worse_rules,
)
from clarify_contract.checks.rules import Rules
from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding, Refused
from clarify_contract.metrics import METRICS, Metric, Stage

_STAGES: tuple[Stage, ...] = ("pre_training_bias", "post_training_bias")
#: Exactly 0 in ordinary runs: CI counts rows and no outcome; FT is 0 where nothing flips.
_ORDINARY_ZEROS = frozenset({"CI", "FT"})

Limits = Mapping[str, Limit | Sequence[Limit]]


def resolve_checks(
    config: AnalysisConfig, limits: Limits | None = None, rules: Rules | None = None
) -> dict[str, Any]:
    """Return the rules for one config, complete enough that the check needs no catalogue.

    Parameters
    ----------
    config
        The analysis whose results will be judged: everything that it asks for must be there.
    limits
        Limits by metric code, one or several for each; the same as those of ``rules``.
    rules
        Whatever else is asked of a run.

    Returns
    -------
    dict
        ``{"complete": [...], "limits": [...], "attributions": [...]}``, plain JSON values.
        ``complete`` names each section of ``analysis.json`` with its facets (``name`` None where
        only the data's header tells it, ``groups`` None where only the data tells how many) and
        metrics, each with its range (None: no bound); ``limits`` holds one entry for each limit,
        with ``min`` and ``max``; ``attributions`` the rules on SHAP values. Where there are any,
        ``no_worse`` holds one entry for each metric that is compared with the baseline, with its
        neutral value and its range; where the baseline lies is no part of it. ``files`` holds one
        entry for each file that must lie beside the analysis, and ``minimum_rows`` stands as given.

    Raises
    ------
    Refused
        With every rule that names what this config does not compute, every limit that no value, or
        every value, meets, and a baseline that no rule asks for.
    """
    rules = rules or Rules()
    both = [*_each(limits or {}), *_each(rules.limits)]
    findings = [*_empty(limits or {}), *_empty(rules.limits)]
    for place, code, limit in both:
        findings += limit_findings(config, place, code, limit)
    findings += _other_findings(config, rules, [(code, limit) for _, code, limit in both])
    if findings:
        raise Refused(findings)
    resolved: dict[str, Any] = {
        "complete": list(_complete(config, rules)),
        "limits": [limit_rule(code, limit) for _, code, limit in both],
        "attributions": [attribution_rule(rule) for rule in rules.attributions],
    }
    compared = [entry for rule in rules.no_worse for entry in no_worse_rules(config, rule)]
    optional = {
        "no_worse": compared,
        "files": list(file_rules(config)),
        "minimum_rows": rules.minimum_rows,
    }
    return resolved | {key: value for key, value in optional.items() if value}


def _each(limits: Limits) -> Iterator[tuple[str, str, Limit]]:
    for code, entry in limits.items():
        if isinstance(entry, Limit):
            yield f"limits.{code}", code, entry
        else:
            for index, limit in enumerate(entry):
                yield f"limits.{code}[{index}]", code, limit


def _empty(limits: Limits) -> list[Finding]:
    return [
        Finding("limit-empty", f"limits.{code}", "an empty list", "one limit or more", "Remove it.")
        for code, entry in limits.items()
        if not isinstance(entry, Limit) and not entry
    ]


def _other_findings(
    config: AnalysisConfig, rules: Rules, limits: Sequence[tuple[str, Limit]]
) -> Iterator[Finding]:
    for index, rule in enumerate(rules.attributions):
        yield from attribution_findings(config, f"attributions[{index}]", rule)
    for index, compared in enumerate(rules.no_worse):
        yield from no_worse_findings(config, f"no_worse[{index}]", compared)
    yield from _baseline(rules)
    yield from minimum_rows_findings(config, "minimum_rows", rules.minimum_rows)
    judged: list[tuple[str, Limit | NoWorse]] = [
        *limits,
        *((code, rule) for rule in rules.no_worse for code in judged_metrics(config, rule)),
    ]
    for index, accepted in enumerate(rules.accepted_errors):
        place = f"accepted_errors[{index}]"
        yield from accepted_findings(config, place, accepted)
        if any(code == accepted.metric and _covers(rule, accepted) for code, rule in judged):
            yield Finding(
                "accepted-error-has-limit",
                place,
                f"an error in the place of {accepted.metric}, which another rule judges there",
                "a metric without a limit and a baseline: both need a number",
                "Remove what is accepted, or name metrics without it in the other rule.",
            )
    for name in rules.accepted_zeros:
        yield from facet_findings(config, f"accepted_zeros.{name}", name)
    yield from reading_findings(config, "readings", rules.readings)


def _covers(rule: Limit | NoWorse, accepted: AcceptedError) -> bool:
    """Tell whether a rule is for every group in which an error would be accepted."""
    return rule.group is None and rule.facet in (None, accepted.facet)


def _baseline(rules: Rules) -> Iterator[Finding]:
    if rules.baseline is None:
        return
    yield from baseline_findings("baseline", rules.baseline)
    if not rules.no_worse and not any(isinstance(r, AttributionDrift) for r in rules.attributions):
        yield Finding(
            "baseline-unused",
            "baseline",
            "a baseline, and no rule that compares with it",
            "a rule in `no_worse`, or one on the drift of attributions",
            "Add such a rule, or remove the baseline.",
        )


def _complete(config: AnalysisConfig, rules: Rules) -> Iterator[dict[str, Any]]:
    for stage in _STAGES:
        if getattr(config.methods, stage) is not None:
            metrics = sorted(config.expected_metrics(stage))
            yield {
                "section": f"{stage}_metrics",
                "facets": [
                    {
                        "name": facet.name,
                        "groups": facet.groups,
                        "reading": rules.readings.get(facet.name or "", "unsaid")
                        if facet.numbers
                        else None,
                    }
                    for facet in judged_facets(config)
                ],
                "metrics": [_metric(METRICS[code]) for code in metrics],
                "accepted_errors": [
                    accepted_rule(accepted)
                    for accepted in rules.accepted_errors
                    if accepted.metric in metrics
                ],
                "accepted_zeros": list(rules.accepted_zeros),
            }
    for method, section in (
        ("shap", "kernel_shap"),
        ("pdp", "pdp"),
        ("asymmetric_shapley_value", "asymmetric_shapley_value"),
    ):
        if getattr(config.methods, method) is not None:
            yield {"section": f"explanations.{section}"}


def _metric(metric: Metric) -> dict[str, Any]:
    """Return a metric with its range, and whether it shows that outcomes were compared."""
    return {
        "name": metric.code,
        **metric_range(metric),
        "outcomes": metric.code not in _ORDINARY_ZEROS,
    }
