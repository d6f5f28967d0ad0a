"""Limits that others have set, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from clarify_contract.checks.limit import Limit

#: Four fifths, and its inverse for the other group: whichever group is favoured, the rule is one.
_FOUR_FIFTHS: Final = Limit(
    minimum=0.8,
    maximum=1.25,
    source="four-fifths rule, Uniform Guidelines on Employee Selection Procedures, "
    "29 CFR 1607.4(D)",
)


def four_fifths() -> dict[str, Limit]:
    """Return the four-fifths rule as limits: disparate impact from 0.8 to 1.25.

    The guidelines regard a selection rate below four fifths of the highest group's as evidence of
    adverse impact, in general: small numbers are treated apart there, and the rule is no statement
    of law. The upper bound, 1 / 0.8, is the same rule with the groups exchanged.

    Examples
    --------
    >>> four_fifths()["DI"].minimum
    0.8
    """
    return {"DI": _FOUR_FIFTHS}


#: Every preset by the name that a rules file calls it.
PRESETS: Final[Mapping[str, Callable[[], dict[str, Limit]]]] = {"four_fifths": four_fifths}
