"""What the estimators draw, how near they come, and which one is taken."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clarify_engine.errors import AnalysisError
from clarify_engine.matrix import to_matrix
from clarify_engine.shap import Estimator, KernelShap
from clarify_engine.shap.coalitions import sampled_coalitions
from support_shap import Watched, numbers


def smooth(batch: pa.RecordBatch) -> np.ndarray:
    """A logistic model with interactions."""
    cells = to_matrix(batch)
    weights = np.linspace(-1, 1, cells.shape[1])
    crossed = (cells[:, :-1] * cells[:, 1:]).sum(axis=1)
    return 1 / (1 + np.exp(-(cells @ weights + 0.5 * crossed)))[:, None]


@settings(max_examples=60)
@given(st.integers(2, 12), st.integers(2, 5_000), st.integers(0, 2**32 - 1))
def test_coalitions_come_once_and_with_their_complements(
    size: int, samples: int, seed: int
) -> None:
    members, weights = sampled_coalitions(size, samples, np.random.default_rng(seed))
    sets = {row.tobytes() for row in members}
    assert len(sets) == len(members) <= samples
    assert sets == {row.tobytes() for row in ~members}
    assert members.any(axis=1).all()
    assert not members.all(axis=1).any()
    assert weights.sum() == pytest.approx(1)
    if samples >= 2**size - 2:
        assert len(members) == 2**size - 2


def test_all_coalitions_weigh_as_the_shapley_kernel_has_it() -> None:
    members, weights = sampled_coalitions(7, 10_000, np.random.default_rng(0))
    kernel = np.array([6 / (math.comb(7, k) * k * (7 - k)) for k in members.sum(axis=1)])
    np.testing.assert_allclose(weights, kernel / kernel.sum(), rtol=1e-12)


def test_outer_sizes_are_complete_and_inner_ones_weigh_what_they_should() -> None:
    members, weights = sampled_coalitions(12, 2072, np.random.default_rng(0))
    sizes = members.sum(axis=1)
    for k in (1, 2, 3):
        assert (sizes == k).sum() == (sizes == 12 - k).sum() == math.comb(12, k)
    kernel = {k: 11 / (k * (12 - k)) for k in range(1, 12)}
    for k in range(1, 12):
        share = kernel[k] / sum(kernel.values())
        assert weights[sizes == k].sum() == pytest.approx(share, rel=0.01)


def test_many_features_have_too_many_coalitions_to_number() -> None:
    members, _ = sampled_coalitions(90, 2_228, np.random.default_rng(0))
    assert len({row.tobytes() for row in members}) == 2_228


ERRORS: list[tuple[Estimator, int, float]] = [
    ("least_squares", 1, 3e-3),
    ("least_squares", 30, 1e-3),
    ("interpolation", 1, 2e-3),
    ("interpolation", 30, 1e-3),
    ("permutation", 30, 3e-3),
]


@pytest.mark.parametrize(("estimator", "baseline_rows", "error"), ERRORS)
def test_estimates_come_near_the_exact_values(
    estimator: Estimator, baseline_rows: int, error: float
) -> None:
    rng = np.random.default_rng(5)
    rows, baseline = numbers(rng, 4, 12), numbers(rng, baseline_rows, 12)
    exact = KernelShap(smooth, baseline, seed=1, estimator="exact").explain(rows)
    shap = KernelShap(smooth, baseline, seed=1, estimator=estimator)
    assert np.abs(shap.explain(rows) - exact).mean() < error
    assert shap.estimators == {estimator: 4}


def test_estimates_are_not_biased() -> None:
    """The mean over many seeds comes nearer than one seed, for interactions of all features."""
    rng = np.random.default_rng(5)
    rows, baseline = numbers(rng, 2, 7), numbers(rng, 3, 7)
    settings: dict[str, Any] = {"estimator": "permutation", "num_samples": 24}
    exact = KernelShap(smooth, baseline, seed=1, estimator="exact").explain(rows)
    each = [
        KernelShap(smooth, baseline, seed=seed, **settings).explain(rows) for seed in range(200)
    ]
    apart = np.abs(np.array(each) - exact).mean()
    assert np.abs(np.mean(each, axis=0) - exact).mean() < apart / 8


def explained(**settings: Any) -> KernelShap:
    """Explain three rows of 8 features."""
    rng = np.random.default_rng(2)
    baseline_rows = settings.pop("baseline_rows", 1)
    shap = KernelShap(smooth, numbers(rng, baseline_rows, 8), seed=1, **settings)
    shap.explain(numbers(rng, 3, 8))
    return shap


@pytest.mark.parametrize(
    ("settings", "method"),
    [
        ({}, "exact"),
        ({"num_samples": 254}, "exact"),
        ({"num_samples": 253}, "interpolation"),
        ({"num_samples": 16}, "interpolation"),
        ({"num_samples": 15}, "least_squares"),
        ({"baseline_rows": 20}, "exact"),
        ({"baseline_rows": 20, "num_samples": 100}, "interpolation"),
        ({"baseline_rows": 20, "num_samples": 100, "use_logit": True}, "interpolation"),
        ({"baseline_rows": 20, "num_samples": 15}, "least_squares"),
    ],
)
def test_the_choice_of_the_estimator(settings: dict[str, Any], method: str) -> None:
    assert explained(**settings).estimators == {method: 3}


def test_estimates_take_no_more_than_the_budget() -> None:
    for estimator in ("interpolation", "least_squares"):
        shap = explained(num_samples=100, estimator=estimator)
        assert shap.predictions == 1 + 3 * (1 + 100)
        shap = explained(num_samples=100, estimator=estimator, baseline_rows=4, use_logit=True)
        assert shap.predictions == 4 + 3 * (1 + 4 * 100)


def test_more_coalitions_than_equations_are_solved_for_are_not_tried() -> None:
    rng = np.random.default_rng(2)
    rows, baseline = numbers(rng, 1, 14), numbers(rng, 1, 14)
    shap = KernelShap(smooth, baseline, seed=1, num_samples=9_000)
    shap.explain(rows)
    assert shap.estimators == {"interpolation": 1}
    assert shap.predictions == 1 + 1 + 4096


def test_many_baseline_rows_take_fewer_predictions_each() -> None:
    """5.5 / (20 + 10) of 200 coalitions are 18 pairs."""
    shap = explained(baseline_rows=20, num_samples=200)
    assert shap.predictions == 20 + 3 * (1 + 20 * 36)


def test_the_default_budget_covers_what_the_services_does_and_estimates_with_less() -> None:
    """2F + 2^11 coalitions cover all of 11 features; of 12, half of 2072 are tried."""
    rng = np.random.default_rng(2)
    for features, coalitions in ((5, 2**5 - 2), (11, 2**11 - 2), (12, 1036)):
        shap = KernelShap(smooth, numbers(rng, 1, features), seed=1)
        shap.explain(numbers(rng, 1, features))
        assert shap.predictions == 1 + 1 + coalitions


def test_too_few_coalitions_are_told_and_values_still_add_up() -> None:
    """AWS's own example asks for 15 samples of 14 features."""
    rng = np.random.default_rng(2)
    rows = numbers(rng, 3, 14)
    shap = KernelShap(smooth, numbers(rng, 1, 14), seed=1, num_samples=15)
    values = shap.explain(rows)
    np.testing.assert_allclose(values.sum(axis=1) + shap.expected_value, smooth(rows), atol=1e-12)
    (finding,) = shap.warnings
    assert (finding.id, finding.severity) == ("shap-singular", "warning")
    assert finding.given == "14 coalitions for 14 features that vary"
    assert not explained(num_samples=60, estimator="least_squares").warnings


def test_all_coalitions_of_very_many_features_are_refused_before_the_model_is_asked() -> None:
    rng = np.random.default_rng(2)
    model = Watched(smooth)
    shap = KernelShap(model, numbers(rng, 1, 21), seed=1, estimator="exact")
    with pytest.raises(AnalysisError) as refused:
        shap.explain(numbers(rng, 1, 21))
    assert [finding.id for finding in refused.value.findings] == ["shap-estimator"]
    assert model.rows == [1]
