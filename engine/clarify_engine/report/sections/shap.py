"""SHAP values: the features that matter most, and how their values spread."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any, Final

from clarify_contract.result.parts import Explanations, ShapLabel
from clarify_engine.report.blocks import (
    Bar,
    Block,
    Column,
    Facts,
    Picture,
    Section,
    Stretch,
    Table,
    Text,
    section,
)
from clarify_engine.report.charts.axis import padded
from clarify_engine.report.charts.swarm import swarm, swarm_axis
from clarify_engine.report.data import ReportData
from clarify_engine.report.sample import ShapSample
from clarify_engine.report.sections.labels import LABELS_SHOWN, left_out
from clarify_engine.report.wording import isolated, value

#: Features in the bar chart and in the beeswarm, as in the service's report.
TOP: Final = 10

#: Rows of all beeswarms together: more labels have fewer points each.
_POINT_ROWS: Final = 1500

#: Share of the largest value below which a value is rounding: a feature that a model does not use.
_ROUNDING: Final = 1e-12

_AGGREGATES: Final = {
    "mean_abs": "mean of the absolute SHAP values",
    "mean_sq": "mean of the squared SHAP values",
    "median": "median of the SHAP values",
}


def shap(explanations: Explanations | None, data: ReportData) -> Section | None:
    """Return the section, or None without SHAP values."""
    labels = explanations.kernel_shap if explanations is not None else None
    if not labels:
        return None
    given = (data.config.get("methods") or {}).get("shap") or {}
    shown = list(labels.items())[:LABELS_SHOWN]
    parts = [
        section(f"Label {isolated(key)}", _label(key, label, index, len(shown), data, given))
        for index, (key, label) in enumerate(shown)
    ]
    lead = (
        "A SHAP value says how far a feature moved one prediction away from the expected value, "
        "in the unit of the prediction" + (", here in log-odds." if given.get("use_logit") else ".")
    )
    return section("SHAP values", [Text(lead), *left_out(len(labels))], parts)


def _label(
    key: str,
    label: ShapLabel,
    index: int,
    labels: int,
    data: ReportData,
    given: Mapping[str, Any],
) -> list[Block]:
    blocks: list[Block] = [Facts((("Expected value", value(label.expected_value)),))]
    ranked = sorted((label.global_shap_values or {}).items(), key=lambda item: -abs(item[1]))
    if ranked:
        aggregate = _AGGREGATES.get(str(given.get("agg_method")), _AGGREGATES["mean_abs"])
        blocks.append(_bars(f"Features by the {aggregate}, the first {TOP}", ranked[:TOP]))
    sample = data.shap
    if sample is not None and sample.values and key in sample.labels:
        blocks.append(
            _swarm(sample, sample.labels.index(key), [n for n, _ in ranked], index, labels)
        )
    if len(ranked) > TOP:
        blocks.append(_all(ranked))
    return blocks


def _bars(caption: str, ranked: list[tuple[str, float]]) -> Table:
    columns = (Column("Feature", "name"), Column("Size", "bar"), Column("Value", "number"))
    most = max(abs(number) for _, number in ranked) or 1.0
    signed = any(number < 0 for _, number in ranked)

    def bar(number: float) -> Bar:
        if not signed:
            return Bar((Stretch(0.0, number / most, "plain"),))
        ends = sorted((0.5, 0.5 + number / most / 2))
        return Bar((Stretch(ends[0], ends[1], "plain"),), zero=0.5)

    rows = [(isolated(name), bar(number), _told(number, most)) for name, number in ranked]
    return Table(caption, columns, tuple(rows))


def _all(ranked: list[tuple[str, float]]) -> Table:
    columns = (Column("Feature", "name"), Column("Value", "number"))
    most = abs(ranked[0][1])
    rows = tuple((isolated(name), _told(number, most)) for name, number in ranked)
    return Table("All features", columns, rows, folded=True)


def _swarm(sample: ShapSample, label: int, ranked: list[str], index: int, labels: int) -> Table:
    names = [name for name in ranked if name in sample.features][:TOP]
    rows = range(min(len(sample.values), max(50, _POINT_ROWS // labels)))
    places = [sample.features.index(name) for name in names]
    values = [[sample.values[row][place][label] for row in rows] for place in places]
    span = padded([0.0, *(number for column in values for number in column)])
    most = max(map(abs, span))
    cells = []
    for number, (name, place, column) in enumerate(zip(names, places, values, strict=True)):
        words = (
            f"from {_told(min(column), most)} to {_told(max(column), most)}, "
            f"median {_told(statistics.median(column), most)}"
        )
        svg = swarm(
            column,
            [sample.levels[row][place] for row in rows],
            span,
            title=f"SHAP values of {name}",
            description=f"{words[0].upper()}{words[1:]}.",
            name=f"swarm{index}-{number}",
        )
        cells.append((isolated(name), Picture(svg, words), words))
    axis = Picture(swarm_axis(span, name=f"swarm{index}-axis"), "")
    columns = (
        Column("Feature", "name"),
        Column("A point for each row", "picture"),
        Column("In numbers", "prose"),
    )
    return Table(
        f"SHAP values of {len(rows)} rows",
        columns,
        (*cells, ("SHAP value", axis, "")),
        gradient=True,
    )


def _told(number: float, most: float) -> str:
    """Return a number as told beside larger ones: what is only rounding stands for 0."""
    return value(0.0 if abs(number) < _ROUNDING * most else number)
