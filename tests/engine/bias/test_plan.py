"""From a config and the data's columns to a plan."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_contract import POST_TRAINING, PRE_TRAINING, AnalysisConfig
from clarify_engine.bias import PREDICTED, BiasPlan, FacetPlan
from clarify_engine.data.roles import Roles
from clarify_engine.errors import AnalysisError

ROLES = Roles("y", None, ("sex", "age"), "town", ("sex", "age", "town", "income"))


def config(**changed: Any) -> AnalysisConfig:
    given: dict[str, Any] = {
        "dataset_type": "text/csv",
        "label": "y",
        "label_values_or_threshold": [1, "yes"],
        "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}, {"name_or_index": "age"}],
        "group_variable": "town",
        "predicted_label": "guess",
        "methods": {"pre_training_bias": {"methods": "all"}},
    }
    return AnalysisConfig.load({**given, **changed})


def test_pre_training_needs_no_predictions_and_no_features() -> None:
    plan = BiasPlan.from_config(config(), ROLES)
    assert plan.columns == ("y", "sex", "age", "town")
    assert plan.facets == (FacetPlan("sex", ("f",)), FacetPlan("age", ()))
    assert plan.positive == (1, "yes")
    assert plan.pre_training == tuple(sorted(PRE_TRAINING))
    assert plan.post_training == ()
    assert not plan.wants_flip_test


def test_all_metrics_are_all_even_without_a_group_variable() -> None:
    roles = Roles("y", "guess", ("sex", "age"), None, ("sex", "age"))
    both = {"pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": "all"}}
    plan = BiasPlan.from_config(config(methods=both), roles)
    assert plan.pre_training == tuple(sorted(PRE_TRAINING))
    assert plan.post_training == tuple(sorted(POST_TRAINING))


def test_the_flip_test_needs_the_features_too() -> None:
    methods = {"post_training_bias": {"methods": ["FT", "AD"]}}
    plan = BiasPlan.from_config(config(methods=methods), ROLES)
    assert plan.wants_flip_test
    assert plan.post_training == ("AD", "FT")
    assert plan.columns == ("y", "sex", "age", PREDICTED, "town", "income")


def test_predicted_labels_of_the_data_keep_their_column() -> None:
    roles = Roles("y", "guess", ("sex", "age"), "town", ("sex", "age", "town"))
    methods = {"post_training_bias": {"methods": ["AD"]}}
    assert BiasPlan.from_config(config(methods=methods), roles).predicted == "guess"


def test_without_a_label_column_there_is_no_plan() -> None:
    with pytest.raises(AnalysisError, match=r"Headers must contain label\."):
        BiasPlan.from_config(config(), Roles(None, None, ("sex", "age"), "town", ("sex",)))


def test_without_positive_values_the_service_says_so() -> None:
    empty = config().model_copy(update={"label_values_or_threshold": ()})
    with pytest.raises(AnalysisError) as error:
        BiasPlan.from_config(empty, ROLES)
    assert str(error.value) == "Positive label values or thresholds are empty for Label column"
