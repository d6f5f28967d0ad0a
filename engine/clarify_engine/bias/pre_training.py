"""The eight pre-training metrics: what the observed labels say, before any model.

Each is a function of one `Table`, with the formula of the SageMaker developer guide ("Measure
pre-training bias"). *d* is the sensitive group, *a* all other rows, q the share of positive labels.
The five distances compare the distributions P of the label's two outcomes, positive or not, and as
the service does keep only outcomes that both groups have, without renormalising: KL may be
negative, TVD and LP too low.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clarify_engine.bias.table import (
    MetricError,
    Table,
    conditional_disparity,
    positive_shares,
    require_both,
)

Distribution = NDArray[np.float64]


def ci(table: Table) -> float:
    """Class imbalance, ``(n_a - n_d) / (n_a + n_d)``."""
    n_a, n_d = (int(n) for n in table.labels.sum(axis=1))
    require_both(
        n_a,
        n_d,
        empty="CI: facet set is empty. Check that x[facet] has non-zero length.",
        covers_all="CI: negated facet set is empty. Check that x[~facet] has non-zero length.",
    )
    return (n_a - n_d) / (n_a + n_d)


def dpl(table: Table) -> float:
    """Difference in positive proportions of the observed labels, ``q_a - q_d``."""
    q_a, q_d = positive_shares(table.labels)
    return q_a - q_d


def kl(table: Table) -> float:
    """Kullback-Leibler divergence, ``sum(P_a ln(P_a / P_d))``, in nats."""
    p_a, p_d = _shared_outcomes(table)
    return _divergence(p_a, p_d)


def js(table: Table) -> float:
    """Jensen-Shannon divergence, ``(KL(P_a, P) + KL(P_d, P)) / 2`` with ``P = (P_a + P_d) / 2``."""
    p_a, p_d = _shared_outcomes(table)
    middle = (p_a + p_d) / 2
    return (_divergence(p_a, middle) + _divergence(p_d, middle)) / 2


def lp(table: Table) -> float:
    """L2 norm of ``P_a - P_d``."""
    p_a, p_d = _shared_outcomes(table)
    return float(np.sqrt(np.square(p_a - p_d).sum()))


def tvd(table: Table) -> float:
    """Total variation distance, half the L1 norm of ``P_a - P_d``."""
    p_a, p_d = _shared_outcomes(table)
    return float(np.abs(p_a - p_d).sum() / 2)


def ks(table: Table) -> float:
    """Kolmogorov-Smirnov distance, the largest ``|P_a - P_d|`` of one outcome."""
    p_a, p_d = _shared_outcomes(table)
    return float(np.abs(p_a - p_d).max())


def cddl(table: Table) -> float:
    """Conditional demographic disparity of the observed labels, ``sum(n_i DD_i) / sum(n_i)``.

    ``DD_i = n_d(0) / n(0) - n_d(1) / n(1)`` within value i of the group variable.
    """
    return conditional_disparity(table.groups.sum(axis=3), table.group_error)


def _shared_outcomes(table: Table) -> tuple[Distribution, Distribution]:
    labels = table.labels
    shared = (labels > 0).all(axis=0)
    if not shared.any():
        raise MetricError("No instance of common facet found, dataset may be too small")
    p_a, p_d = (labels / labels.sum(axis=1, keepdims=True))[:, shared]
    return p_a, p_d


def _divergence(p: Distribution, q: Distribution) -> float:
    return float((p * np.log(p / q)).sum())


#: The functions by metric code.
PRE_TRAINING_FUNCTIONS: Final[Mapping[str, Callable[[Table], float]]] = MappingProxyType(
    {"CI": ci, "DPL": dpl, "KL": kl, "JS": js, "LP": lp, "TVD": tvd, "KS": ks, "CDDL": cddl}
)
