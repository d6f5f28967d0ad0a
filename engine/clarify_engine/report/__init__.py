"""The report of an analysis: a page, a notebook and a PDF, from the results."""

from clarify_engine.report.data import ReportData, report_name
from clarify_engine.report.sample import SAMPLE_ROWS, ShapSample
from clarify_engine.report.writing import write_report

__all__ = ["SAMPLE_ROWS", "ReportData", "ShapSample", "report_name", "write_report"]
