"""All warnings on a config alone, in one table."""

from __future__ import annotations

from typing import Final

from clarify_contract.config.misleading import (
    dataset,
    explanations,
    metrics,
    predictions,
    responses,
    thresholds,
)
from clarify_contract.config.rules.rule import Rule

#: What only the job shows is found by `check_dataset_input`, what only data show by the engine.
WARNINGS: Final[tuple[Rule, ...]] = (
    dataset.captured_data_is_undocumented,
    dataset.headers_are_different,
    dataset.features_paths_are_for_json,
    thresholds.one_round_float_label_is_a_threshold,
    thresholds.one_round_float_facet_is_a_threshold,
    thresholds.probabilities_are_between_0_and_1,
    thresholds.several_positive_labels_count_as_one,
    metrics.all_metrics_without_a_group_variable,
    metrics.groups_are_not_the_facet_itself,
    metrics.the_flip_test_has_the_codes_sign,
    predictions.predictions_come_from_one_source,
    predictions.an_endpoint_gets_synthetic_load,
    predictions.the_endpoint_prefix_is_lower_case,
    predictions.accelerators_are_retired,
    predictions.an_endpoint_has_its_instances,
    predictions.a_predictor_is_asked,
    responses.json_responses_have_a_path,
    responses.response_paths_fit_the_format,
    responses.templates_have_an_effect,
    explanations.samples_are_more_than_features,
    explanations.top_k_features_choose_the_features,
    explanations.object_settings_are_for_object_detection,
)
