"""What the value of a bias metric says about two groups, in one plain sentence.

The group is the facet's sensitive group *d*, the rest all other rows *a*. Signs and directions
follow the formulas of the developer guide's metric pages, except for FT, which the service computes
with the opposite sign.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from clarify_contract.metrics import METRICS

#: Values that are as close to neutral as this differ from it by rounding only.
ROUNDING: Final = 1e-12

#: Amounts below this are not told apart.
_LEAST: Final = 1e-6

_INTERVAL: Final = re.compile(r"\([^,()\[\]]*, [^,()\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence in two parts; as text it is the whole sentence.

    Attributes
    ----------
    what
        What the value says about the group and the rest.
    worse
        Which values are worse, and for whom.
    hurt
        Who fares worse at this value; None where the metric does not tell, or neither does.
    """

    what: str
    worse: str
    hurt: Literal["group", "rest"] | None = None

    def __str__(self) -> str:
        """Return the sentence."""
        return f"{self.what}; {self.worse}."


@dataclass(frozen=True, slots=True)
class _Signed:
    """Texts of a metric with two directions; ``{g}`` is the group, ``{v}`` the amount.

    ``above`` and ``below`` tell of values on either side of the neutral one, ``most`` and ``least``
    of the infinities, ``group_is_hurt`` whether it is the group that fares worse above it.
    """

    above: str
    below: str
    even: str
    most: str = ""
    least: str = ""
    group_is_hurt: bool = True
    unit: str = "points"


def _rarer(what: str) -> _Signed:
    return _Signed(
        above=f"{what} less often for {{g}} than for the rest, by {{v}}",
        below=f"{what} more often for {{g}} than for the rest, by {{v}}",
        even=f"{what} equally often for {{g}} and for the rest",
    )


def _conditional(what: str) -> _Signed:
    lead = "averaged over the values of the group variable, {g} makes up"
    return _Signed(
        above=f"{lead} more of the negative {what} than of the positive ones, by {{v}}",
        below=f"{lead} less of the negative {what} than of the positive ones, by {{v}}",
        even=f"{lead} equal shares of the negative and the positive {what}",
    )


_SIGNED: Final[Mapping[str, _Signed]] = MappingProxyType(
    {
        "CI": _Signed(
            above="{g} has {share} of the rows, fewer than the rest",
            below="{g} has {share} of the rows, more than the rest",
            even="{g} has as many rows as the rest",
        ),
        "DPL": _rarer("the label is positive"),
        "CDDL": _conditional("labels"),
        "DPPL": _rarer("the prediction is positive"),
        "DI": _Signed(
            above="the prediction is positive {v} times as often for {g} as for the rest",
            below="the prediction is positive {v} times as often for {g} as for the rest",
            even="the prediction is positive equally often for {g} and for the rest",
            most="the prediction is positive for some rows of {g} and for none of the rest",
            group_is_hurt=False,
            unit="times",
        ),
        "DCA": _Signed(
            above="for each positive prediction, {g} has {v} fewer positive labels than the rest",
            below="for each positive prediction, {g} has {v} more positive labels than the rest",
            even="for each positive prediction, {g} and the rest have as many positive labels",
            most="the rest has positive labels and not one positive prediction",
            least="{g} has positive labels and not one positive prediction",
            group_is_hurt=False,
            unit="number",
        ),
        "DCR": _Signed(
            above="for each negative prediction, {g} has {v} more negative labels than the rest",
            below="for each negative prediction, {g} has {v} fewer negative labels than the rest",
            even="for each negative prediction, {g} and the rest have as many negative labels",
            most="{g} has negative labels and not one negative prediction",
            least="the rest has negative labels and not one negative prediction",
            group_is_hurt=False,
            unit="number",
        ),
        "SD": _rarer("rows with a negative label are predicted positive"),
        "RD": _rarer("rows with a positive label are predicted positive"),
        "DAR": _rarer("a positive prediction is right"),
        "DRR": _Signed(
            above="a negative prediction is right more often for {g} than for the rest, by {v}",
            below="a negative prediction is right less often for {g} than for the rest, by {v}",
            even="a negative prediction is right equally often for {g} and for the rest",
            group_is_hurt=False,
        ),
        "AD": _rarer("predictions are right"),
        "TE": _Signed(
            above="for each false positive, {g} has {v} more false negatives than the rest",
            below="for each false positive, {g} has {v} fewer false negatives than the rest",
            even="for each false positive, {g} and the rest have as many false negatives",
            most="{g} has false negatives and not one false positive",
            least="the rest has false negatives and not one false positive",
            unit="number",
        ),
        "CDDPL": _conditional("predictions"),
        "FT": _Signed(
            above="rows of {g} that are predicted positive though rows like them among the rest"
            " are not outnumber the opposite, by {v} of the group's rows",
            below="rows of {g} that are predicted negative though rows like them among the rest"
            " are not outnumber the opposite, by {v} of the group's rows",
            even="rows of {g} are predicted no better and no worse than rows like them among the"
            " rest",
            group_is_hurt=False,
            unit="percent",
        ),
    }
)

