"""Bias before and after training: for each group its outcomes and its metrics."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from clarify_contract.meanings import meaning
from clarify_contract.metrics import METRICS
from clarify_contract.result import AnalysisResult, BiasIntervals, Interval
from clarify_contract.result.parts import BiasSection, MetricValue
from clarify_engine.bias.statistics import Outcomes
from clarify_engine.report.blocks import (
    Bar,
    Block,
    Cell,
    Column,
    Matrices,
    Name,
    Prose,
    Section,
    Stretch,
    Table,
    Text,
    section,
)
from clarify_engine.report.data import ReportData
from clarify_engine.report.sections.groups import ShownFacet, ShownGroup, shown_facets
from clarify_engine.report.sections.model import matrix
from clarify_engine.report.wording import NONE, count, isolated, percent, share, value

#: Characters of a group's name that sentences repeat.
_NAME_SAID: Final = 40

#: What sentences call a group whose name is longer.
_ANONYMOUS: Final = "this group"

_SURE: Final = (
    " How far a value may be from that of all people whom the rows stand for is shown beside it: "
    "of 100 such intervals, 95 contain it."
)

_OUTCOMES: Final = (
    Column("Rows", "name"),
    Column("Positive and other labels", "bar"),
    Column("Positive", "number"),
    Column("Number", "number"),
)


def pre_training(
    result: AnalysisResult, data: ReportData, intervals: BiasIntervals | None
) -> Section | None:
    """Return the section on what the labels say, or None if it was not asked for."""
    sure = None if intervals is None else intervals.pre_training
    parts = [
        section(_title(facet), [*_note(facet)], [_labels(group) for group in facet.groups])
        for facet in shown_facets(result.pre_training, data.statistics, sure)
    ]
    lead = _lead(result.pre_training, "labels", intervals)
    return section("Pre-training bias metrics", lead, parts)


def post_training(
    result: AnalysisResult, data: ReportData, intervals: BiasIntervals | None
) -> Section | None:
    """Return the section on what the predictions say, or None if it was not asked for."""
    sure = None if intervals is None else intervals.post_training
    parts = [
        section(_title(facet), [*_note(facet)], [_predictions(group) for group in facet.groups])
        for facet in shown_facets(result.post_training, data.statistics, sure)
    ]
    lead = _lead(result.post_training, "predictions", intervals)
    return section("Post-training bias metrics", lead, parts)


def _title(facet: ShownFacet) -> str:
    return f"Facet {isolated(facet.column)}"


def _lead(part: BiasSection | None, what: str, intervals: BiasIntervals | None) -> list[Block]:
    if part is None:
        return []
    positive = f"{isolated(part.label or '')} = {isolated(part.label_value_or_threshold or '')}"
    return [
        Text(
            f"Each table compares the {what} of one group with those of the rest, which is all "
            f"other rows. Positive is {positive}. Bars show whom a value is worse for: to the "
            "left the group, to the right the rest; a bar that fills its side stands for 1, the "
            "most there can be. Metrics without a bound have no bar."
            + (_SURE if intervals is not None else "")
        )
    ]


def _note(facet: ShownFacet) -> Iterator[Text]:
    if facet.left_out:
        yield Text(
            f"The {len(facet.groups)} largest groups are shown; "
            f"{count(facet.left_out, 'smaller one')} stand in analysis.json.",
            note=True,
        )


def _labels(group: ShownGroup) -> Section | None:
    blocks: list[Block] = []
    if group.counts is not None:
        rows = [
            _outcomes(group.name, group.counts.group),
            _outcomes("the rest", group.counts.rest),
        ]
        blocks.append(
            Table(
                f"Labels of {group.name} and of the rest",
                _OUTCOMES,
                tuple(rows),
                legend=(("positive", "positive"), ("negative", "other")),
            )
        )
    return section(group.name, [*blocks, _metrics(group)])


def _predictions(group: ShownGroup) -> Section | None:
    blocks: list[Block] = []
    counts = group.counts
    if counts is not None and counts.group.confusion and counts.rest.confusion:
        blocks.append(
            Matrices(
                (
                    matrix(group.name, counts.group.confusion),
                    matrix("the rest", counts.rest.confusion),
                )
            )
        )
    return section(group.name, [*blocks, _metrics(group)])


def _outcomes(name: str, outcomes: Outcomes) -> tuple[Cell, ...]:
    positive = share(outcomes.positive, outcomes.rows)
    bar = Bar(
        (Stretch(0.0, positive, "positive"), Stretch(positive, 1.0, "negative"))
        if outcomes.rows
        else ()
    )
    return name, bar, percent(outcomes.positive, outcomes.rows), count(outcomes.rows)


def _metrics(group: ShownGroup) -> Table:
    metrics = list(group.metrics.metrics.values())
    columns = [
        Column("Metric", "name"),
        Column("Value", "number"),
        Column("Worse for group or rest", "bar"),
        Column("What it means", "prose"),
    ]
    if group.intervals:
        columns.insert(2, Column("95 % interval", "number"))
    errors = any(metric.error for metric in metrics)
    if errors:
        columns.append(Column("Error", "note"))
    # Each sentence names the group; a long name stands in the heading and not in each of them.
    name = group.name if len(group.name) <= _NAME_SAID else _ANONYMOUS
    rows = []
    for metric in metrics:
        code, number, *others = _metric(metric, name)
        sure = (_ends(group.intervals.get(metric.name)),) if group.intervals else ()
        error = (metric.error or "",) if errors else ()
        rows.append((code, number, *sure, *others, *error))
    return Table(f"Metrics of {group.name} against the rest", tuple(columns), tuple(rows))


def _metric(metric: MetricValue, group: str) -> tuple[Cell, ...]:
    name = Name(metric.name, (metric.description or "").removesuffix(f" ({metric.name})"))
    if metric.name not in METRICS:
        return name, value(metric.value), Bar(()), ""
    says = meaning(metric.name, metric.value, group)
    what = _capital(says.what) if group == _ANONYMOUS else says.what
    sentence = Prose(f"{what}; ", f"{says.worse}.")
    return name, value(metric.value), _bar(metric.name, metric.value, says.hurt), sentence


def _ends(interval: Interval | None) -> str:
    return NONE if interval is None else f"{value(interval.low)} to {value(interval.high)}"


def _bar(code: str, number: float | None, hurt: str | None) -> Bar:
    """Return a bar from the middle to the side of whom a value is worse for."""
    metric = METRICS[code]
    bounded = metric.worse == "away-from-neutral" and math.isfinite(metric.minimum * metric.maximum)
    if number is None or not bounded:
        return Bar(())
    length = min(1.0, abs(number - metric.neutral)) / 2
    if hurt == "group":
        return Bar((Stretch(0.5 - length, 0.5, "group"),), zero=0.5)
    return Bar((Stretch(0.5, 0.5 + length, "rest"),) if hurt == "rest" else (), zero=0.5)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
