"""Columns as coordinates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from clarify_engine.baseline.encoding import MAX_CATEGORIES, encoding


@pytest.mark.parametrize("unit", [1.0, 1e-300, 1e300])
def test_numbers_have_mean_0_and_variance_1_in_any_unit(unit: float) -> None:
    cells = pa.array([2 * unit, 4 * unit, None, 6 * unit, float("-inf")])
    (coordinates,) = encoding(cells).coordinates().T
    # Mean 4, variance 8/3 of the three numbers; the others lie at the mean.
    assert coordinates == pytest.approx(np.array([-2, 0, 0, 2, 0]) / np.sqrt(8 / 3))


def test_a_constant_column_is_zero() -> None:
    assert not encoding(pa.array([7, 7])).coordinates().any()
    assert not encoding(pa.array([None, None], pa.float64())).coordinates().any()


def test_each_category_has_a_coordinate_and_missing_cells_have_the_most_frequent_one() -> None:
    found = encoding(pa.array(["b", "a", "b", None])).coordinates()
    assert found.tolist() == [[1, 0], [0, 1], [1, 0], [1, 0]]


def test_rare_categories_share_a_coordinate() -> None:
    names = [f"{place:03}" for place in range(200)]
    found = encoding(pa.array([*names, *names[100:105]])).coordinates()
    assert found.shape == (205, MAX_CATEGORIES + 1)
    assert found.sum(axis=1).tolist() == [1] * 205
    # The five that come twice and the first fifteen of the others have their own.
    assert found[:, MAX_CATEGORIES].sum() == 200 - MAX_CATEGORIES
    assert not found[100:105, MAX_CATEGORIES].any()
