"""What the report says first, in plain words and without a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.result import AnalysisResult
from clarify_engine.bias.performance import performance
from clarify_engine.bias.statistics import GroupStatistics, Outcomes
from clarify_engine.bias.table import Confusion
from clarify_engine.report.blocks import Block, Facts, Points, Section, Text
from clarify_engine.report.data import ReportData
from clarify_engine.report.sections.groups import shown_facets
from clarify_engine.report.wording import count, isolated, listed, percent

_GROUPS_SAID = 6
_FEATURES_SAID = 3


def summary(result: AnalysisResult, data: ReportData) -> Section:
    """Return the section."""
    blocks: list[Block] = []
    if facts := tuple(_facts(result, data)):
        blocks.append(Facts(facts, large=True))
    if points := tuple(_points(result, data)):
        blocks.append(Points(points))
    if data.statistics is not None:
        blocks.append(
            Text(
                "The numbers describe; whether they are acceptable is for people to judge. "
                "“Worse” takes it that the positive outcome is the one to wish for: where it is "
                "not, read it the other way round.",
                note=True,
            )
        )
    return Section("Summary", tuple(blocks))


def _facts(result: AnalysisResult, data: ReportData) -> Iterator[tuple[str, str]]:
    statistics = data.statistics
    if data.rows is not None:
        yield "rows" if data.rows != 1 else "row", count(data.rows)
    if statistics is not None:
        total = statistics.total
        yield "labels positive", percent(total.positive, total.rows)
        if total.confusion is not None:
            yield "predictions positive", _predicted(total.confusion)
            yield "predictions right", percent(performance(total.confusion)[0].value)
    metrics = list(result.metrics())
    if metrics:
        yield "metric values", count(len(metrics))
    yield "warnings" if len(data.warnings) != 1 else "warning", count(len(data.warnings))


def _points(result: AnalysisResult, data: ReportData) -> Iterator[str]:
    statistics = data.statistics
    if statistics is not None:
        outcome = f"{isolated(statistics.label)} = {isolated(statistics.positive) or '(no row)'}"
        yield (
            f"The positive outcome is {outcome}: {count(statistics.total.positive)} of "
            f"{count(statistics.total.rows, 'row')} have it."
        )
    said = 0
    for facet in shown_facets(result.post_training or result.pre_training, statistics):
        for group in facet.groups:
            if group.counts is None or said == _GROUPS_SAID:
                continue
            said += 1
            yield f"{group.name}: {_compared(group.counts)}"
    failed = sum(metric.metric.value is None for metric in result.metrics())
    if failed:
        yield f"{count(failed, 'metric value')} could not be computed; the tables say why."
    explanations = result.explanations
    for label, shap in (explanations.kernel_shap or {}).items() if explanations else ():
        values = shap.global_shap_values or {}
        if top := sorted(values, key=lambda name: -abs(values[name]))[:_FEATURES_SAID]:
            names = listed([isolated(name) for name in top])
            yield f"Predictions of {isolated(label)} depend most on {names}."


def _compared(counts: GroupStatistics) -> str:
    group, rest = counts.group, counts.rest
    whole = group.rows + rest.rows
    if not group.rows or not rest.rows:
        return f"{count(group.rows, 'row')} of {count(whole)}, so there is nothing to compare."
    labels = f"Labels are positive for {_positive(group)} of it and {_positive(rest)} of the rest"
    predictions = ""
    if group.confusion is not None and rest.confusion is not None:
        shares = f"{_predicted(group.confusion)} and {_predicted(rest.confusion)}"
        predictions = f", predictions for {shares}"
    return f"{percent(group.rows, whole)} of the rows. {labels}{predictions}."


def _positive(outcomes: Outcomes) -> str:
    return percent(outcomes.positive, outcomes.rows)


def _predicted(matrix: Confusion) -> str:
    return percent(matrix.tp + matrix.fp, matrix.size)
