"""What SHAP and segments allow together."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, rule


@rule(
    "features-to-explain",
    "methods.shap.features_to_explain?",
    "methods.shap.text_config?",
    "methods.shap.image_config?",
)
def chosen_features_are_of_tables(config: AnalysisKeys) -> Iterator[Problem]:
    """`features_to_explain` is for tables: not with `text_config` or `image_config`."""
    shap = config.methods.shap
    if shap is None or shap.features_to_explain is None:
        return
    for key in ("text_config", "image_config"):
        if getattr(shap, key) is not None:
            yield Problem(
                "$.methods.shap.features_to_explain",
                f"features with {key}",
                "all features, with texts and images",
                f"Remove it, or {key}.",
            )


@rule("segment-lists", "segment_config")
def segments_are_listed_and_named_fully(config: AnalysisKeys) -> Iterator[Problem]:
    """`segments` has a list; `display_aliases` names each, and if wanted the default segment."""
    for index, segment in enumerate(config.segment_config or ()):
        path, count = f"$.segment_config[{index}]", len(segment.segments)
        if count == 0:
            yield Problem(
                f"{path}.segments",
                "an empty list",
                "at least one list of values or intervals",
                "Add the values of a segment, or remove this object.",
            )
        aliases = segment.display_aliases
        if aliases is not None and len(aliases) not in (count, count + 1):
            yield Problem(
                f"{path}.display_aliases",
                f"{len(aliases)} names for {count} segments",
                f"{count} names, or {count + 1} with one for the default segment",
                "Name each list in segments, in order.",
            )
