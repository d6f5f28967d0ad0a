"""What a report says about the data themselves: how many rows have which outcome, by group.

Everything here is read off the same contingency tables as the metrics.
"""

from __future__ import annotations

from dataclasses import dataclass

from clarify_engine.bias.counts import BiasCounts
from clarify_engine.bias.folding import groups_of
from clarify_engine.bias.table import Confusion, Counts


@dataclass(frozen=True)
class Outcomes:
    """Rows by outcome.

    Attributes
    ----------
    positive, negative
        Rows whose observed label is one of the positive values, and all others (a missing label
        is not positive).
    confusion
        The rows by observed and predicted label; None where there are no predictions.
    """

    positive: int
    negative: int
    confusion: Confusion | None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.positive + self.negative


@dataclass(frozen=True)
class GroupStatistics:
    """One sensitive group and the rest.

    Attributes
    ----------
    text
        The group's `value_or_threshold` in the results.
    group, rest
        The outcomes of its rows and of all other rows.
    """

    text: str
    group: Outcomes
    rest: Outcomes


@dataclass(frozen=True)
class FacetStatistics:
    """One entry of the config's `facet` list.

    Attributes
    ----------
    column
        The facet's column.
    by_value
        Whether each value of the column is a group, so that the groups share out the rows.
    missing
        Rows that have no value in the column.
    groups
        In the order of the results.
    """

    column: str
    by_value: bool
    missing: int
    groups: tuple[GroupStatistics, ...]


@dataclass(frozen=True)
class BiasStatistics:
    """The counts behind a bias analysis.

    Attributes
    ----------
    label
        The label's column.
    positive
        Its positive outcome, as the results have it.
    total
        The outcomes of all rows.
    facets
        In the order of the config.
    """

    label: str
    positive: str
    total: Outcomes
    facets: tuple[FacetStatistics, ...]


def bias_statistics(counts: BiasCounts) -> BiasStatistics:
    """Return the statistics of settled counts.

    Raises
    ------
    AnalysisError
        The analysis as a whole fails, in the service's words.
    """
    predicted = counts.predicted is not None
    facets = []
    total: Counts | None = None
    for facet in counts.facets:
        groups = []
        for group in groups_of(counts, facet):
            rest, sensitive = group.table.counts
            total = rest + sensitive
            groups.append(
                GroupStatistics(
                    group.text, _outcomes(sensitive, predicted), _outcomes(rest, predicted)
                )
            )
        facets.append(
            FacetStatistics(facet.plan.column, facet.by_value, facet.column.missing, tuple(groups))
        )
    if total is None:
        raise ValueError("there are no rows to tell about")
    return BiasStatistics(
        counts.plan.label, counts.label.text(), _outcomes(total, predicted), tuple(facets)
    )


def _outcomes(cells: Counts, predicted: bool) -> Outcomes:
    """Read a table of shape ``(2, 2)``: observed label, predicted label."""
    (tn, fp), (fn, tp) = cells.tolist()
    return Outcomes(
        positive=fn + tp,
        negative=tn + fp,
        confusion=Confusion(tp=tp, fp=fp, fn=fn, tn=tn) if predicted else None,
    )
