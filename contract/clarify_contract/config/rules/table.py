"""All error rules, in one table."""

from __future__ import annotations

from typing import Final

from clarify_contract.config.rules import (
    analyses,
    baseline,
    columns,
    endpoint,
    explanations,
    formats,
    headers,
    templates,
    time_series,
)
from clarify_contract.config.rules.rule import Rule

#: Every rule between keys. X20 and the findings on single values come from the types themselves;
#: X14 and the part of X6 on the number of instances need the job: `check_instance_count`.
RULES: Final[tuple[Rule, ...]] = (
    analyses.methods_ask_for_an_analysis,
    analyses.explanations_have_a_predictor,
    analyses.post_training_bias_has_predictions,
    endpoint.a_model_has_instances,
    endpoint.a_predictor_is_one_model_or_one_endpoint,
    templates.json_lines_requests_have_a_template,
    templates.json_requests_have_both_templates,
    templates.filled_templates_are_json,
    formats.parquet_has_content_type_and_a_label_name,
    analyses.bias_has_a_label,
    analyses.bias_has_a_favourable_outcome,
    analyses.bias_has_a_facet,
    analyses.conditional_metrics_have_a_group_variable,
    baseline.a_baseline_is_given_or_clustered,
    baseline.a_baseline_has_the_datasets_form,
    analyses.pdp_alone_names_its_features,
    time_series.time_series_have_asymmetric_values_alone,
    time_series.time_series_have_no_label_and_no_columns,
    time_series.time_series_addresses_are_of_one_kind,
    time_series.time_series_name_their_format,
    time_series.fine_grained_is_chronological_and_sampled,
    time_series.static_baselines_fit_the_static_covariates,
    formats.images_have_shap_alone,
    formats.image_config_is_for_images,
    formats.side_datasets_are_csv,
    formats.side_headers_have_a_side_dataset,
    formats.json_says_where_features_are,
    formats.json_labels_are_paths,
    formats.json_paths_quote_hyphens,
    formats.uris_are_s3_uris,
    headers.time_series_headers_are_complete,
    columns.labels_are_in_the_headers,
    columns.predicted_labels_are_in_their_headers,
    columns.facets_are_in_their_headers,
    columns.facets_are_in_the_headers,
    columns.other_columns_are_in_the_headers,
    columns.explained_features_are_in_the_headers,
    headers.placeholders_are_features,
    endpoint.the_endpoint_prefix_is_short_and_valid,
    endpoint.names_are_valid_in_sagemaker,
    endpoint.custom_attributes_are_visible_ascii,
    baseline.baseline_rows_are_as_wide_as_the_features,
    explanations.chosen_features_are_of_tables,
    explanations.segments_are_listed_and_named_fully,
)