#: Texts of a metric that only tells how much, with its value, and with the value 0.
_DISTANCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        **{
            code: (
                f"labels of {{g}} and of the rest are distributed {{v}} apart, {scale}",
                "labels of {g} and of the rest are distributed alike",
            )
            for code, scale in (
                ("KL", "in nats without a greatest value"),
                ("JS", "in nats of which 0.693 is the most"),
                ("LP", "of 1.41 at the most"),
                ("TVD", "of 1 at the most"),
            )
        },
        "KS": (
            "the share of one outcome among the labels differs by {points} between {g} and the"
            " rest",
            "labels of {g} and of the rest are distributed alike",
        ),
        "GE": (
            "wrong predictions favour some rows over others by {v}, counted over {g} and the rest"
            " together",
            "predictions favour no row over another, counted over {g} and the rest together",
        ),
    }
)


def group_name(facet: str, text: str) -> str:
    """Return how a sentence names a group.

    Parameters
    ----------
    facet
        The facet's column.
    text
        The group's ``value_or_threshold`` of ``analysis.json``; empty where it has no row.

    Examples
    --------
    >>> group_name("sex", "0"), group_name("age", "(50.0, 79.0]")
    ('sex = 0', 'age in (50.0, 79.0]')
    """
    if not text:
        return f"{facet} (no row)"
    return f"{facet} in {text}" if _INTERVAL.fullmatch(text) else f"{facet} = {text}"


def meaning(code: str, value: float | None, group: str) -> Meaning:
    """Say what a metric's value means for a group and the rest of the rows.

    Whether more positive outcomes are good for somebody is not for a metric to know: "worse" takes
    it that they are.

    Parameters
    ----------
    code
        Of `METRICS`.
    value
        As in the results; infinite, or None where it could not be computed.
    group
        How to name the group; see `group_name`.

    Raises
    ------
    KeyError
        There is no such metric.

    Examples
    --------
    >>> print(meaning("DPPL", 0.25, "sex = 0"))  # doctest: +NORMALIZE_WHITESPACE
    The prediction is positive less often for sex = 0 than for the rest, by 25 percentage points;
    above 0 is worse for sex = 0, below 0 for the rest.
    """
    metric = METRICS[code]
    signed = _SIGNED.get(code)
    if signed is None:
        worse = "higher is worse, whichever of the two it hurts"
    else:
        hurt = (group, "the rest") if signed.group_is_hurt else ("the rest", group)
        neutral = f"{metric.neutral:g}"
        worse = f"above {neutral} is worse for {hurt[0]}, below {neutral} for {hurt[1]}"
    if value is None:
        return Meaning(f"There is no value, so nothing is said about {group} and the rest", worse)
    text = _distance(code, value) if signed is None else _side(signed, value, metric.neutral)
    return Meaning(
        (text[0].upper() + text[1:]).format(
            g=group,
            v=_amount(value, "number" if signed is None else signed.unit),
            points=_amount(value, "points"),
            share=_amount((1 - value) / 2, "percent"),
        ),
        worse,
        None if signed is None else _hurt(signed, value, metric.neutral),
    )


def _hurt(texts: _Signed, value: float, neutral: float) -> Literal["group", "rest"] | None:
    if abs(value - neutral) <= ROUNDING:
        return None
    return "group" if (value > neutral) == texts.group_is_hurt else "rest"


def _side(texts: _Signed, value: float, neutral: float) -> str:
    if abs(value - neutral) <= ROUNDING:
        return texts.even
    if math.isinf(value):
        infinite = texts.most if value > 0 else texts.least
        return infinite or "the value is infinite"
    return texts.above if value > neutral else texts.below


def _distance(code: str, value: float) -> str:
    apart, alike = _DISTANCES[code]
    if abs(value) <= ROUNDING:
        return alike
    if value < 0:
        return "the value is negative: {g} and the rest do not have all outcomes in common"
    return apart if math.isfinite(value) else "the value is infinite"


def _amount(value: float, unit: str) -> str:
    if not math.isfinite(value):
        return ""
    size = abs(value)
    if unit == "points":
        size *= 100
        one = _number(size) == "1"
        return f"{_number(size)} percentage point{'' if one else 's'}"
    return f"{_number(size * 100)} %" if unit == "percent" else _number(size)


def _number(size: float) -> str:
    """Return three significant digits, without an exponent."""
    if size >= 100:
        return f"{size:.0f}"
    if size < _LEAST:
        return f"less than {_LEAST:.6f}"
    if size < 1e-4:  # where Python would begin to write an exponent
        return f"{size:.{2 - math.floor(math.log10(size))}f}"
    return f"{size:.3g}"
