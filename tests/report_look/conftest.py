"""A real browser, the rules of axe-core, and reports to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clarify_engine.report.document import build
from clarify_engine.report.html import page
from support_house.npm import npm_install
from support_report import diabetes, hard

AXE = "axe-core@4.14.1"
CHROMIUM = "/usr/bin/chromium"
# Nothing is asked of the network: Chromium's own services would be, without these.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm_install(tmp_path_factory.mktemp("axe"), AXE) / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of each report."""
    folder = tmp_path_factory.mktemp("reports")
    addresses = {}
    for results in (diabetes, hard):
        file = folder / f"{results.__name__}.html"
        file.write_text(page(build(*results())), encoding="utf-8")
        addresses[results.__name__] = file.as_uri()
    return addresses


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
