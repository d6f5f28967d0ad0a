"""The content of ``intervals.json``."""

from __future__ import annotations

from typing import Any, Final

from clarify_engine.bias.counts import BiasCounts
from clarify_engine.bias.folding import groups_of
from clarify_engine.bias.intervals.group import (
    LEAST_OF_OUTCOME,
    LEAST_ROWS,
    MOST_GROUPS,
    group_intervals,
)
from clarify_engine.bias.intervals.interval import LEVEL
from clarify_engine.bias.intervals.resampling import RESAMPLES, SEED
from clarify_engine.bias.sections import printed, stages

#: Groups of a facet at most: each takes some hundredths of a second.
MOST_FACET_GROUPS: Final = 100

METHOD: Final = (
    "Quantiles of the metric over draws of the contingency table's shares from their posterior "
    "distribution: Dirichlet, with half a row added to each cell (Jeffreys' prior), and two rows "
    "to each value of the group variable, shared out as if outcome and facet were independent. "
    "An end reaches the value itself. TVD, KS, LP, KL and JS: from the interval of the signed "
    "difference, with the lower end of a folded normal distribution, 0 wherever DPL's interval "
    "contains 0; none where a group lacks an outcome. No intervals for FT; where the group or the "
    f"rest has fewer than {LEAST_ROWS} rows; where a facet has more than {MOST_FACET_GROUPS} "
    "groups; for CDDL and CDDPL, where the group variable has more than "
    f"{MOST_GROUPS} values, or one in which the group or the rest has fewer than "
    f"{LEAST_OF_OUTCOME} rows of an outcome."
)


def intervals_document(counts: BiasCounts) -> dict[str, Any]:
    """Return the intervals and rows of every group, beside the metrics of `bias_sections`.

    Raises
    ------
    AnalysisError
        The analysis as a whole fails, in the service's words.
    """
    asked = [(stage, codes) for stage, codes in stages(counts.plan) if codes]
    sections: dict[str, dict[str, Any]] = {stage: {"facets": {}} for stage, _ in asked}
    for facet in counts.facets:
        groups = list(groups_of(counts, facet))
        few = len(groups) <= MOST_FACET_GROUPS
        for group in groups:
            rest_rows, rows = (int(count) for count in group.table.labels.sum(axis=1))
            for stage, codes in asked:
                found = group_intervals(group.table, codes) if few else {}
                entry = {
                    "value_or_threshold": group.text,
                    "rows": rows,
                    "rest_rows": rest_rows,
                    "intervals": {
                        code: {"low": printed(interval.low), "high": printed(interval.high)}
                        for code, interval in found.items()
                    },
                }
                sections[stage]["facets"].setdefault(facet.plan.column, []).append(entry)
    return {
        "version": "1.0",
        "level": LEVEL,
        "method": METHOD,
        "seed": SEED,
        "resamples": RESAMPLES,
        **sections,
    }
