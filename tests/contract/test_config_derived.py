"""What follows from a config: predictions, S3 URIs, metrics."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from clarify_contract import POST_TRAINING, PRE_TRAINING, AnalysisConfig, s3, tokens
from clarify_contract.config import analysis
from support_config.valid import (
    GONE,
    Config,
    bias,
    changed,
    images,
    parquet,
    series,
    shap,
)


def loaded(config: Config, changes: dict[str, Any] | None = None) -> AnalysisConfig:
    return AnalysisConfig.load(changed(config, changes or {}))


@pytest.mark.parametrize("valid", [bias, shap, images, series], ids=lambda made: made.__name__)
def test_an_analysis_with_a_predictor_needs_predictions(valid: Callable[[], Config]) -> None:
    assert loaded(valid()).needs_predictions


def test_data_bias_and_given_predictions_need_no_model() -> None:
    assert not loaded(parquet()).needs_predictions
    assert not loaded(bias(), {"methods.post_training_bias": GONE}).needs_predictions


def test_the_container_reads_datasets_and_baselines_itself() -> None:
    # Spec 1.2.
    uris = {
        "dataset_uri": "s3://b/data",
        "facet_dataset_uri": "s3://b/facets.csv",
        "predicted_label_dataset_uri": "s3://${Token[TOKEN.4]}/predictions.csv",
        "methods.shap": {"baseline": "s3://b/baseline.csv"},
    }
    assert loaded(bias(), uris).s3_uris() == (
        "s3://b/data",
        "s3://b/facets.csv",
        "s3://${Token[TOKEN.4]}/predictions.csv",
        "s3://b/baseline.csv",
    )
    forecast = {"methods.asymmetric_shapley_value.baseline": "s3://b/b.json"}
    assert loaded(series(), forecast).s3_uris() == ("s3://b/b.json",)


def test_a_baseline_in_place_is_no_uri() -> None:
    assert loaded(shap()).s3_uris() == ()
    assert loaded(series()).s3_uris() == ()


def test_all_metrics_are_those_of_the_stage() -> None:
    config = loaded(bias(), {"methods.post_training_bias.methods": "all"})
    assert config.expected_metrics("pre_training_bias") == PRE_TRAINING
    assert config.expected_metrics("post_training_bias") == POST_TRAINING


def test_all_without_a_group_variable_leaves_out_what_needs_one() -> None:
    config = loaded(bias(), {"methods.post_training_bias.methods": "all", "group_variable": GONE})
    pre = config.expected_metrics("pre_training_bias")
    post = config.expected_metrics("post_training_bias")
    assert set(PRE_TRAINING) - set(pre) == {"CDDL"}
    assert set(POST_TRAINING) - set(post) == {"CDDPL"}


def test_listed_metrics_are_those_listed_and_a_stage_not_asked_has_none() -> None:
    config = loaded(parquet())
    assert config.expected_metrics("post_training_bias") == ("DPPL",)
    assert config.expected_metrics("pre_training_bias") == ()


@pytest.mark.parametrize("module", [analysis, s3, tokens], ids=lambda module: module.__name__)
def test_the_examples_in_the_documentation_run(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
