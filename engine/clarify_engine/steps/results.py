"""What the steps of an analysis found, before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clarify_contract.findings import Finding
from clarify_engine.bias import BiasStatistics
from clarify_engine.report.sample import ShapSample


@dataclass(slots=True)
class Results:
    """What the steps of an analysis found.

    Attributes
    ----------
    sections
        Sections of `analysis.json`, by key.
    rows
        Rows of the dataset; `None` for time series.
    intervals
        The content of `intervals.json`; `None` without a bias analysis.
    statistics
        The counts that the report shows; `None` without a bias analysis.
    sample
        Local SHAP values that the report shows; `None` without SHAP.
    facts
        What `provenance.json` tells of model and methods.
    warnings
        What in the results may mislead.
    """

    sections: dict[str, Any] = field(default_factory=dict)
    rows: int | None = None
    intervals: dict[str, Any] | None = None
    statistics: BiasStatistics | None = None
    sample: ShapSample | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    warnings: list[Finding] = field(default_factory=list)

    def explain(self, method: str, section: Any) -> None:
        """Add the section of one method below `explanations`."""
        self.sections.setdefault("explanations", {})[method] = section
