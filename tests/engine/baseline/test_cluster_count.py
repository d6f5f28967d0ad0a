"""How many clusters fit rows best."""

from __future__ import annotations

import pytest

from clarify_engine.baseline.cluster_count import best_count


@pytest.mark.parametrize(
    ("distortions", "dimensions", "count"),
    [
        # f(2) = 10 / (5/8 * 100) = 0.16, f(3) = 9 / (11/16 * 10) = 1.31
        ([100, 10, 9], 2, 2),
        # f(2) = 80 / (5/8 * 100) = 1.28, f(3) = 10 / (11/16 * 80) = 0.18
        ([100, 80, 10], 2, 3),
        # What uniform rows on a line have: f(2) = 1, f(3) = (1/9) / (3/8 * 1/4) = 1.19
        ([1, 1 / 4, 1 / 9], 1, 1),
        # f(2) = 55 / (5/8 * 100) = 0.88: a smaller distortion, and not small enough
        ([100, 55], 2, 1),
        ([100, 53], 2, 2),  # 0.848
        ([0.0], 3, 1),
        ([10.0, 0.0, 0.0], 3, 2),
    ],
)
def test_the_number_of_clusters_worked_by_hand(
    distortions: list[float], dimensions: int, count: int
) -> None:
    assert best_count(distortions, dimensions) == count
