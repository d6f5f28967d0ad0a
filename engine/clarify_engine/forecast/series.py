"""One item of a forecasting dataset: its times, its series, and what does not change over time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

Number = int | float
Scalar = int | float | str


@dataclass(frozen=True, slots=True)
class Series:
    """An item as the model is asked about it.

    Missing values are None. The nulls at the end of a series, where the forecast begins, are no
    part of it.

    Attributes
    ----------
    item_id
        As the data have it, a number or a text.
    times
        Time of each step: N.
    target
        The series that is forecast: T values, at least 1 and at most N.
    related
        For each related series N values.
    static
        One value for each static covariate.
    place
        File and position of the item, for findings: an item's id is a cell of the data.
    """

    item_id: Scalar
    times: Sequence[Scalar]
    target: Sequence[Number | None]
    related: Sequence[Sequence[Number | None]]
    static: Sequence[Scalar | bool]
    place: str


def is_number(value: Any) -> bool:
    """Return whether a JSON value is a number that a float can hold."""
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def is_scalar(value: Any) -> bool:
    """Return whether a JSON value is such a number, or a text."""
    return is_number(value) or type(value) is str


def known_length(values: Sequence[Any]) -> int:
    """Return the length of a series without the nulls at its end."""
    return next((i for i in range(len(values), 0, -1) if values[i - 1] is not None), 0)


def has_gaps(series: Series) -> bool:
    """Return whether a value is missing inside a series."""
    return any(value is None for values in (series.target, *series.related) for value in values)


def goes_back(times: Sequence[Scalar]) -> bool:
    """Return whether times that can be compared (numbers, or ISO 8601 texts) are not ascending."""
    if all(isinstance(time, int | float) for time in times):
        return any(a > b for a, b in pairwise(times))  # type: ignore[operator]
    try:
        parsed = [datetime.fromisoformat(str(time)) for time in times]
        return any(a > b for a, b in pairwise(parsed))
    except (ValueError, TypeError):  # another notation, or some with and some without a zone
        return False
