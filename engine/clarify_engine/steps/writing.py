"""Writes results, provenance and report into one folder, to be published whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from clarify_contract.config import AnalysisConfig
from clarify_contract.container import (
    ANALYSIS_FILE,
    INTERVALS_FILE,
    PROVENANCE_FILE,
    REPORT_DATA_FILE,
)
from clarify_contract.findings import Finding
from clarify_engine.progress import Stopwatch
from clarify_engine.provenance import provenance
from clarify_engine.report import ReportData, write_report
from clarify_engine.results import write_json
from clarify_engine.steps.results import Results


@dataclass(frozen=True, slots=True)
class Written:
    """The content of `analysis.json`, and all warnings of the run."""

    document: dict[str, Any]
    warnings: tuple[Finding, ...]


def write_results(
    folder: Path,
    config: AnalysisConfig,
    results: Results,
    data: list[dict[str, Any]],
    began: datetime,
    watch: Stopwatch,
) -> Written:
    """Write all files of the results that are not written yet.

    Parameters
    ----------
    folder
        Where to; local values are in it already.
    config
        What was analysed.
    results
        What the steps found.
    data
        Name, size and hash of each data file.
    began
        When the analysis began.
    watch
        Has measured the phases so far; is told about the report.
    """
    document = {"version": "1.0", **results.sections}
    warnings = tuple(results.warnings)
    write_json(folder / ANALYSIS_FILE, document)
    if results.intervals is not None:
        write_json(folder / INTERVALS_FILE, results.intervals)
    report = ReportData(
        config=config.to_dict(),
        rows=results.rows,
        statistics=results.statistics,
        shap=results.sample,
        warnings=warnings,
    )
    # Always: whoever wants a report later has what `clarify report` needs.
    write_json(folder / REPORT_DATA_FILE, report.to_dict(), indent=None)
    watch.stop()
    rows = {} if results.rows is None else {"rows": results.rows}
    origin = provenance(
        config=config,
        began=began,
        data=data,
        facts={**rows, **results.facts},
        seconds=watch.seconds,
        warnings=warnings,
    )
    if config.methods.report is not None:
        watch("report", 0, None)
        warnings += write_report(folder, document, report, origin, results.intervals)
    watch("write", 0, None)
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    files = sorted([PROVENANCE_FILE, *(name.as_posix() for name in names)])
    write_json(folder / PROVENANCE_FILE, {**origin, "files": files})
    return Written(document, warnings)
