"""Which features are plotted: named ones, or the most important ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from clarify_contract.config.pdp import Pdp
from clarify_engine.errors import AnalysisError
from clarify_engine.pdp import chosen_features, shap_ranking

COLUMNS = ("label", "age", "income", "sex")
FEATURES = ("age", "income", "sex")


def chosen(ranking: Any = None, **keys: Any) -> tuple[str, ...]:
    return chosen_features(Pdp(grid_resolution=15, **keys), COLUMNS, FEATURES, ranking)


def refusal(*features: str | int) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        chosen(features=list(features))
    return caught.value


def test_features_are_names_or_indices_of_all_columns_and_come_once() -> None:
    assert chosen(features=["sex", 1, "sex", 3]) == ("sex", "age")


@pytest.mark.parametrize("feature", ["nope", 4, "label", 0])
def test_other_columns_are_not_found(feature: str | int) -> None:
    error = refusal("age", feature)
    assert error.message == "Feature names not found."
    assert error.findings[0].path == "$.methods.pdp.features[1]"


def test_without_features_the_ranking_decides() -> None:
    assert chosen(("sex", "age", "income"), top_k_features=2) == ("sex", "age")
    many = tuple(f"f{index}" for index in range(12))
    assert chosen_features(Pdp(grid_resolution=15), many, many, many) == many[:10]


def test_without_features_and_ranking_there_is_nothing_to_plot() -> None:
    with pytest.raises(AnalysisError, match="pdp-features-missing"):
        chosen()


def test_the_ranking_adds_up_absolute_values_over_classes() -> None:
    values = np.array([[0.1, -0.1], [-0.5, 0.2], [0.1, 0.1]])
    assert shap_ranking(FEATURES, values) == ("income", "age", "sex")
