"""The page: all it says is there, readable by people and machines, and whatever names hold."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import pytest

from clarify_contract import METRICS, AnalysisResult
from clarify_contract.meanings import meaning
from clarify_engine.report.document import build
from clarify_engine.report.html import page
from support_report import HOSTILE, RTL, diabetes, hard
from support_report.reading import Element, read


@cache
def html(name: str) -> str:
    return page(build(*{"diabetes": diabetes, "hard": hard}[name]()))


@cache
def tree(name: str) -> Element:
    return read(html(name))


BOTH = pytest.mark.parametrize("name", ["diabetes", "hard"])


@BOTH
def test_a_page_needs_nothing_else(name: str) -> None:
    root = tree(name)
    assert not list(root.all("script", "link", "img", "iframe", "object"))
    (style,) = root.all("style")
    assert "url(" not in re.sub(r"attr\(href url\)", "", style.text)
    assert "@import" not in style.text
    assert all(a.attributes["href"].startswith("#") for a in root.all("a") if a.attributes["href"])


def test_a_page_of_an_ordinary_analysis_is_small() -> None:
    assert len(html("diabetes").encode()) < 300_000


@BOTH
def test_links_lead_somewhere_and_ids_are_unlike(name: str) -> None:
    ids = re.findall(r' id="([^"]*)"', html(name))
    assert len(ids) == len(set(ids))
    for target in re.findall(r' href="#([^"]*)"', html(name)):
        assert target in ids
    for targets in re.findall(r' aria-labelledby="([^"]*)"', html(name)):
        assert set(targets.split()) <= set(ids)


@BOTH
def test_headings_come_in_order(name: str) -> None:
    levels = [int(e.tag[1]) for e in tree(name).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(level <= before + 1 for before, level in pairwise(levels))


@BOTH
def test_tables_name_themselves_their_columns_and_their_rows(name: str) -> None:
    tables = list(tree(name).all("table"))
    assert tables
    for table in tables:
        (caption,) = table.all("caption")
        assert caption.text.strip()
        (head,) = table.all("thead")
        assert all(th.attributes["scope"] == "col" for th in head.all("th"))
        (body,) = table.all("tbody")
        for row in body.all("tr"):
            assert [th.attributes["scope"] for th in row.all("th")] == ["row"]
            assert len(list(row.all("th", "td"))) == len(list(head.all("th", "td")))


@BOTH
def test_pictures_name_themselves_or_stand_beside_their_text(name: str) -> None:
    for svg in tree(name).all("svg"):
        if "chart" in svg.classes:
            assert svg.attributes["role"] == "img"
            assert [e.tag for e in svg.children if isinstance(e, Element)][:2] == ["title", "desc"]
            assert all(e.text for e in svg.all("title", "desc"))
        else:
            assert svg.attributes["aria-hidden"] == "true"
    for figure in tree(name).all("figure"):
        assert list(figure.all("table"))


@BOTH
def test_every_metric_stands_there_with_its_value_sentence_and_error(name: str) -> None:
    analysis = {"diabetes": diabetes, "hard": hard}[name]()[0]
    text = tree(name).text
    for at in AnalysisResult.load(analysis).metrics():
        metric = at.metric
        what = meaning(metric.name, metric.value, "GROUP").what.split("GROUP")[0].strip()
        assert what in text
        assert (metric.error or "") in text
    headings = [th.text for th in tree(name).all("th") if th.attributes["scope"] == "row"]
    named = [f"{code}{METRICS[code].description.removesuffix(f' ({code})')}" for code in METRICS]
    rows = [text for text in headings if text in named]
    assert len(rows) == len(list(AnalysisResult.load(analysis).metrics()))


def test_a_value_stands_in_its_row() -> None:
    analysis = diabetes()[0]
    groups = analysis["post_training_bias_metrics"]["facets"]["age"]
    (dppl,) = [m["value"] for m in groups[0]["metrics"] if m["name"] == "DPPL"]
    tables = [
        t for t in tree("diabetes").all("table") if "age in (50" in next(t.all("caption")).text
    ]
    (row,) = [r for t in tables for r in t.all("tr") if next(r.all("th")).text.startswith("DPPL")]
    assert f"{dppl:.4g}".replace("-", "−") in row.text  # noqa: RUF001
    assert "The prediction is positive more often for age in (50, 79] than for the rest" in row.text


def test_sections_are_those_of_the_services_report() -> None:
    titles = [h.text for section in tree("diabetes").all("section") for h in section.all("h2")]
    assert titles == [
        "Summary",
        "Analysis configuration",
        "Model performance",
        "Pre-training bias metrics",
        "Post-training bias metrics",
        "SHAP values",
        "Partial dependence",
        "Appendix",
    ]


def test_names_are_text_and_never_markup() -> None:
    assert HOSTILE not in html("hard")
    assert HOSTILE in tree("hard").text
    assert RTL in tree("hard").text


def test_scrolled_areas_can_be_reached_by_keyboard() -> None:
    scrolled = [
        e for e in tree("hard").all("div", "pre") if e.tag == "pre" or "scroll" in e.classes
    ]
    assert scrolled
    for element in scrolled:
        assert element.attributes["tabindex"] == "0"
        assert element.attributes["role"] == "region"
        assert element.attributes["aria-label"]


def test_the_same_results_give_the_same_page() -> None:
    assert page(build(*diabetes())) == html("diabetes")


def test_on_paper_nothing_is_folded_and_pictures_bring_their_colours() -> None:
    printed = read(page(build(*diabetes()), on_paper=True))
    assert not list(printed.all("details"))
    painted = [p for svg in printed.all("svg") for p in svg.all("path", "rect", "text")]
    assert painted
    assert all({"fill", "stroke"} & p.attributes.keys() for p in painted)
    assert "var(" not in "".join(str(p.attributes) for p in painted)
