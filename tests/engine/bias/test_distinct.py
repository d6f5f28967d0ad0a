"""Counting distinct integers: exact where promised, close where not, the same in any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_engine.bias.distinct import DENSE_RANGE, DistinctInts

INT64 = st.integers(-(2**63), 2**63 - 1)


def of(*parts: list[int], sample_size: int = 1 << 20) -> DistinctInts:
    result = DistinctInts(sample_size)
    for part in parts:
        result.add(np.array(part, dtype=np.int64))
    return result


@given(st.lists(st.lists(INT64 | st.integers(-5, 5))))
def test_few_values_of_any_range_are_counted_exactly(parts: list[list[int]]) -> None:
    assert len(of(*parts)) == len({value for part in parts for value in part})


@given(st.lists(st.lists(st.integers(-50, 50)), max_size=6), st.integers(0, 6))
def test_merged_sets_are_the_set_of_all(parts: list[list[int]], cut: int) -> None:
    left, right = of(*parts[:cut]), of(*parts[cut:])
    left.merge(right)
    assert len(left) == len({value for part in parts for value in part})


def test_a_dense_range_is_counted_exactly_beyond_the_sample_size() -> None:
    values = np.arange(100_000)
    result = DistinctInts(sample_size=1000)
    result.add(values)
    result.add(values - 50_000)
    assert len(result) == 150_000


def test_a_range_that_grows_too_wide_goes_on_as_a_sample() -> None:
    result = of([0, 1, 2], [2, 3, DENSE_RANGE * 4], [0, -DENSE_RANGE])
    assert len(result) == 6


@pytest.mark.parametrize("distinct", [50_000, 400_000])
def test_many_values_are_estimated_within_a_few_percent(distinct: int) -> None:
    values = np.random.default_rng(5).integers(-(2**62), 2**62, distinct)
    result = DistinctInts(sample_size=1 << 13)
    for part in np.array_split(np.concatenate([values, values]), 7):
        result.add(part)
    # standard error of 2**13 samples at worst: 1.2 / sqrt(2**12) = 1.9 %
    assert len(result) == pytest.approx(distinct, rel=0.06)


def test_an_estimate_does_not_depend_on_order_or_merging() -> None:
    values = np.random.default_rng(6).integers(-(2**62), 2**62, 60_000)
    whole = DistinctInts(sample_size=1 << 10)
    whole.add(values)
    first, second = DistinctInts(sample_size=1 << 10), DistinctInts(sample_size=1 << 10)
    for part in np.array_split(values[::-1], 5):
        first.add(part[:3000])
        second.add(part[3000:])
    second.merge(first)
    assert len(second) == len(whole)


def test_an_estimate_of_many_merged_into_few_is_the_estimate_of_all() -> None:
    many = np.random.default_rng(7).integers(-(2**62), 2**62, 200_000)
    few = np.array([1, 2, 3])
    large, small, whole = (DistinctInts(sample_size=1 << 10) for _ in range(3))
    large.add(many)
    small.add(few)
    small.merge(large)
    whole.add(np.concatenate([many, few]))
    assert len(small) == len(whole) == pytest.approx(200_000, rel=0.15)
