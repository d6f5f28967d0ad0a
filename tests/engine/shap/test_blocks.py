"""However the work is cut, the values are the same and the memory is small."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from clarify_engine.matrix import to_matrix
from clarify_engine.shap import Estimator, KernelShap
from support_shap import Watched, numbers, table

ESTIMATORS: tuple[Estimator, ...] = ("exact", "least_squares", "interpolation", "permutation")


def bent(batch: pa.RecordBatch) -> np.ndarray:
    """A model of two classes with interactions of all features, fast and the same for each row."""
    cells = to_matrix(batch)
    return np.stack([np.sin(cells.sum(axis=1)), np.abs(cells).max(axis=1)], axis=1)


def rows_of_many_sizes(rows: int, features: int = 7) -> pa.RecordBatch:
    """Make rows in which 0 to all features differ from a baseline of noughts."""
    rng = np.random.default_rng(11)
    cells = rng.normal(size=(features, rows)) * (rng.random((features, rows)) < rng.random(rows))
    return table(**{f"x{place}": column for place, column in enumerate(cells)})


def zeros(rows: int = 1, features: int = 7) -> pa.RecordBatch:
    return table(**{f"x{place}": np.zeros(rows) for place in range(features)})


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("batch", [1, 7, 100])
def test_batches_do_not_change_a_digit(estimator: Estimator, batch: int) -> None:
    rows = rows_of_many_sizes(150)
    settings: dict[str, Any] = {"seed": 3, "estimator": estimator, "num_samples": 30}
    whole = KernelShap(bent, zeros(), **settings).explain(rows)
    cut = KernelShap(bent, zeros(), **settings)
    values = [cut.explain(rows.slice(at, batch)) for at in range(0, 150, batch)]
    assert np.array_equal(np.concatenate(values), whole)


def test_the_order_of_rows_does_not_change_a_digit() -> None:
    rows = rows_of_many_sizes(60)
    backwards = rows.take(pa.array(range(59, -1, -1)))
    shap = KernelShap(bent, zeros(), seed=3, num_samples=30)
    other = KernelShap(bent, zeros(), seed=3, num_samples=30)
    assert np.array_equal(shap.explain(rows), other.explain(backwards)[::-1])


@pytest.mark.parametrize("estimator", ["least_squares", "interpolation", "permutation"])
def test_the_seed_decides_what_is_drawn(estimator: Estimator) -> None:
    rng = np.random.default_rng(1)
    rows, baseline = numbers(rng, 5, 8), numbers(rng, 3, 8)
    values = [
        KernelShap(bent, baseline, seed=seed, estimator=estimator, num_samples=30).explain(rows)
        for seed in (1, 1, 2, -1)
    ]
    assert np.array_equal(values[0], values[1])
    assert not np.allclose(values[0], values[2])
    assert not np.allclose(values[0], values[3])


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("block_rows", [1, 3, 50, 300])
def test_the_model_is_never_asked_about_more_than_a_block(
    estimator: Estimator, block_rows: int
) -> None:
    rng = np.random.default_rng(1)
    rows, baseline = numbers(rng, 3, 5), numbers(rng, 4, 5)
    whole = KernelShap(bent, baseline, seed=1, estimator=estimator, num_samples=20)
    model = Watched(bent)
    cut = KernelShap(
        model, baseline, seed=1, estimator=estimator, num_samples=20, block_rows=block_rows
    )
    np.testing.assert_allclose(cut.explain(rows), whole.explain(rows), atol=1e-12)
    assert max(model.rows) <= block_rows
    assert sum(model.rows) == cut.predictions == whole.predictions


def test_small_groups_share_a_call() -> None:
    model = Watched(bent)
    shap = KernelShap(model, zeros(), seed=1)
    shap.explain(rows_of_many_sizes(60))
    assert len(model.rows) == 3  # the baseline, the rows themselves, and their coalitions
    assert shap.estimators == {"exact": 60}


def test_memory_does_not_grow_with_the_rows() -> None:
    """But for the values themselves; a batch ten times as long takes no more beside them."""

    def peak(rows: int) -> int:
        batch = numbers(np.random.default_rng(1), rows, 6)
        shap = KernelShap(bent, zeros(features=6), seed=1, block_rows=20_000)
        tracemalloc.start()
        try:
            values = shap.explain(batch)
            return tracemalloc.get_traced_memory()[1] - values.nbytes
        finally:
            tracemalloc.stop()

    assert peak(20_000) < 1.2 * peak(2_000) + 3_000_000


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_memory_does_not_grow_with_predictions(estimator: Estimator) -> None:
    """Four times the baseline rows, four times the predictions: 100 bytes for each new cell."""

    def peak(baseline_rows: int) -> int:
        rng = np.random.default_rng(1)
        baseline, rows = numbers(rng, baseline_rows, 8), numbers(rng, 2, 8)
        shap = KernelShap(bent, baseline, seed=1, estimator=estimator, block_rows=1_000)
        tracemalloc.start()
        try:
            shap.explain(rows)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(200) < peak(50) + 150 * 8 * 100
