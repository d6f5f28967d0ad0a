"""Partial dependence of one feature: mean predictions over its values, and where the data lie."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from clarify_engine.report.charts.axis import padded, ticks
from clarify_engine.report.charts.palette import LINE_STYLES
from clarify_engine.report.charts.svg import cut, number, picture, short, tag, words

WIDTH: Final = 340.0
HEIGHT: Final = 210.0

_LEFT: Final = 52.0
_RIGHT: Final = 12.0
_TOP: Final = 12.0
_BOTTOM: Final = 30.0
_DATA: Final = 22.0
_NAMES: Final = 6


def dependence(
    values: Sequence[float | str],
    predictions: Sequence[Sequence[float]],
    distribution: Sequence[float] | None,
    *,
    title: str,
    description: str,
    name: str,
) -> str:
    """Return the picture of one feature.

    Parameters
    ----------
    values
        Numbers, or names of categories.
    predictions
        For each class a mean prediction at each value.
    distribution
        Share of the rows at each value; None if it is not known.
    title, description, name
        See `picture`.
    """
    numeric = all(isinstance(value, int | float) for value in values)
    floor = HEIGHT - _BOTTOM
    low, high = padded([p for line in predictions for p in line], 0.1)
    xs = _places([float(value) for value in values] if numeric else range(len(values)), numeric)

    def y(prediction: float) -> float:
        return floor - _DATA - (floor - _DATA - _TOP) * (prediction - low) / (high - low)

    parts = []
    for mark in ticks(low, high, 4):
        parts.append(
            tag("path", cls="rule", d=f"M{number(_LEFT)} {number(y(mark))}H{WIDTH - _RIGHT:g}")
        )
        parts.append(words(short(mark), x=_LEFT - 6, y=y(mark) + 3.5, text_anchor="end"))
    parts += _data(xs, distribution, floor)
    parts.append(tag("path", cls="axis", d=f"M{number(_LEFT)} {number(floor)}H{WIDTH - _RIGHT:g}"))
    parts += _numbers(values, xs, floor) if numeric else _categories(values, xs, floor)
    for index, line in enumerate(predictions):
        places = [(x, y(prediction)) for x, prediction in zip(xs, line, strict=True)]
        style = index % LINE_STYLES
        if numeric:
            path = "L".join(f"{number(x)} {number(at)}" for x, at in places)
            parts.append(tag("path", cls=f"line{style} c{style}", d=f"M{path}"))
        points = "".join(f"M{number(x)} {number(at)}h0" for x, at in places)
        parts.append(tag("path", cls=f"dots c{style}", d=points))
    return picture(
        parts, width=WIDTH, height=HEIGHT, title=title, description=description, name=name
    )


def _places(positions: Sequence[float], numeric: bool) -> list[float]:
    width = WIDTH - _LEFT - _RIGHT
    if numeric and len(positions) > 1 and max(positions) > min(positions):
        low, high = min(positions), max(positions)
        inner = width - 16
        return [_LEFT + 8 + inner * (position - low) / (high - low) for position in positions]
    return [_LEFT + width * (index + 0.5) / len(positions) for index in range(len(positions))]


def _data(xs: Sequence[float], distribution: Sequence[float] | None, floor: float) -> list[str]:
    if not distribution or max(distribution) <= 0:
        return []
    gap = min((b - a for a, b in pairwise(xs)), default=20.0)
    width = max(1.0, min(22.0, gap * 0.8))
    most = max(distribution)
    return [
        tag(
            "rect",
            cls="share",
            x=x - width / 2,
            y=floor - _DATA * share / most,
            width=width,
            height=_DATA * share / most,
        )
        for x, share in zip(xs, distribution, strict=True)
        if share > 0
    ]


def _numbers(values: Sequence[float | str], xs: Sequence[float], floor: float) -> list[str]:
    numbers = [float(value) for value in values]
    low, high = min(numbers), max(numbers)
    if high == low:
        return _categories([f"{low:g}"], [xs[0]], floor)
    parts = []
    for mark in ticks(low, high, 4):
        x = min(xs) + (max(xs) - min(xs)) * (mark - low) / (high - low)
        parts.append(tag("path", cls="axis", d=f"M{number(x)} {number(floor)}v4"))
        parts.append(words(short(mark), x=x, y=floor + 17, text_anchor="middle"))
    return parts


def _categories(values: Sequence[float | str], xs: Sequence[float], floor: float) -> list[str]:
    if len(values) > _NAMES:
        text = f"{len(values)} values; they are named in the table"
        middle = (_LEFT + WIDTH - _RIGHT) / 2
        return [words(text, x=middle, y=floor + 17, text_anchor="middle")]
    room = (WIDTH - _LEFT - _RIGHT) / max(len(values), 1)
    return [
        words(
            cut(str(value), room - 6),
            x=x,
            y=floor + 17,
            text_anchor="middle",
        )
        for value, x in zip(values, xs, strict=True)
    ]
