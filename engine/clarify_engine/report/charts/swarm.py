"""A beeswarm's row: the SHAP values of one feature, a point for each row of the data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from clarify_engine.report.charts.axis import ticks
from clarify_engine.report.charts.svg import number, picture, short, tag, words

WIDTH: Final = 360.0
HEIGHT: Final = 34.0
AXIS_HEIGHT: Final = 20.0

#: Steps of colour from low to high values of the feature.
STEPS: Final = 7

_MARGIN: Final = 10.0
_POINT: Final = 3.0


def swarm(
    values: Sequence[float],
    levels: Sequence[float | None],
    span: tuple[float, float],
    *,
    title: str,
    description: str,
    name: str,
) -> str:
    """Return the points of one feature.

    Parameters
    ----------
    values
        A SHAP value for each row.
    levels
        How high the row's value of the feature stands, from 0 to 1; None where it is no number.
    span
        The least and the greatest value of the axis, the same for all features.
    title, description, name
        See `picture`.
    """
    points: dict[str, list[str]] = defaultdict(list)
    places = [_place(value, span) for value in values]
    crowd = Counter(round(x / _POINT) for x in places)
    used: Counter[int] = Counter()
    reach = (HEIGHT - _POINT) / 2
    for x, level in sorted(zip(places, levels, strict=True), key=lambda pair: pair[0]):
        column = round(x / _POINT)
        rank = used[column]
        used[column] += 1
        # Points at one place go up and down in turn, the closer the more of them there are.
        step = min(_POINT * 0.8, 2 * reach / crowd[column])
        y = HEIGHT / 2 + (rank + 1) // 2 * (step if rank % 2 else -step)
        kind = "lx" if level is None else f"l{min(STEPS - 1, int(level * STEPS))}"
        points[kind].append(f"M{number(x)} {number(y)}h0")
    zero = _place(0.0, span)
    parts = [tag("path", cls="axis", d=f"M{number(zero)} 0V{number(HEIGHT)}")]
    parts += [tag("path", cls=f"points {kind}", d="".join(points[kind])) for kind in sorted(points)]
    return picture(
        parts, width=WIDTH, height=HEIGHT, title=title, description=description, name=name
    )


def swarm_axis(span: tuple[float, float], *, name: str) -> str:
    """Return the axis below all rows."""
    parts = [tag("path", cls="axis", d=f"M{number(_MARGIN)} .5H{number(WIDTH - _MARGIN)}")]
    marks = ticks(*span, 4)
    for mark in marks:
        x = _place(mark, span)
        parts.append(tag("path", cls="axis", d=f"M{number(x)} .5v4"))
        parts.append(words(short(mark), x=x, y=16.0, text_anchor="middle"))
    return picture(
        parts,
        width=WIDTH,
        height=AXIS_HEIGHT,
        title="Axis of SHAP values",
        description=f"From {span[0]:.3g} to {span[1]:.3g}.",
        name=name,
    )


def _place(value: float, span: tuple[float, float]) -> float:
    low, high = span
    return _MARGIN + (WIDTH - 2 * _MARGIN) * (value - low) / (high - low)
