"""From results and data to the whole report, in no form yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clarify_contract.result import AnalysisResult, BiasIntervals
from clarify_engine.report.blocks import Document
from clarify_engine.report.data import ReportData
from clarify_engine.report.sections.appendix import appendix
from clarify_engine.report.sections.bias import post_training, pre_training
from clarify_engine.report.sections.dependence import partial_dependence
from clarify_engine.report.sections.model import model_performance
from clarify_engine.report.sections.series import asymmetric_shapley
from clarify_engine.report.sections.setup import setup
from clarify_engine.report.sections.shap import shap
from clarify_engine.report.sections.summary import summary


def build(
    analysis: Mapping[str, Any],
    data: ReportData,
    provenance: Mapping[str, Any] | None,
    intervals: Mapping[str, Any] | None = None,
) -> Document:
    """Return the report of an analysis, its sections in the order of the service's report."""
    result = AnalysisResult.load(analysis)
    sure = None if intervals is None else BiasIntervals.load(intervals)
    parts = (
        summary(result, data),
        setup(data),
        model_performance(data),
        pre_training(result, data, sure),
        post_training(result, data, sure),
        shap(result.explanations, data),
        partial_dependence(result.explanations),
        asymmetric_shapley(result.explanations),
        appendix(data, provenance),
    )
    return Document(data.title, "Bias and explanations", tuple(p for p in parts if p is not None))
