"""A report's files, beside the results that they tell about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clarify_contract.findings import Finding
from clarify_engine.report.data import ReportData
from clarify_engine.report.document import build
from clarify_engine.report.html import page
from clarify_engine.report.notebook import notebook
from clarify_engine.report.pdf import NoPdf, pdf


def write_report(
    folder: Path,
    analysis: Mapping[str, Any],
    data: ReportData,
    provenance: Mapping[str, Any] | None,
    intervals: Mapping[str, Any] | None = None,
) -> tuple[Finding, ...]:
    """Write the report as `.html`, `.ipynb` and, where the extra `pdf` is installed, `.pdf`.

    The same arguments give the same bytes. A PDF of a former report is removed where there is
    none of this one.

    Parameters
    ----------
    folder
        Where to; it exists.
    analysis
        The content of `analysis.json`.
    data
        What else the report shows, its file name and its title among it.
    provenance
        The content of `provenance.json`, if there is one.
    intervals
        The content of `intervals.json`, likewise.

    Returns
    -------
    tuple of Finding
        A warning `report-no-pdf` if there is no PDF.

    Raises
    ------
    Refused
        The name of the report is no file name; see `report_name`.
    """
    name = data.name
    document = build(analysis, data, provenance, intervals)
    (folder / f"{name}.html").write_text(page(document), encoding="utf-8")
    (folder / f"{name}.ipynb").write_text(notebook(document), encoding="utf-8")
    place = folder / f"{name}.pdf"
    try:
        place.write_bytes(pdf(page(document, on_paper=True)))
    except NoPdf as reason:
        place.unlink(missing_ok=True)
        return (
            Finding(
                "report-no-pdf",
                "$.methods.report",
                f"no PDF of the report: {reason}",
                "WeasyPrint and the system's Pango library",
                "Install `clarify-cdk[pdf]` and Pango, then run `clarify report` on the results.",
                "warning",
            ),
        )
    return ()
