"""The report as a browser sets it: nothing beyond the window, no text on another, open to all.

Apart from the default tests: it takes Chromium and Pango from the system's packages, Playwright and
WeasyPrint from PyPI and axe-core from the npm registry, and a minute.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from clarify_engine.report import write_report
from support_report import Results, diabetes, hard

pytestmark = pytest.mark.browser

LOOK = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")
WIDTHS = {"phone": 360, "laptop": 1366}
# A4 without its margins, in CSS pixels.
PAPER = 672

REPORTS = pytest.mark.parametrize("report", ["diabetes", "hard"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@contextmanager
def opened(browser: Any, address: str, width: int, scheme: str = "light") -> Iterator[Any]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        tab = context.new_page()
        problems: list[str] = []
        tab.on("console", lambda message: problems.append(message.text))
        tab.on("request", lambda request: problems.append(request.url))
        tab.goto(address)
        assert problems == [address], "the page asks for something, or complains"
        yield tab
    finally:
        context.close()


def assert_well_set(tab: Any) -> None:
    wide, room = tab.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= room
    seen = tab.evaluate(LOOK)
    assert seen["texts"] > 300
    assert seen["found"] == []


@REPORTS
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_sticks_out_and_no_text_lies_on_another(
    browser: Any, reports: dict[str, str], report: str, width: int
) -> None:
    with opened(browser, reports[report], width) as tab:
        assert_well_set(tab)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert_well_set(tab)


@REPORTS
def test_it_is_well_set_in_print_and_in_ink(
    browser: Any, reports: dict[str, str], report: str
) -> None:
    with opened(browser, reports[report], PAPER, "dark") as tab:
        tab.emulate_media(media="print")
        assert_well_set(tab)
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(255, 255, 255)"
        )


@SCHEMES
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_axe_finds_no_violation(
    browser: Any, reports: dict[str, str], axe: Path, width: int, scheme: str
) -> None:
    with opened(browser, reports["diabetes"], width, scheme) as tab:
        assert_accessible(tab, axe)


def test_axe_finds_no_violation_where_names_are_hard(
    browser: Any, reports: dict[str, str], axe: Path
) -> None:
    with opened(browser, reports["hard"], WIDTHS["phone"], "dark") as tab:
        assert_accessible(tab, axe)


def assert_accessible(tab: Any, axe: Path) -> None:
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.add_script_tag(path=str(axe))
    found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 15
    violations = [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert violations == [], json.dumps(violations[:5], indent=1)


def test_the_keyboard_reaches_contents_details_and_scrolled_areas(
    browser: Any, reports: dict[str, str]
) -> None:
    with opened(browser, reports["diabetes"], WIDTHS["laptop"]) as tab:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "main"
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.parentElement.open")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.getAttribute('role')") == "region"


@pytest.mark.parametrize("results", [diabetes, hard])
def test_the_pdf_has_pages_and_text(results: Callable[[], Results], tmp_path: Path) -> None:
    assert write_report(tmp_path, *results()) == ()
    file = tmp_path / f"{results()[1].name}.pdf"
    facts = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in facts
    assert int(facts.split("Pages:")[1].split()[0]) > 5
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    for title in ("Summary", "Model performance", "Post-training bias metrics", "Appendix"):
        assert title in text.stdout
    if results is diabetes:
        before = file.read_bytes()
        write_report(tmp_path, *results())
        assert file.read_bytes() == before, "the same results give another PDF"
