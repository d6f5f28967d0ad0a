"""The dataset: what is ignored, ambiguous or undocumented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from clarify_contract.config.columns import JSON_KINDS
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, warning
from clarify_contract.config.wording import describe


@warning("capture-json-undocumented", "dataset_type")
def captured_data_is_undocumented(config: AnalysisKeys) -> Iterator[Problem]:
    """`application/sagemakercapturejson` is in the SDK's schema alone."""
    if config.dataset_type == "application/sagemakercapturejson":
        yield Problem(
            "$.dataset_type",
            f'"{config.dataset_type}", which the developer guide does not know',
            "a documented dataset type",
            "Turn the captured data into JSON Lines, unless this config is Model Monitor's own.",
        )


@warning("headers-repeated", "headers")
def headers_are_different(config: AnalysisKeys) -> Iterator[Problem]:
    """Headers that stand twice name two columns each."""
    if repeated := [name for name, count in Counter(config.headers or ()).items() if count > 1]:
        yield Problem(
            "$.headers",
            f"more than once: {', '.join(map(describe, repeated[:5]))}",
            "each name once",
            "Rename them: a name that stands twice does not say which column is meant.",
        )


@warning("features-unused", "dataset_type", "features?")
def features_paths_are_for_json(config: AnalysisKeys) -> Iterator[Problem]:
    """`features` has no effect on CSV and Parquet."""
    if config.features is not None and config.dataset_type not in (
        *JSON_KINDS,
        "application/sagemakercapturejson",
    ):
        yield Problem(
            "$.features",
            f"a path, with {config.dataset_type}",
            "no such key: it is for JSON Lines and JSON",
            "Remove it; use excluded_columns to keep columns from the model.",
        )
