"""Whether the service takes a column for categories or for a continuous quantity."""

from __future__ import annotations

from typing import Final, Literal

#: What a column holds, by the type of its Arrow array.
Kind = Literal["int", "double", "bool", "text"]

#: Share of distinct values from which integers are continuous (smclarify: UNIQUENESS_THRESHOLD).
UNIQUENESS: Final = 0.05


def is_continuous(
    kind: Kind, *, several: bool, filled: int, missing: int, distinct: int, castable: bool
) -> bool:
    """Return whether a value given for the column is read as a threshold.

    The rule is that of smclarify's ``series_datatype``, which the developer guide's troubleshooting
    page names. It looks at the data, so that the same config may mean one thing on a sample and
    another on the whole: an int column of zeros and ones is continuous up to 40 rows.

    Parameters
    ----------
    kind
        What the column holds.
    several
        More than one value is given for it: then they are categories, whatever it holds.
    filled, missing
        Numbers of cells with and without a value.
    distinct
        Number of distinct values; only used for integers, and texts that are integers.
    castable
        Whether every text is an integer.
    """
    if several or kind == "bool":
        return False
    if kind == "double" or (kind == "int" and missing > 0):  # pandas makes such integers floats
        return True
    if kind == "text" and (missing > 0 or not castable):
        return False
    return filled > 0 and distinct / filled >= UNIQUENESS
