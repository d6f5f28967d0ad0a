"""The random sample of a dataset's rows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from clarify_engine.baseline.sampling import RowSample


def sample(rows: int, cuts: list[int], size: int, seed: int = 0) -> list[int]:
    """Sample the numbers below `rows`, given in batches that end at the cuts."""
    found = RowSample(size, seed, lambda done: None)
    ends = sorted({cut for cut in cuts if cut < rows} | {0, rows})
    for start, end in pairwise(ends):
        found.update(pa.record_batch({"row": np.arange(start, end)}))
    assert found.rows == rows
    return list(found.table()["row"].to_pylist())


@given(st.integers(1, 300), st.lists(st.integers(0, 300)), st.integers(1, 40))
def test_a_sample_does_not_depend_on_the_batches(rows: int, cuts: list[int], size: int) -> None:
    whole = sample(rows, [], size)
    assert whole == sample(rows, cuts, size)
    assert len(whole) == min(rows, size)
    assert whole == sorted(set(whole))
    assert set(whole) <= set(range(rows))


def test_every_row_is_as_likely() -> None:
    counts = np.bincount(
        np.concatenate([sample(40, [7, 23], 10, seed) for seed in range(2000)]), minlength=40
    )
    # Each count is binomial with mean 500 and deviation 19.4: six of them for any of 40.
    assert np.abs(counts - 500).max() < 6 * 19.4


def test_what_is_kept_does_not_grow_with_the_rows() -> None:
    found = RowSample(100, 0, lambda done: None)
    batch = pa.record_batch({"row": np.arange(10)})
    for _ in range(5000):
        found.update(batch)
        assert sum(held.num_rows for held in found._batches) <= 2 * 100
        assert all(held.num_rows for held in found._batches)
