"""The intervals cover the true value as often as they say; `benchmarks/interval_coverage.py` has
more draws and populations."""

from __future__ import annotations

from collections import Counter
from statistics import NormalDist

import numpy as np
import pytest

from clarify_engine.bias.intervals import resampling
from clarify_engine.bias.intervals.distance import folded
from clarify_engine.bias.intervals.formulas import FORMULAS
from clarify_engine.bias.intervals.group import group_intervals
from clarify_engine.bias.intervals.interval import Interval
from support_bias.populations import POPULATIONS

DRAWS = 120
SOME = (POPULATIONS[0], POPULATIONS[1], POPULATIONS[5])


def test_intervals_of_every_metric_cover_the_true_value_in_93_to_97_of_100_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resampling, "RESAMPLES", 1_000)  # a few seconds in all
    rng = np.random.default_rng(7)
    given: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for population in SOME:
        truth = population.truth()
        for _ in range(DRAWS):
            intervals = group_intervals(population.draw(rng), FORMULAS)
            for code, interval in intervals.items():
                given[code] += 1
                covered[code] += interval.low - 1e-9 <= truth[code] <= interval.high + 1e-9
    assert set(given) == set(FORMULAS)
    assert min(given.values()) >= DRAWS
    for code, n in given.items():
        # Beyond these a share of 93 % or 97 % is seen once in 1,000 times, for each of 20 metrics.
        least = 0.93 * n - 3.1 * (n * 0.93 * 0.07) ** 0.5
        most = 0.97 * n + 3.1 * (n * 0.97 * 0.03) ** 0.5
        assert least <= covered[code] <= most, code
    assert 0.93 <= covered.total() / given.total() <= 0.97


@pytest.mark.parametrize("mean", [0.0, 0.5, 1.0, 1.95, 2.5, 4.0, 8.0])
def test_the_interval_of_a_normal_values_size_covers_in_95_of_100_draws(mean: float) -> None:
    normal, step = NormalDist(mean), 0.01
    covering = 0.0
    for value in np.arange(mean - 6, mean + 6, step):
        interval = folded(Interval(value - 1.959964, value + 1.959964), float(value))
        if interval.low <= mean <= interval.high:
            covering += normal.pdf(float(value)) * step
    assert covering == pytest.approx(0.95, abs=0.002)
