"""What is told of which results: everything that is there, nothing that is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from clarify_contract import AnalysisResult
from clarify_engine.report import ReportData, ShapSample
from clarify_engine.report.blocks import Document, Figures, Points, Section, Table
from clarify_engine.report.document import build
from clarify_engine.report.html import page
from clarify_engine.report.notebook import notebook
from clarify_engine.report.sections.groups import GROUPS_SHOWN
from clarify_engine.report.sections.labels import LABELS_SHOWN
from clarify_engine.report.wording import value
from support_bias.building import plan, tally
from support_real import real
from support_report import diabetes
from support_report.reading import read
from support_results import REAL_ANALYSES, example


def titles(document: Document) -> list[str]:
    return [part.title for part in document.sections]


def tables(part: Section) -> list[Table]:
    own = [block for block in part.blocks if isinstance(block, Table)]
    return own + [table for child in part.sections for table in tables(child)]


def section(document: Document, title: str) -> Section:
    (found,) = [part for part in document.sections if part.title == title]
    return found


@pytest.mark.parametrize("name", REAL_ANALYSES)
def test_an_output_of_the_service_is_told_without_our_counts(name: str) -> None:
    analysis = json.loads(real(name).read_text(encoding="utf-8"))
    document = build(analysis, ReportData(config={}), None)
    text = read(page(document)).text
    for at in AnalysisResult.load(analysis).metrics():
        assert at.metric.name in text
    assert json.loads(notebook(document))["nbformat"] == 4


def test_every_kind_of_result_of_the_specification_has_its_section() -> None:
    document = build(example(), ReportData(config={}), None)
    assert titles(document) == [
        "Summary",
        "Analysis configuration",
        "Pre-training bias metrics",
        "Post-training bias metrics",
        "SHAP values",
        "Partial dependence",
        "Asymmetric Shapley values",
        "Appendix",
    ]
    text = read(page(document)).text
    assert "s3://bucket/out/" in text
    assert "Detected data type is not supported for PDP" in text
    assert "∞" in text


def test_of_nothing_there_is_still_a_report() -> None:
    document = build({"version": "1.0"}, ReportData(config={}), None)
    assert titles(document) == ["Summary", "Analysis configuration", "Appendix"]
    read(page(document))


def test_without_predictions_there_is_no_performance() -> None:
    counts = tally(plan(["a"]), f=["a", "b", "b"] * 20, y=[1, 0, 0] * 20)
    analysis = {"version": "1.0", **counts.sections()}
    data = ReportData(config={}, rows=60, statistics=counts.statistics())
    assert "Model performance" not in titles(build(analysis, data, None))
    assert "predictions" not in read(page(build(analysis, data, None))).text


def test_the_summary_compares_groups_by_their_counts() -> None:
    analysis, data, *_ = diabetes()
    (points,) = [b for b in build(analysis, data, None).sections[0].blocks if isinstance(b, Points)]
    assert data.statistics is not None
    (age,) = data.statistics.facets[1].groups
    shares = [100 * o.positive / o.rows for o in (age.group, age.rest)]
    assert (
        f"age in (50, 79]: {100 * age.group.rows / 442:.1f} % of the rows. Labels are positive for "
        f"{shares[0]:.1f} % of it and {shares[1]:.1f} % of the rest, predictions for "
    ) in "".join(points.items)


def test_of_many_groups_the_largest_are_told_and_the_others_counted() -> None:
    values = [f"v{i:02}" for i in range(GROUPS_SHOWN + 5) for _ in range(i + 1)] * 4
    labels = [i % 2 for i in range(len(values))]
    counts = tally(plan([]), f=values, y=labels)
    analysis = {"version": "1.0", **counts.sections()}
    data = ReportData(config={}, rows=len(values), statistics=counts.statistics())
    document = build(analysis, data, None)
    (facet,) = section(document, "Pre-training bias metrics").sections
    assert [group.title for group in facet.sections] == [
        f"f = v{i:02}" for i in range(5, GROUPS_SHOWN + 5)
    ]
    assert "5 smaller ones stand in analysis.json" in read(page(document)).text
    shares = [row for table in tables(document.sections[1]) for row in table.rows]
    # 4 * (1 + 2 + 3 + 4 + 5) rows are in the groups that are not named.
    assert [row[2] for row in shares if row[0] == "5 smaller groups"] == ["60"]


def test_rows_without_a_value_of_the_facet_are_counted() -> None:
    counts = tally(plan([]), f=["a", "b", None] * 20, y=[1, 0, 0] * 20)
    data = ReportData(config={}, rows=60, statistics=counts.statistics())
    document = build({"version": "1.0", **counts.sections()}, data, None)
    rows = {row[0]: row[2] for row in tables(document.sections[1])[1].rows}
    assert rows == {"a": "20", "b": "20", "no value": "20"}


def explained(names: list[str], values: list[float]) -> dict[str, Any]:
    shap = {"global_shap_values": dict(zip(names, values, strict=True)), "expected_value": 0.5}
    return {"version": "1.0", "explanations": {"kernel_shap": {"label0": shap}}}


def test_the_ten_largest_features_are_drawn_and_all_are_listed() -> None:
    names = [f"x{i}" for i in range(14)]
    document = build(explained(names, [float(i) for i in range(14)]), ReportData(config={}), None)
    bars, everything = tables(section(document, "SHAP values"))
    assert [row[0] for row in bars.rows] == [f"x{i}" for i in range(13, 3, -1)]
    assert len(everything.rows) == 14


def test_what_is_only_rounding_is_told_as_nothing() -> None:
    values = [0.2, 5.1e-17, 1e-9]
    document = build(explained(["a", "b", "c"], values), ReportData(config={}), None)
    (bars,) = tables(section(document, "SHAP values"))
    assert {row[0]: row[2] for row in bars.rows} == {"a": "0.2", "b": "0", "c": "1e-09"}


def test_of_many_labels_the_first_are_told() -> None:
    labels = [f"class {i}" for i in range(100)]
    shap = {label: {"global_shap_values": {"x": 1.0}, "expected_value": 0.0} for label in labels}
    pdp = {
        "feature_name": "x",
        "data_type": "numerical",
        "feature_values": [1.0, 2.0],
        "data_distribution": [0.5, 0.5],
        "model_predictions": [[0.01 * i, 0.02 * i] for i in range(100)],
        "label_headers": labels,
    }
    analysis = {"version": "1.0", "explanations": {"kernel_shap": shap, "pdp": [pdp]}}
    document = build(analysis, ReportData(config={}), None)
    assert len(section(document, "SHAP values").sections) == LABELS_SHOWN
    (figures,) = [
        b for b in section(document, "Partial dependence").blocks if isinstance(b, Figures)
    ]
    assert figures.lines == tuple(labels[:LABELS_SHOWN])
    assert read(page(document)).text.count("The first 20 of 100 labels are shown") == 2


def test_a_sample_without_rows_has_no_swarm() -> None:
    rows = pa.RecordBatch.from_pydict({"x": pa.array([], pa.float64())})
    sample = ShapSample.of(rows, np.zeros((0, 1, 1)), ["label0"])
    document = build(explained(["x"], [0.0]), ReportData(config={}, shap=sample), None)
    assert len(tables(section(document, "SHAP values"))) == 1


def test_a_metric_that_the_catalogue_does_not_have_keeps_its_value() -> None:
    analysis = example()
    group = analysis["post_training_bias_metrics"]["facets"]["Gender"][0]
    group["metrics"].append({"name": "NEW", "description": "New (NEW)", "value": 0.125})
    assert "0.125" in read(page(build(analysis, ReportData(config={}), None))).text


def test_intervals_stand_beside_the_values_of_groups_that_have_them() -> None:
    # 100 rows of d; e has 40, for which there is no interval.
    cells = {"d": (60, 40), "e": (20, 20), "a": (500, 500)}
    columns: dict[str, list[Any]] = {"f": [], "y": []}
    for name, counted in cells.items():
        for label, number in enumerate(counted):
            columns["f"] += [name] * number
            columns["y"] += [label] * number
    counts = tally(plan([], pre=("CI", "DPL", "CDDL")), **columns)
    analysis = {"version": "1.0", **counts.sections()}
    data = ReportData(config={}, rows=1140, statistics=counts.statistics())
    intervals = counts.intervals()
    document = build(analysis, data, None, intervals)
    found = {
        table.caption: table
        for table in tables(section(document, "Pre-training bias metrics"))
        if table.caption.startswith("Metrics of")
    }
    titles = [column.title for column in found["Metrics of f = d against the rest"].columns]
    assert titles.index("95 % interval") == 2
    assert [row[2] for row in found["Metrics of f = d against the rest"].rows] == [
        "\N{EN DASH}",  # CDDL: there is no group variable
        *(
            f"{value(ends['low'])} to {value(ends['high'])}"
            for code in ("CI", "DPL")
            for ends in [
                intervals["pre_training_bias_metrics"]["facets"]["f"][1]["intervals"][code]
            ]
        ),
    ]
    assert "95 % interval" not in [
        column.title for column in found["Metrics of f = e against the rest"].columns
    ]
    assert "of 100 such intervals" in read(page(document)).text
    assert "of 100 such intervals" not in read(page(build(analysis, data, None))).text


def test_warnings_and_provenance_stand_in_the_appendix() -> None:
    analysis, data, provenance, _ = diabetes()
    text = read(page(build(analysis, data, {**provenance, "empty": [], "none": None}))).text
    for finding in data.warnings:
        assert finding.id in text
        assert finding.fix in text
    assert "shap.estimators.exact" in text
    assert "There are none." in read(
        page(build(analysis, replace(data, warnings=()), None))
    ).text.replace("\n", " ")
