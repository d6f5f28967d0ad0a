"""Names and indices of columns against the columns there are: X16."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clarify_contract.config.columns import (
    JSON_KINDS,
    has_columns,
    labels_in,
    name_of,
    sent_columns,
)
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, rule
from clarify_contract.config.wording import describe, did_you_mean

# The container's own words for a column that is not there.
_NO_FACET = "Unable to locate the facet."
_NO_LABEL = "Headers must contain label."
_NO_FEATURE = "Feature names not found."

#: For `rule`: what decides which columns there are, and which of them are features.
COLUMNS_READ = (
    "dataset_type",
    "headers",
    "label",
    "predicted_label",
    "predicted_label_dataset_uri?",
    "joinsource_name_or_index",
    "excluded_columns",
    "time_series_data_config?",
)

# A column that the config names, and where.
_Reference = tuple[str, str | int]


@rule("X16", *COLUMNS_READ)
def labels_are_in_the_headers(config: AnalysisKeys) -> Iterator[Problem]:
    """`label` and `predicted_label` of a table are in `headers`."""
    if config.headers is not None:
        yield from missing_labels(config, config.headers)


def missing_labels(config: AnalysisKeys, columns: Sequence[str]) -> Iterator[Problem]:
    """Yield the label columns that a table does not have."""
    if has_columns(config):
        references = [(f"$.{key}", column) for key, column in labels_in(config)]
        yield from _missing(references, columns, _NO_LABEL)


@rule("X16", "predicted_label", "predicted_label_dataset_uri?", "predicted_label_headers")
def predicted_labels_are_in_their_headers(config: AnalysisKeys) -> Iterator[Problem]:
    """`predicted_label` of a side dataset is in `predicted_label_headers`."""
    if config.predicted_label_dataset_uri is not None and config.predicted_label_headers:
        # Without the key the container looks for a column of that name.
        column = "predicted_label" if config.predicted_label is None else config.predicted_label
        headers = config.predicted_label_headers
        yield from _missing([("$.predicted_label", column)], headers, _NO_LABEL)


@rule("X16", "facet", "facet_dataset_uri?", "facet_headers")
def facets_are_in_their_headers(config: AnalysisKeys) -> Iterator[Problem]:
    """Facets of a side dataset are in `facet_headers`."""
    if config.facet_dataset_uri is not None and config.facet_headers is not None:
        yield from _missing(_facets(config), config.facet_headers, _NO_FACET)


@rule("X16", "dataset_type", "headers", "facet", "facet_dataset_uri?", "time_series_data_config?")
def facets_are_in_the_headers(config: AnalysisKeys) -> Iterator[Problem]:
    """Facets are in `headers`, which JSON datasets need for them."""
    if config.headers is not None:
        yield from missing_facets(config, config.headers)
    else:
        yield from _without_headers(config, _facets(config), _NO_FACET)


def missing_facets(config: AnalysisKeys, columns: Sequence[str]) -> Iterator[Problem]:
    """Yield the facets that the dataset does not have, unless they have a dataset of their own."""
    if has_columns(config) and config.facet_dataset_uri is None:
        yield from _missing(_facets(config), columns, _NO_FACET)


@rule(
    "X16",
    "dataset_type",
    "headers",
    "group_variable",
    "joinsource_name_or_index",
    "excluded_columns",
    "segment_config",
    "facet_dataset_uri?",
    "time_series_data_config?",
)
def other_columns_are_in_the_headers(config: AnalysisKeys) -> Iterator[Problem]:
    """Group, join, excluded and segment columns are in `headers`, which JSON datasets need."""
    if config.headers is not None:
        yield from missing_others(config, config.headers)
    else:
        yield from _without_headers(config, _others(config), _NO_FEATURE)


def missing_others(config: AnalysisKeys, columns: Sequence[str]) -> Iterator[Problem]:
    """Yield the group, join, excluded and segment columns that the dataset does not have."""
    if has_columns(config):
        yield from _missing(_others(config), columns, _NO_FEATURE)


@rule("X16", *COLUMNS_READ, "methods.shap.features_to_explain", "methods.pdp.features")
def explained_features_are_in_the_headers(config: AnalysisKeys) -> Iterator[Problem]:
    """Features to explain or to plot are in `headers`, and are sent to the model."""
    if config.headers is not None:
        yield from missing_features(config, config.headers)
    else:
        yield from _without_headers(config, _explained(config), _NO_FEATURE)


def missing_features(config: AnalysisKeys, columns: Sequence[str]) -> Iterator[Problem]:
    """Yield the columns that are to be explained and are no features of the dataset."""
    if not has_columns(config):
        return
    explained = list(_explained(config))
    yield from _missing(explained, columns, _NO_FEATURE)
    features = sent_columns(config, columns)
    for path, column in explained:
        name = name_of(column, columns)
        if name is not None and name not in features:
            yield Problem(
                path,
                f"{describe(column)}, which is not sent to the model",
                f"one of {len(features)} features",
                "Remove it: labels, join columns and excluded columns cannot be explained.",
            )


def _facets(config: AnalysisKeys) -> Iterator[_Reference]:
    for index, facet in enumerate(config.facet or ()):
        yield f"$.facet[{index}].name_or_index", facet.name_or_index


def _others(config: AnalysisKeys) -> Iterator[_Reference]:
    # With a facet dataset, the group variable may be a column of that.
    if config.group_variable is not None and config.facet_dataset_uri is None:
        yield "$.group_variable", config.group_variable
    if config.joinsource_name_or_index is not None:
        yield "$.joinsource_name_or_index", config.joinsource_name_or_index
    for index, column in enumerate(config.excluded_columns or ()):
        yield f"$.excluded_columns[{index}]", column
    for index, segment in enumerate(config.segment_config or ()):
        yield f"$.segment_config[{index}].name_or_index", segment.name_or_index


def _explained(config: AnalysisKeys) -> Iterator[_Reference]:
    shap, pdp = config.methods.shap, config.methods.pdp
    for index, column in enumerate((shap.features_to_explain if shap else None) or ()):
        yield f"$.methods.shap.features_to_explain[{index}]", column
    for index, column in enumerate((pdp.features if pdp else None) or ()):
        yield f"$.methods.pdp.features[{index}]", column


def _missing(
    references: Sequence[_Reference] | Iterator[_Reference], columns: Sequence[str], words: str
) -> Iterator[Problem]:
    for path, column in references:
        if name_of(column, columns) is not None:
            continue
        if isinstance(column, int):
            allowed, hint = f"an index below {len(columns)}", "Count columns from 0."
        else:
            allowed = f"one of {len(columns)} columns"
            hint = did_you_mean(column, columns) or "Name one of the dataset's columns."
        yield Problem(path, describe(column), allowed, f"{words} {hint}")


def _without_headers(
    config: AnalysisKeys, references: Iterator[_Reference], words: str
) -> Iterator[Problem]:
    """Yield the columns that are named where the dataset has no names of its own."""
    if config.dataset_type not in JSON_KINDS or config.time_series_data_config is not None:
        return
    for path, column in references:
        if isinstance(column, str):
            yield Problem(
                path,
                f"{describe(column)}, and no headers",
                "a name from headers",
                f"{words} Add headers: features, then label, then predicted label.",
            )
