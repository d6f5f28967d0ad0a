"""`clarify report`: the report of an analysis once more, from its results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.markup import escape

from clarify_contract import Refused
from clarify_contract.container import (
    ANALYSIS_FILE,
    INTERVALS_FILE,
    PROVENANCE_FILE,
    REPORT_DATA_FILE,
)
from clarify_local.arguments import ResultsFolder
from clarify_local.terminal import fail, print_findings, refuse, say


def report(
    results: ResultsFolder,
) -> None:
    """Write the report of an analysis again: HTML, notebook, and PDF where WeasyPrint is installed.

    Needs analysis.json and report_data.json; runs nothing of the analysis again.

    For example:

    - `clarify report results`
    """
    from clarify_engine.report import ReportData, write_report

    analysis, data = _read(results / ANALYSIS_FILE), _read(results / REPORT_DATA_FILE)
    provenance, intervals = (
        _read(place) if (place := results / name).exists() else None
        for name in (PROVENANCE_FILE, INTERVALS_FILE)
    )
    try:
        parsed = ReportData.from_dict(data)
        print_findings(write_report(results, analysis, parsed, provenance, intervals))
    except Refused as refused:
        refuse(refused)
    page = results / f"{parsed.name}.html"
    say(f"report: {escape(str(page))}")


def _read(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        fail(f"there is no {file.name} in {file.parent}: the report is made of an analysis's files")
    except (OSError, ValueError):
        fail(f"{file} cannot be read as JSON")
    if not isinstance(document, dict):
        fail(f"{file} holds no JSON object")
    return document
