"""The list of headers itself, and the placeholders that name headers: X15, X17."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clarify_contract.config.columns import has_columns, sent_columns
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.columns import COLUMNS_READ
from clarify_contract.config.rules.rule import Problem, rule
from clarify_contract.config.templates import names_in
from clarify_contract.config.wording import describe, did_you_mean


@rule("X15", "headers", "time_series_data_config")
def time_series_headers_are_complete(config: AnalysisKeys) -> Iterator[Problem]:
    """`headers` of time series name item, time, target, related series and static covariates."""
    data = config.time_series_data_config
    if data is not None:
        columns = 3 + len(data.related_time_series or ()) + len(data.static_covariates or ())
        yield from headers_mismatch(config, columns)


def headers_mismatch(config: AnalysisKeys, columns: int) -> Iterator[Problem]:
    """Yield the problem of headers that are not as many as the columns."""
    if config.headers is not None and len(config.headers) != columns:
        yield Problem(
            "$.headers",
            f"{len(config.headers)} headers for {columns} columns",
            "one header for each column",
            "Headers in config do not match with the number of columns in the dataset: "
            f"list {columns}, in the dataset's order.",
        )


@rule("X17", *COLUMNS_READ, "predictor.record_template")
def placeholders_are_features(config: AnalysisKeys) -> Iterator[Problem]:
    """Each `"${Name}"` in `record_template` is the header of a feature."""
    if config.headers is not None:
        yield from unknown_placeholders(config, config.headers)


def unknown_placeholders(config: AnalysisKeys, columns: Sequence[str]) -> Iterator[Problem]:
    """Yield the named placeholders of the record template that are no features."""
    template = config.predictor.record_template if config.predictor is not None else None
    if template is None or not has_columns(config):
        return
    features = sent_columns(config, columns)
    for name in dict.fromkeys(names_in(template)):
        if name not in features:
            yield Problem(
                "$.predictor.record_template",
                f"the placeholder {describe(f'${{{name}}}')}",
                f"the name of one of {len(features)} features",
                did_you_mean(name, features) or "Name a column that is sent to the model.",
            )
