"""What makes values Shapley values, for any model, rows and baseline."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clarify_engine.shap import Estimator, KernelShap
from support_shap import Row, all_by_definition, numbers, scores, table

ESTIMATORS: tuple[Estimator, ...] = (
    "auto",
    "exact",
    "least_squares",
    "interpolation",
    "permutation",
)
SEEDS = st.integers(0, 2**32 - 1)


class Game:
    """A model of random effects and interactions of up to all features, with two classes."""

    def __init__(self, seed: int, features: int) -> None:
        names = [f"x{place}" for place in range(features)]
        rng = np.random.default_rng(seed)
        self._terms = [
            (group, rng.normal(size=2))
            for many in range(1, features + 1)
            for group in combinations(names, many)
        ]

    def __call__(self, row: Row) -> Any:
        return sum(
            weight * np.sin(sum(row[name] for name in group)) for group, weight in self._terms
        )


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 5), st.integers(1, 3), st.sampled_from(["auto", "exact"]))
def test_all_coalitions_give_the_values_of_the_definition(
    seed: int, features: int, baseline_rows: int, estimator: Estimator
) -> None:
    rng = np.random.default_rng(seed)
    rows, baseline = numbers(rng, 2, features), numbers(rng, baseline_rows, features)
    game = Game(seed, features)
    values = KernelShap(scores(game), baseline, seed=seed, estimator=estimator).explain(rows)
    np.testing.assert_allclose(values, all_by_definition(game, rows, baseline), atol=1e-9)


@settings(max_examples=25)
@given(SEEDS, st.integers(2, 5))
def test_least_squares_on_all_coalitions_gives_the_values_of_the_definition(
    seed: int, features: int
) -> None:
    rng = np.random.default_rng(seed)
    rows, baseline = numbers(rng, 2, features), numbers(rng, 2, features)
    game = Game(seed, features)
    shap = KernelShap(scores(game), baseline, seed=seed, estimator="least_squares")
    np.testing.assert_allclose(
        shap.explain(rows), all_by_definition(game, rows, baseline), atol=1e-9
    )


@settings(max_examples=30)
@given(SEEDS, st.integers(2, 6), st.integers(1, 3), st.integers(1, 40), st.sampled_from(ESTIMATORS))
def test_values_sum_to_prediction_less_expected_value(
    seed: int, features: int, baseline_rows: int, samples: int, estimator: Estimator
) -> None:
    rng = np.random.default_rng(seed)
    rows, baseline = numbers(rng, 3, features), numbers(rng, baseline_rows, features)
    said = scores(Game(seed, features))
    shap = KernelShap(said, baseline, seed=seed, estimator=estimator, num_samples=samples)
    values = shap.explain(rows)
    np.testing.assert_allclose(values.sum(axis=1) + shap.expected_value, said(rows), atol=1e-9)
    np.testing.assert_allclose(shap.expected_value, said(baseline).mean(axis=0), atol=1e-12)


@settings(max_examples=20)
@given(SEEDS, st.sampled_from(["exact", "permutation"]))
def test_a_feature_that_the_model_ignores_has_no_value(seed: int, estimator: Estimator) -> None:
    rng = np.random.default_rng(seed)
    rows, baseline = numbers(rng, 2, 5), numbers(rng, 2, 5)
    game = Game(seed, 4)  # of x0 to x3
    values = KernelShap(scores(game), baseline, seed=seed, estimator=estimator).explain(rows)
    np.testing.assert_allclose(values[:, 4], 0, atol=1e-12)


@settings(max_examples=20)
@given(SEEDS)
def test_features_that_do_the_same_have_the_same_value(seed: int) -> None:
    cells = np.random.default_rng(seed).normal(size=3)
    rows = table(a=[cells[0]], b=[cells[0]], c=[cells[1]], d=[cells[2]])
    baseline = table(a=[0.0], b=[0.0], c=[1.0], d=[-1.0])

    def model(row: Row) -> list[float]:
        return [np.sin(row["a"] + row["b"] + row["c"] * row["d"]) * (row["a"] * row["b"] + 2)]

    values = KernelShap(scores(model), baseline, seed=seed).explain(rows)[0, :, 0]
    assert values[0] == pytest.approx(values[1], abs=1e-12)


def test_values_of_a_sum_of_models_are_sums_of_values() -> None:
    rng = np.random.default_rng(3)
    rows, baseline = numbers(rng, 4, 6), numbers(rng, 2, 6)
    one, other = scores(Game(1, 6)), scores(Game(2, 6))
    values = [
        KernelShap(model, baseline, seed=5, num_samples=20).explain(rows)
        for model in (one, other, lambda batch: one(batch) + other(batch))
    ]
    np.testing.assert_allclose(values[0] + values[1], values[2], atol=1e-12)
