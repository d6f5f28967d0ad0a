from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy

from clarify_engine.shap import Aggregate, Aggregation

FINITE = st.floats(
    allow_nan=False, allow_infinity=False, width=64, min_value=-1e300, max_value=1e300
)
VALUES = of_numpy.arrays(
    np.float64,
    st.tuples(st.integers(1, 40), st.integers(1, 3), st.integers(1, 2)),
    elements=st.one_of(FINITE, st.sampled_from([0.0, -0.0, 1.0, 5e-324])),
)


def aggregated(method: Aggregation, values: np.ndarray, cuts: int = 1) -> np.ndarray:
    aggregate = Aggregate(method)
    for rows in np.array_split(values, cuts):
        aggregate.update(rows)
    return aggregate.result()


@settings(max_examples=40)
@given(VALUES, st.integers(1, 5))
def test_the_median_is_that_of_numpy(values: np.ndarray, cuts: int) -> None:
    assert np.array_equal(aggregated("median", values, cuts), np.median(values, axis=0))


def test_the_median_keeps_signs_and_takes_the_mean_of_the_middle_two() -> None:
    values = np.array([-3.0, 1.0, -2.0, 10.0]).reshape(4, 1, 1)
    assert aggregated("median", values).tolist() == [[-0.5]]


def test_means_of_absolute_values_and_of_squares() -> None:
    values = np.array([[[1.0, -2.0]], [[-3.0, 4.0]]])
    assert aggregated("mean_abs", values).tolist() == [[2.0, 3.0]]
    assert aggregated("mean_sq", values).tolist() == [[5.0, 10.0]]


@pytest.mark.parametrize("method", ["mean_abs", "mean_sq", "median"])
def test_batches_do_not_change_a_digit(method: Aggregation) -> None:
    values = np.random.default_rng(1).normal(size=(9_000, 2, 1))
    assert np.array_equal(aggregated(method, values), aggregated(method, values, cuts=77))


def test_more_columns_than_are_counted_at_once() -> None:
    values = np.random.default_rng(1).normal(size=(11, 35, 2))
    assert np.array_equal(aggregated("median", values), np.median(values, axis=0))


def test_no_rows_have_no_aggregate() -> None:
    aggregate = Aggregate("median")
    aggregate.update(np.empty((0, 2, 1)))
    with pytest.raises(ValueError, match="no values"):
        aggregate.result()


def test_the_memory_of_a_median_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        values = np.random.default_rng(1).normal(size=(10_000, 4, 1))
        aggregate = Aggregate("median")
        tracemalloc.start()
        try:
            for _ in range(rows // 10_000):
                aggregate.update(values)
            aggregate.result()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10_000)
    assert peak(600_000) < 1.2 * peak(200_000)
