"""What a run may lack and still pass, because somebody said so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clarify_contract.checks.facets import facet_findings
from clarify_contract.checks.limit import metric_findings
from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedError:
    """An error that may stand in the place of a metric's number.

    Completeness then holds for this metric. A limit on it does not: it needs a number.

    Attributes
    ----------
    metric
        Code of the metric.
    error
        How the analysis' error text begins.
    facet
        The one facet that this is for; None: every facet.

    Examples
    --------
    >>> AcceptedError(metric="FT", error="FlipTest does not support non-numeric columns").facet
    """

    metric: str
    error: str
    facet: str | None = None


def accepted_rule(accepted: AcceptedError) -> dict[str, Any]:
    """Return an accepted error as the check reads it."""
    return {"metric": accepted.metric, "facet": accepted.facet, "error": accepted.error}


def accepted_findings(
    config: AnalysisConfig, place: str, accepted: AcceptedError
) -> Iterator[Finding]:
    """Yield why an accepted error could not matter to a run of this config, or accepts too much."""
    yield from metric_findings(config, f"{place}.metric", accepted.metric)
    yield from facet_findings(config, f"{place}.facet", accepted.facet)
    if not accepted.error.strip():
        yield Finding(
            "accepted-error-empty",
            f"{place}.error",
            "an empty text, with which every error begins",
            "the beginning of one error text",
            "Copy the error from an analysis.json.",
        )
