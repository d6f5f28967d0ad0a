"""Rules that today's data meet, and worse data do not. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clarify_contract import AnalysisConfig, four_fifths
from clarify_contract.metrics import METRICS, Stage
from clarify_local.results import MetricRow


@dataclass(frozen=True)
class Wanted:
    """The bounds that a metric should have, and who says so."""

    minimum: float
    maximum: float
    source: str


_FOUR_FIFTHS: Final = four_fifths()["DI"]
_CUSTOM: Final = "a usual start; no law says so"
#: Metrics that get a limit where they are computed.
WANTED: Final = {
    "DPL": Wanted(-0.1, 0.1, _CUSTOM),
    "DPPL": Wanted(-0.1, 0.1, _CUSTOM),
    "DI": Wanted(
        _FOUR_FIFTHS.minimum or 0.0, _FOUR_FIFTHS.maximum or math.inf, _FOUR_FIFTHS.source or ""
    ),
}


@dataclass(frozen=True)
class Ratchet:
    """The limit of one metric.

    Attributes
    ----------
    code
        The metric.
    bounds
        The limit, as a rules file writes it.
    why
        In words, for people.
    """

    code: str
    bounds: dict[str, float]
    why: str


def computable(rows: Sequence[MetricRow], config: AnalysisConfig, stage: Stage) -> tuple[str, ...]:
    """Return the metrics of a stage that have a finite number in every group.

    Whatever a config asks for must be there for a run to pass.
    """
    without = {row.code for row in rows if not math.isfinite(_number(row))}
    return tuple(code for code in config.expected_metrics(stage) if code not in without)


def ratchets(rows: Sequence[MetricRow]) -> list[Ratchet]:
    """Return limits that the measured values meet: the wanted ones, or those widened to today's.

    Parameters
    ----------
    rows
        Metrics of all groups. One that has no finite number in some group gets no limit, nor one
        whose values reach from end to end of its range.
    """
    found = []
    for code, wanted in WANTED.items():
        values = [_number(row) for row in rows if row.code == code]
        if values and all(map(math.isfinite, values)):
            found.append(_ratchet(code, wanted, min(values), max(values)))
    return [one for one in found if not _says_nothing(one)]


def _says_nothing(limit: Ratchet) -> bool:
    metric = METRICS[limit.code]
    return limit.bounds["min"] <= metric.minimum and limit.bounds["max"] >= metric.maximum


def _ratchet(code: str, wanted: Wanted, low: float, high: float) -> Ratchet:
    bounds = {
        "min": min(wanted.minimum, _down(low, METRICS[code].minimum)),
        "max": max(wanted.maximum, _up(high, METRICS[code].maximum)),
    }
    wish = f"{wanted.minimum:g} to {wanted.maximum:g} ({wanted.source})"
    today = f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"
    if bounds == {"min": wanted.minimum, "max": wanted.maximum}:
        return Ratchet(code, bounds, f"{wish}. Today it is {today}.")
    return Ratchet(
        code,
        bounds,
        f"Today it is {today}, outside of {wish}. The limit lets pass what is there today and "
        "nothing worse: understand why, then narrow it.",
    )


def _down(value: float, least: float) -> float:
    """Return a bound of two decimals that is not above a value."""
    bound = math.floor(value * 100) / 100
    return max(least, bound if bound <= value else round(bound - 0.01, 2))


def _up(value: float, most: float) -> float:
    return min(most, -_down(-value, -math.inf))


def _number(row: MetricRow) -> float:
    """Return a metric's value; NaN where it is a text, such as ``Infinity``, or is not there."""
    return float(row.value) if isinstance(row.value, int | float) else math.nan
