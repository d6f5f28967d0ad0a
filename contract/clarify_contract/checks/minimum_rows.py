"""How many rows a group must have for its metrics to count."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding


def minimum_rows_findings(config: AnalysisConfig, place: str, minimum: object) -> Iterator[Finding]:
    """Yield why a number of rows could not judge a run of this config."""
    if minimum is None:
        return
    if isinstance(minimum, bool) or not isinstance(minimum, int) or minimum < 1:
        yield Finding(
            "minimum-rows-wrong",
            place,
            repr(minimum),
            "a whole number above 0",
            "Give the least number of rows that a group may have.",
        )
    if config.methods.pre_training_bias is None and config.methods.post_training_bias is None:
        yield Finding(
            "minimum-rows-no-groups",
            place,
            "a rule on groups, and a config that computes no bias metric",
            "a config with pre_training_bias or post_training_bias",
            "Ask for bias metrics in the config, or remove the rule.",
        )
