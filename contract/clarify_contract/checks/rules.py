"""All that a person asks of a run beyond its being complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clarify_contract.checks.accepted import AcceptedError
from clarify_contract.checks.attributions import AttributionRule
from clarify_contract.checks.baseline import Baseline
from clarify_contract.checks.facets import Reading
from clarify_contract.checks.limit import Limit
from clarify_contract.checks.no_worse import NoWorse


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a run is judged by. Whatever its rules, an incomplete run never passes.

    Attributes
    ----------
    limits
        By metric code, one or several for each.
    attributions
        Rules on global SHAP values.
    accepted_errors
        Errors that may stand in the place of a metric's number.
    accepted_zeros
        Facets in whose groups every metric that compares outcomes may be exactly 0 at once. That
        is what the service writes where nothing counted as the positive outcome; it is right only
        where both groups fare exactly alike.
    readings
        By facet that is given by one whole number: whether the number is meant as a ``category``
        or as a ``threshold``. The service decides that by the type of the column: a 0 may become
        the group "above 0". Unsaid, a group such as ``(0, 1]``, which holds at most one whole
        number, is rejected.
    baseline
        The results that `no_worse` and every `AttributionDrift` compare with.
    no_worse
        Bias metrics that may be no worse than in the baseline.
    minimum_rows
        How many rows every group, and the rest that it is compared with, must have at least. Only
        the open engine tells (in ``intervals.json``): with the managed image no run passes.
        Default: groups may be of any size.

    Examples
    --------
    >>> from clarify_contract import Limit, Rules, four_fifths
    >>> rules = Rules(
    ...     limits={**four_fifths(), "DPL": Limit(minimum=-0.1, maximum=0.1)},
    ...     readings={"age": "threshold"},
    ... )
    """

    limits: Mapping[str, Limit | Sequence[Limit]] = field(default_factory=dict)
    attributions: Sequence[AttributionRule] = ()
    accepted_errors: Sequence[AcceptedError] = ()
    accepted_zeros: Sequence[str] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    baseline: Baseline | None = None
    no_worse: Sequence[NoWorse] = ()
    minimum_rows: int | None = None
