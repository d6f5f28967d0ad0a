"""From data and a few answers to a config and rules that today's data pass: measured."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clarify_contract import (
    POST_TRAINING,
    PRE_TRAINING,
    AnalysisConfig,
    Finding,
    load_rules,
    resolve_checks,
)
from clarify_contract.container import ANALYSIS_FILE
from clarify_contract.metrics import Stage
from clarify_engine.run import analyze
from clarify_lambda.check.judge import judge
from clarify_local.checking import data_findings
from clarify_local.results import MetricRow, metric_rows
from clarify_local.starter.answers import Answers, require_columns
from clarify_local.starter.choices import Choice, positive_label, sensitive_groups
from clarify_local.starter.columns import Column, Data
from clarify_local.starter.config import config_of, reasons_of
from clarify_local.starter.ratchet import computable, ratchets
from clarify_local.starter.undecided import Undecided

_READING: Final = (
    "The column's type decides whether one whole number is a category or a threshold. This says "
    "which is meant: a run that reads it otherwise is rejected."
)


@dataclass(frozen=True, kw_only=True)
class Start:
    """What to start from.

    Attributes
    ----------
    config, rules
        The contents of both JSON files.
    reasons, rule_reasons
        Why they say what they say, by key.
    findings
        What is legal and may mislead, and mistakes.
    unmet
        Why a run of today's data would be rejected nevertheless; empty where it passes.
    """

    config: dict[str, Any]
    rules: dict[str, Any]
    reasons: dict[str, str]
    rule_reasons: dict[str, str]
    findings: Sequence[Finding]
    unmet: Sequence[str]


def start(path: Path, data: Data, answers: Answers) -> Start:
    """Choose config and rules by what the data hold, and by what the engine measures in them.

    Parameters
    ----------
    path, data
        The dataset, and the same opened.
    answers
        What the person says.

    Raises
    ------
    Undecided
        A column does not exist, or a choice is open that only a person can make.
    Refused
        The config is not valid.
    AnalysisError
        The data do not allow the analysis.
    """
    require_columns(answers, data.names)
    label, *facets = data.columns([answers.label, *answers.facets])
    positive = positive_label(label, answers.positive)
    groups = {facet.name: sensitive_groups(facet, answers.facets[facet.name]) for facet in facets}
    wanted = _wanted(data, answers)
    draft = config_of(answers, data.dataset_type, positive, groups, wanted)
    measured, rows = _measured(draft, path)
    parsed = AnalysisConfig.load(draft)
    kept = {stage: _kept(rows, parsed, stage) for stage in wanted}
    config = config_of(answers, data.dataset_type, positive, groups, kept)
    limits = ratchets(rows)
    rules: dict[str, Any] = {"limits": {one.code: one.bounds for one in limits}}
    rule_reasons = {f"limits.{one.code}": one.why for one in limits}
    if readings := _readings(facets, groups):
        rules["readings"] = readings
        rule_reasons |= {f"readings.{name}": _READING for name in readings}
    unmet = _unmet(config, rules, measured)
    config["methods"]["report"] = {"name": "report", "title": f"Bias of {answers.label}"}
    checked = AnalysisConfig.load(config)
    return Start(
        config=config,
        rules=rules,
        reasons=reasons_of(config, positive, groups),
        rule_reasons=rule_reasons,
        findings=[*checked.warnings, *data_findings(checked, path)],
        unmet=unmet,
    )


def _wanted(data: Data, answers: Answers) -> dict[Stage, Sequence[str]]:
    """Return the metrics to try; the flip test (FT) takes no texts among the features."""
    wanted: dict[Stage, Sequence[str]] = {"pre_training_bias": PRE_TRAINING}
    if answers.predicted is not None:
        apart = (answers.label, answers.predicted)
        texts = data.texts([name for name in data.names if name not in apart])
        wanted["post_training_bias"] = [c for c in POST_TRAINING if c != "FT" or not texts]
    return wanted


def _measured(config: dict[str, Any], path: Path) -> tuple[bytes, list[MetricRow]]:
    """Return the ``analysis.json`` of today's data, and its metrics."""
    with tempfile.TemporaryDirectory(prefix="clarify-init-") as scratch:
        document = analyze(AnalysisConfig.load(config), path, Path(scratch)).document
        return (Path(scratch) / ANALYSIS_FILE).read_bytes(), metric_rows(document, None)


def _kept(rows: Sequence[MetricRow], config: AnalysisConfig, stage: Stage) -> tuple[str, ...]:
    kept = computable(rows, config, stage)
    if not kept:
        raise Undecided(
            f"no metric of {stage} has a number in every group of these data: ask about larger "
            "groups, or fewer"
        )
    return kept


def _readings(facets: Iterable[Column], groups: Mapping[str, Sequence[Choice]]) -> dict[str, str]:
    """Return how facets are meant that are given by one whole number."""
    return {
        facet.name: "threshold" if facet.continuous else "category"
        for facet in facets
        if any(
            len(group.values) == 1 and isinstance(group.values[0], int)
            for group in groups[facet.name]
        )
    }


def _unmet(config: dict[str, Any], rules: dict[str, Any], measured: bytes) -> list[str]:
    resolved = resolve_checks(AnalysisConfig.load(config), rules=load_rules(rules))
    outcomes = judge(measured, resolved, intervals=None, baseline=None, files=[])
    return [f"{one.where}: {one.reason}" for one in outcomes if not one.held]
