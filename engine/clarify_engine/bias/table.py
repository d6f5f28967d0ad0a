"""The contingency table that every bias metric but the flip test is a function of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

#: Error of the two conditional metrics if there is nothing to condition on.
NO_GROUP_VARIABLE = "Group variable is empty or not provided"


class MetricError(Exception):
    """One metric cannot be computed; the message is the service's ``error`` text for it."""


@dataclass(frozen=True)
class Table:
    """Row counts by group, facet, observed label and predicted label.

    Attributes
    ----------
    groups
        Counts of shape ``(G, 2, 2, 2)``: value of the group variable, facet (0 the rest *a*,
        1 the sensitive group *d*), observed label and predicted label (1 positive). G is 0 where
        there is no group variable. Where there are no predictions, all counts have predicted 0.
    ungrouped
        Counts of shape ``(2, 2, 2)`` of the rows that have no value of the group variable.
    group_error
        Why the conditional metrics cannot be computed, if there are groups but of no use.
    """

    groups: Counts
    ungrouped: Counts
    group_error: str | None = None

    @property
    def counts(self) -> Counts:
        """Counts of all rows, of shape ``(2, 2, 2)``: facet, observed label, predicted label."""
        total: Counts = self.groups.sum(axis=0, dtype=np.int64) + self.ungrouped
        return total

    @property
    def labels(self) -> Counts:
        """Counts of shape ``(2, 2)``: facet, observed label."""
        labels: Counts = self.counts.sum(axis=2)
        return labels

    @property
    def predictions(self) -> Counts:
        """Counts of shape ``(2, 2)``: facet, predicted label."""
        predictions: Counts = self.counts.sum(axis=1)
        return predictions


@dataclass(frozen=True)
class Confusion:
    """The confusion matrix of one facet: counts of true and false, positive and negative."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def size(self) -> int:
        """Rows of the facet."""
        return self.tp + self.fp + self.fn + self.tn


def confusions(table: Table) -> tuple[Confusion, Confusion]:
    """Return the confusion matrices of the rest *a* and of the sensitive group *d*."""
    a, d = (
        Confusion(
            tp=int(facet[1, 1]), fp=int(facet[0, 1]), fn=int(facet[1, 0]), tn=int(facet[0, 0])
        )
        for facet in table.counts
    )
    return a, d


def divide(numerator: float, denominator: float) -> float:
    """Return the quotient as the service has it: 0/0 is 0, and x/0 is an infinity."""
    if denominator != 0:
        return numerator / denominator
    return 0.0 if numerator == 0 else float("inf") if numerator > 0 else float("-inf")


def difference(left: float, right: float) -> float:
    """Return ``left - right`` as the service has it: two infinities of one sign differ by 0."""
    return 0.0 if left == right else left - right


def require_both(n_a: int, n_d: int, *, empty: str, covers_all: str) -> None:
    """Refuse a facet without rows, or one that holds all of them, in the words of its metric."""
    if n_d == 0:
        raise MetricError(empty)
    if n_a == 0:
        raise MetricError(covers_all)


def positive_shares(
    outcomes: Counts,
    *,
    empty: str = "Facet set is empty.",
    covers_all: str = "Negative facet set is empty.",
) -> tuple[float, float]:
    """Return the shares q of positive outcomes of the rest *a* and of the sensitive group *d*.

    Parameters
    ----------
    outcomes
        Counts of shape ``(2, 2)``: facet, outcome. `Table.labels` or `Table.predictions`.
    empty, covers_all
        The service's words where one of the two has no row.

    Raises
    ------
    MetricError
        If one of the two has no row.
    """
    (neg_a, pos_a), (neg_d, pos_d) = outcomes.tolist()
    require_both(neg_a + pos_a, neg_d + pos_d, empty=empty, covers_all=covers_all)
    return pos_a / (neg_a + pos_a), pos_d / (neg_d + pos_d)


def conditional_disparity(groups: Counts, group_error: str | None) -> float:
    """Return conditional demographic disparity, ``sum(n_i DD_i) / sum(n_i)`` (CDDL, CDDPL).

    ``DD_i = n_d(0) / n(0) - n_d(1) / n(1)`` within group i. Rows that have no value of the group
    variable are in neither sum.

    Parameters
    ----------
    groups
        Counts of shape ``(G, 2, 2)``: group, facet, outcome.
    group_error
        Why there are no groups to condition on, if so.

    Raises
    ------
    MetricError
        If there are no groups, or the outcome never varies over all of them.
    """
    if group_error is not None:
        raise MetricError(group_error)
    if groups.sum() == 0:
        raise MetricError(NO_GROUP_VARIABLE)
    outcomes = groups.sum(axis=1)
    for outcome, name in ((0, "negative"), (1, "positive")):
        if outcomes[:, outcome].sum() == 0:
            raise MetricError(f"No {name} labels in set")
    shares = np.divide(
        groups[:, 1], outcomes, out=np.zeros(outcomes.shape, dtype=np.float64), where=outcomes > 0
    )
    sizes = outcomes.sum(axis=1)
    return float((sizes * (shares[:, 0] - shares[:, 1])).sum() / sizes.sum())
