"""The numbers of pictures: what is far apart in the data is far apart in the picture."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_engine.report.blocks import Bar, Stretch
from clarify_engine.report.charts.axis import padded, ticks
from clarify_engine.report.charts.bars import bar_svg
from clarify_engine.report.charts.dependence import HEIGHT, WIDTH, dependence
from clarify_engine.report.charts.palette import COLOURS
from clarify_engine.report.charts.swarm import swarm
from clarify_engine.report.wording import count, listed, percent, value

FINITE = st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-9)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-0.12, 0.31, [-0.1, 0.0, 0.1, 0.2, 0.3]),
        (12_000, 98_000, [20_000, 40_000, 60_000, 80_000]),
        (3.0, 3.0, [3.0]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


@given(FINITE, FINITE)
def test_ticks_are_few_and_within(a: float, b: float) -> None:
    low, high = padded([a, b])
    assert low < min(a, b) <= max(a, b) < high
    marks = ticks(low, high)
    room = (high - low) * 1e-6
    assert 1 <= len(marks) <= 9
    assert all(low - room <= mark <= high + room for mark in marks)


def points(svg: str, kind: str) -> list[tuple[float, float]]:
    (path,) = re.findall(rf'class="[^"]*\b{kind}\b[^"]*" d="([^"]*)"', svg)
    return [(float(x), float(y)) for x, y in re.findall(r"M([-\d.]+) ([-\d.]+)h0", path)]


def test_a_line_stands_higher_where_predictions_are_higher() -> None:
    svg = dependence(
        [1.0, 2.0, 4.0], [[0.1, 0.5, 0.3]], [0.2, 0.5, 0.3], title="t", description="d", name="n"
    )
    (x1, y1), (x2, y2), (x3, y3) = points(svg, "dots")
    assert (x3 - x1) == pytest.approx(3 * (x2 - x1), abs=0.2)
    assert y1 > y3 > y2
    assert (y1 - y3) == pytest.approx((y1 - y2) / 2, abs=0.2)


@given(
    st.lists(FINITE, min_size=1, max_size=20, unique=True),
    st.data(),
)
def test_everything_is_drawn_within_the_picture(values: list[float], data: st.DataObject) -> None:
    line = data.draw(st.lists(FINITE, min_size=len(values), max_size=len(values)))
    svg = dependence(sorted(values), [line], None, title="t", description="d", name="n")
    for x, y in points(svg, "dots"):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_points_of_a_swarm_stand_at_their_values_and_wear_their_levels() -> None:
    svg = swarm(
        [-1.0, 0.0, 1.0], [0.0, None, 1.0], (-1.0, 1.0), title="t", description="d", name="n"
    )
    ((low, _),) = points(svg, "l0")
    ((middle, _),) = points(svg, "lx")
    ((high, _),) = points(svg, "l6")
    assert (low + high) / 2 == pytest.approx(middle, abs=0.1)
    assert low < high


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=500))
def test_a_crowd_of_points_stays_in_its_row(values: list[float]) -> None:
    svg = swarm(values, [0.5] * len(values), (-1.1, 1.1), title="t", description="d", name="n")
    drawn = points(svg, "l3")
    assert len(drawn) == len(values)
    assert all(0 <= x <= 360 and 0 <= y <= 34 for x, y in drawn)


def test_a_bar_is_as_long_as_its_share() -> None:
    svg = bar_svg(Bar((Stretch(0.25, 0.75, "group"),), zero=0.5))
    assert 'x="50" y="0" width="100"' in svg
    assert bar_svg(Bar(())) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "–"),  # noqa: RUF001
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),  # noqa: RUF001
        (0.0, "0"),
        (-0.0085391, "−0.008539"),  # noqa: RUF001
        (0.00001032, "0.0000103"),
        (1234.5678, "1235"),
        (1234567.8, "1,234,568"),
    ],
)
def test_numbers_are_short(number: float | None, text: str) -> None:
    assert value(number) == text


def test_counts_and_lists_read_well() -> None:
    assert (count(1, "row"), count(1200, "row")) == ("1 row", "1,200 rows")
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
    assert (percent(1, 3), percent(1, 0)) == ("33.3 %", "–")  # noqa: RUF001


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("name", "least"),
    [("ink", 4.5), ("quiet", 4.5), ("link", 4.5)]
    + [(name, 3.0) for name in ("plain", "positive", "group", "rest", "c3", "c4", "axis")]
    + [(f"l{step}", 3.0) for step in range(7)],
)
def test_colours_have_the_contrast_of_wcag_aa(name: str, least: float, scheme: int) -> None:
    for ground in ("back", "panel") if least > 3 else ("back",):
        pair = sorted(luminance(COLOURS[n][scheme]) for n in (name, ground))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= least
