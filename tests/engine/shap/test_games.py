"""Games whose Shapley values can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from clarify_engine.shap import Estimator, KernelShap
from support_shap import Model, scores, table


def explained(model: Model, estimator: Estimator = "auto", **cells: float) -> list[float]:
    """Explain one row against a baseline of noughts."""
    row = table(**{name: [float(cell)] for name, cell in cells.items()})
    zeros = table(**{name: [0.0] for name in cells})
    shap = KernelShap(scores(model), zeros, seed=1, estimator=estimator)
    values: list[float] = shap.explain(row)[0, :, 0].tolist()
    return values


def test_a_linear_model_gives_each_feature_its_own_term() -> None:
    values = explained(lambda x: [3 * x["a"] - 2 * x["b"] + x["c"] + 7], a=2, b=1, c=-4)
    assert values == pytest.approx([6, -2, -4], abs=1e-12)


def test_factors_share_a_product_equally() -> None:
    values = explained(lambda x: [x["a"] * x["b"] * x["c"]], a=2, b=3, c=5)
    assert values == pytest.approx([10, 10, 10], abs=1e-12)


def test_a_maximum_is_shared_step_by_step() -> None:
    """The airport game: 1 is shared by three, the next 2 by two, the last 3 belong to one."""
    values = explained(lambda x: [max(x.values())], a=1, b=3, c=6)
    assert values == pytest.approx([1 / 3, 1 / 3 + 1, 1 / 3 + 1 + 3], abs=1e-12)


def test_a_glove_game_pays_the_rare_hand() -> None:
    """Two left gloves and one right: the right one is in 4 of 6 orders the last of a pair."""
    values = explained(lambda x: [min(x["l1"] + x["l2"], x["r"])], l1=1, l2=1, r=1)
    assert values == pytest.approx([1 / 6, 1 / 6, 4 / 6], abs=1e-12)


@pytest.mark.parametrize("estimator", ["exact", "least_squares", "interpolation", "permutation"])
def test_each_estimator_shares_interactions_of_two_equally(estimator: Estimator) -> None:
    values = explained(
        lambda x: [x["a"] + 4 * x["a"] * x["b"] - 2 * x["c"] * x["d"] + x["e"] * x["f"]],
        estimator,
        a=1,
        b=2,
        c=3,
        d=1,
        e=5,
        f=-1,
    )
    assert values == pytest.approx([1 + 4, 4, -3, -3, -2.5, -2.5], abs=1e-9)


def test_several_baseline_rows_give_the_mean_of_the_values_against_each() -> None:
    baseline = table(x=[0.0, 1.0], y=[0.0, 2.0])
    shap = KernelShap(scores(lambda c: [c["x"] * c["y"]]), baseline, seed=1)
    values = shap.explain(table(x=[2.0], y=[3.0]))[0, :, 0]
    # Against (0, 0): 3 each. Against (1, 2): x adds (2 - 1) * 2 or * 3, y adds (3 - 2) * 1 or * 2.
    assert values.tolist() == pytest.approx([(3 + 2.5) / 2, (3 + 1.5) / 2], abs=1e-12)
    assert shap.expected_value.tolist() == [1.0]


def test_each_class_has_its_own_values() -> None:
    shap = KernelShap(
        scores(lambda c: [c["x"], 2 * c["y"], c["x"] * c["y"]]), table(x=[0], y=[0]), seed=1
    )
    values = shap.explain(table(x=[4], y=[3]))
    assert values.shape == (1, 2, 3)
    np.testing.assert_allclose(values[0], [[4, 0, 6], [0, 6, 6]], atol=1e-12)


def test_one_feature_that_varies_has_all_of_the_difference() -> None:
    shap = KernelShap(scores(lambda c: [c["x"] ** 2 + c["y"]]), table(x=[1], y=[5]), seed=1)
    values = shap.explain(table(x=[3], y=[5]))
    assert values[0, :, 0].tolist() == [8, 0]
    assert shap.predictions == 2


def test_a_row_that_is_the_baseline_costs_nothing() -> None:
    shap = KernelShap(scores(lambda c: [c["x"] + c["y"]]), table(x=[1], y=[5]), seed=1)
    assert not shap.explain(table(x=[1, 1], y=[5, 5])).any()
    assert shap.predictions == 1
    assert shap.estimators == {"exact": 2}
