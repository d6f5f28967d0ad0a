"""The bias analysis as a consumer of batches."""

from __future__ import annotations

from typing import Any

from clarify_contract import Finding
from clarify_engine.bias.counts import BiasCounts
from clarify_engine.bias.intervals import intervals_document
from clarify_engine.bias.quirks import quirk_findings
from clarify_engine.bias.sections import bias_sections
from clarify_engine.bias.statistics import BiasStatistics, bias_statistics


class BiasTally(BiasCounts):
    """Counts of a plan's data, and the results that follow from them; see `BiasCounts`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from clarify_engine.bias import BiasPlan, FacetPlan
    >>> plan = BiasPlan("y", (1,), (FacetPlan("sex", ("f",)),), None, None, (), ("CI",), ())
    >>> tally = BiasTally(plan)
    >>> tally.update(pa.RecordBatch.from_pydict({"y": [1, 0, 1], "sex": ["f", "m", "m"]}))
    >>> tally.sections()["pre_training_bias_metrics"]["facets"]["sex"][0]["metrics"][0]["value"]
    0.3333333333333333
    """

    def sections(self) -> dict[str, Any]:
        """Return the bias sections of ``analysis.json``, by key.

        Raises
        ------
        AnalysisError
            The analysis as a whole fails, in the service's words.
        """
        self.settle()
        return bias_sections(self)

    def warnings(self) -> tuple[Finding, ...]:
        """Return what in these results, right by the service's rules, may mislead.

        Raises
        ------
        AnalysisError
            As `sections` does.
        """
        self.settle()
        return quirk_findings(self)

    def statistics(self) -> BiasStatistics:
        """Return the counts that a report shows beside the metrics.

        Raises
        ------
        AnalysisError
            As `sections` does.
        """
        self.settle()
        return bias_statistics(self)

    def intervals(self) -> dict[str, Any]:
        """Return the content of ``intervals.json``: how sure the metrics of `sections` are.

        Raises
        ------
        AnalysisError
            As `sections` does.
        """
        self.settle()
        return intervals_document(self)
