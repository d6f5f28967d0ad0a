"""Values in log-odds of the mean probability."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from clarify_engine.errors import AnalysisError
from clarify_engine.shap import Estimator, KernelShap
from support_shap import Row, by_definition, numbers, scores, table


def log_odds(p: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(p / (1 - p)))


def logistic(row: Row, constant: float = 0.5) -> list[float]:
    of_one = 1 / (1 + np.exp(-(2 * row["x0"] - row["x1"] + row["x2"] * row["x3"] + constant)))
    return [of_one, 1 - of_one]


def test_a_logistic_model_is_linear_in_log_odds() -> None:
    rows, baseline = table(x0=[1.0], x1=[2.0]), table(x0=[0.0], x1=[0.0])
    shap = KernelShap(
        scores(lambda row: [1 / (1 + np.exp(-(2 * row["x0"] - row["x1"] + 0.5)))]),
        baseline,
        seed=1,
        use_logit=True,
    )
    np.testing.assert_allclose(shap.explain(rows)[0, :, 0], [2, -2], atol=1e-12)
    np.testing.assert_allclose(shap.expected_value, [0.5], atol=1e-12)


@pytest.mark.parametrize("baseline_rows", [1, 3])
def test_the_link_is_of_the_mean_over_the_baseline(baseline_rows: int) -> None:
    rng = np.random.default_rng(4)
    rows, baseline = numbers(rng, 3, 4), numbers(rng, baseline_rows, 4)
    shap = KernelShap(scores(logistic), baseline, seed=1, use_logit=True)
    values = shap.explain(rows)
    expected = [
        by_definition(logistic, row, baseline.to_pylist(), link=log_odds)
        for row in rows.to_pylist()
    ]
    np.testing.assert_allclose(values, expected, atol=1e-9)
    np.testing.assert_allclose(
        shap.expected_value, log_odds(scores(logistic)(baseline).mean(axis=0)), atol=1e-12
    )
    assert not shap.warnings


def test_chains_explain_log_odds_against_one_baseline_row() -> None:
    rng = np.random.default_rng(4)
    rows, baseline = numbers(rng, 3, 4), numbers(rng, 1, 4)
    explained = [
        KernelShap(scores(logistic), baseline, seed=1, use_logit=True, estimator=estimator).explain(
            rows
        )
        for estimator in ("permutation", "exact")
    ]
    np.testing.assert_allclose(*explained, atol=1e-9)  # the log-odds have interactions of two


@pytest.mark.parametrize("estimator", ["interpolation", "least_squares"])
def test_estimates_from_all_coalitions_explain_log_odds_of_a_mean(estimator: Estimator) -> None:
    rng = np.random.default_rng(4)
    rows, baseline = numbers(rng, 3, 4), numbers(rng, 3, 4)
    exact = KernelShap(scores(logistic), baseline, seed=1, use_logit=True).explain(rows)
    shap = KernelShap(scores(logistic), baseline, seed=1, use_logit=True, estimator=estimator)
    np.testing.assert_allclose(shap.explain(rows), exact, atol=1e-7)


def test_a_certain_prediction_is_cut_off_and_told() -> None:
    shap = KernelShap(
        scores(lambda row: [float(row["x"] > 1)]), table(x=[0], y=[0]), seed=1, use_logit=True
    )
    values = shap.explain(table(x=[5], y=[5]))
    assert np.isfinite(values).all()
    assert values[0, 1, 0] == pytest.approx(0, abs=1e-12)
    (finding,) = shap.warnings
    assert (finding.id, finding.severity) == ("shap-logit-clipped", "warning")


@pytest.mark.parametrize("outside", [-0.01, 1.01])
def test_predictions_that_are_no_probabilities_are_refused(outside: float) -> None:
    shap = partial(KernelShap, scores(lambda row: [row["x"]]), table(x=[0.5]), seed=1)
    with pytest.raises(AnalysisError) as refused:
        shap(use_logit=True).explain(table(x=[outside]))
    assert [finding.id for finding in refused.value.findings] == ["shap-logit-range"]
    assert shap().explain(table(x=[outside]))[0, 0, 0] == pytest.approx(outside - 0.5)
