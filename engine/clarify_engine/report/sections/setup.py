"""How the analysis was set up, and how labels and facets are distributed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from clarify_engine.bias.statistics import BiasStatistics, FacetStatistics
from clarify_engine.report.blocks import Bar, Column, Facts, Section, Stretch, Table, Tone
from clarify_engine.report.data import ReportData
from clarify_engine.report.sections.groups import GROUPS_SHOWN
from clarify_engine.report.wording import NONE, count, isolated, percent, plain, share

_COLUMNS: Final = (
    Column("Rows", "name"),
    Column("Distribution", "bar"),
    Column("Number", "number"),
    Column("Share", "number"),
)

#: What the methods of a config are called.
_METHODS: Final = {
    "pre_training_bias": "pre-training bias",
    "post_training_bias": "post-training bias",
    "shap": "SHAP values",
    "pdp": "partial dependence",
    "asymmetric_shapley_value": "asymmetric Shapley values",
    "report": "report",
}


def setup(data: ReportData) -> Section:
    """Return the section."""
    tables: list[Table] = []
    if data.statistics is not None:
        tables = [_labels(data.statistics), *map(_facet, data.statistics.facets)]
    return Section("Analysis configuration", (Facts(tuple(_facts(data.config))), *tables))


def _facts(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Data", plain(config.get("dataset_type", NONE))
    if "label" in config:
        positive = config.get("label_values_or_threshold")
        given = f", positive: {isolated(plain(positive))}" if positive is not None else ""
        yield "Label", isolated(plain(config["label"])) + given
    for facet in config.get("facet") or ():
        values = facet.get("value_or_threshold")
        given = "each of its values" if values is None else isolated(plain(values))
        yield "Facet", f"{isolated(plain(facet.get('name_or_index')))}: {given}"
    for key, term in (("group_variable", "Group variable"), ("predicted_label", "Predicted label")):
        if config.get(key) is not None:
            yield term, isolated(plain(config[key]))
    methods = config.get("methods") or {}
    yield "Methods", ", ".join(_METHODS.get(name, name) for name in methods)
    predictor = config.get("predictor") or {}
    for key, term in (("model_name", "Model"), ("endpoint_name", "Endpoint")):
        if predictor.get(key):
            yield term, plain(predictor[key])


def _labels(statistics: BiasStatistics) -> Table:
    total = statistics.total
    positive = isolated(statistics.positive) or "(no row)"
    rows = [
        _row(f"positive: {positive}", total.positive, total.rows, "positive"),
        _row("all others", total.negative, total.rows, "negative"),
    ]
    return Table(f"Label {isolated(statistics.label)}", _COLUMNS, tuple(rows))


def _facet(facet: FacetStatistics) -> Table:
    groups = facet.groups[0]
    whole = groups.group.rows + groups.rest.rows
    column = isolated(facet.column)
    if not facet.by_value:
        rows = [
            _row(isolated(groups.text) or "(no row)", groups.group.rows, whole, "group"),
            _row("all others", groups.rest.rows, whole, "rest"),
        ]
        return Table(f"Facet {column}", _COLUMNS, tuple(rows))
    # The group of the missing values is empty by the service's rule; its rows are counted here.
    values = [group for group in facet.groups if group.group.rows or group.text != "nan"]
    shown = sorted(values, key=lambda group: -group.group.rows)[:GROUPS_SHOWN]
    rows = [
        _row(isolated(group.text) or "(empty text)", group.group.rows, whole, "group")
        for group in values
        if group in shown
    ]
    if hidden := len(values) - len(rows):
        others = sum(group.group.rows for group in values if group not in shown)
        rows.append(_row(count(hidden, "smaller group"), others, whole, "rest"))
    if facet.missing:
        rows.append(_row("no value", facet.missing, whole, "rest"))
    return Table(f"Facet {column}", _COLUMNS, tuple(rows))


def _row(name: str, number: int, whole: int, tone: Tone) -> tuple[str, Bar, str, str]:
    bar = Bar((Stretch(0.0, share(number, whole), tone),))
    return name, bar, count(number), percent(number, whole)
