"""Twelve of the thirteen post-training metrics; the flip test has a file of its own.

Each is a function of one `Table`, with the formula of the SageMaker developer guide ("Measure
post-training data and model bias"). *d* is the sensitive group, *a* all other rows. Primes are
predicted labels: ``n'_a(1)`` counts the rows of *a* that are predicted positive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from clarify_engine.bias.table import (
    Confusion,
    MetricError,
    Table,
    conditional_disparity,
    confusions,
    difference,
    divide,
    positive_shares,
    require_both,
)


def dppl(table: Table) -> float:
    """Difference in positive proportions of the predicted labels, ``q'_a - q'_d``."""
    q_a, q_d = positive_shares(table.predictions)
    return q_a - q_d


def di(table: Table) -> float:
    """Disparate impact, ``q'_d / q'_a``: the only ratio, neutral at 1."""
    q_a, q_d = positive_shares(
        table.predictions, empty="Facet set is empty", covers_all="Negated facet set is empty"
    )
    return divide(q_d, q_a)


def dca(table: Table) -> float:
    """Difference in conditional acceptance, ``n_a(1) / n'_a(1) - n_d(1) / n'_d(1)``."""
    a, d = _both(table, "DCO: ")
    return difference(divide(a.tp + a.fn, a.tp + a.fp), divide(d.tp + d.fn, d.tp + d.fp))


def dcr(table: Table) -> float:
    """Difference in conditional rejection, ``n_d(0) / n'_d(0) - n_a(0) / n'_a(0)``."""
    a, d = _both(table, "DCO: ")
    return difference(divide(d.tn + d.fp, d.tn + d.fn), divide(a.tn + a.fp, a.tn + a.fn))


def sd(table: Table) -> float:
    """Specificity difference, ``TN_d / (TN_d + FP_d) - TN_a / (TN_a + FP_a)``."""
    a, d = _both(table, "DLA: ")
    return difference(divide(d.tn, d.tn + d.fp), divide(a.tn, a.tn + a.fp))


def rd(table: Table) -> float:
    """Recall difference, ``TP_a / (TP_a + FN_a) - TP_d / (TP_d + FN_d)``."""
    a, d = _both(table, "DLA: ")
    return difference(divide(a.tp, a.tp + a.fn), divide(d.tp, d.tp + d.fn))


def dar(table: Table) -> float:
    """Difference in acceptance rates (precision), ``TP_a / n'_a(1) - TP_d / n'_d(1)``."""
    a, d = _both(table, "DLR: ")
    return difference(divide(a.tp, a.tp + a.fp), divide(d.tp, d.tp + d.fp))


def drr(table: Table) -> float:
    """Difference in rejection rates, ``TN_d / n'_d(0) - TN_a / n'_a(0)``."""
    a, d = _both(table, "DLR: ")
    return difference(divide(d.tn, d.tn + d.fn), divide(a.tn, a.tn + a.fn))


def ad(table: Table) -> float:
    """Accuracy difference, ``ACC_a - ACC_d``."""
    a, d = _both(table)
    return difference(divide(a.tp + a.tn, a.size), divide(d.tp + d.tn, d.size))


def te(table: Table) -> float:
    """Treatment equality, ``FN_d / FP_d - FN_a / FP_a``."""
    a, d = _both(table)
    return difference(divide(d.fn, d.fp), divide(a.fn, a.fp))


def cddpl(table: Table) -> float:
    """Conditional demographic disparity of the predicted labels, as CDDL with ``n'`` for ``n``."""
    return conditional_disparity(table.groups.sum(axis=2), table.group_error)


def ge(table: Table) -> float:
    """Generalized entropy, ``sum((b_i / mean(b))^2 - 1) / (2 n)`` with ``b = y' - y + 1``.

    Benefits b are 0 for a false negative, 1 for a correct prediction and 2 for a false positive.
    The value is that of all rows, the same for every facet.
    """
    a, d = confusions(table)
    n, fn, fp = a.size + d.size, a.fn + d.fn, a.fp + d.fp
    if fn == n:
        raise MetricError(
            "All predicted labels are false negatives. "
            "There should be at least one prediction that is not false negative."
        )
    mean = (n - fn + fp) / n
    mean_square = (n - fn - fp + 4 * fp) / n
    return (mean_square / mean**2 - 1) / 2


def _both(table: Table, prefix: str = "") -> tuple[Confusion, Confusion]:
    a, d = confusions(table)
    require_both(
        a.size,
        d.size,
        empty=f"{prefix}Facet set is empty",
        covers_all=f"{prefix}Negated Facet set is empty",
    )
    return a, d


#: The functions by metric code.
POST_TRAINING_FUNCTIONS: Final[Mapping[str, Callable[[Table], float]]] = MappingProxyType(
    {
        "DPPL": dppl,
        "DI": di,
        "DCA": dca,
        "DCR": dcr,
        "SD": sd,
        "RD": rd,
        "DAR": dar,
        "DRR": drr,
        "AD": ad,
        "TE": te,
        "CDDPL": cddpl,
        "GE": ge,
    }
)
