"""Asymmetric Shapley values of forecasts: how they were computed and where they are."""

from __future__ import annotations

from typing import Final

from clarify_contract.result.parts import Explanations
from clarify_engine.report.blocks import Facts, Section, Text
from clarify_engine.report.wording import NONE

_DIRECTIONS: Final = {
    "chronological": "chronological: each point of time is credited given all before it",
    "anti_chronological": "anti-chronological: each point of time is credited given all after it",
    "bidirectional": "bidirectional: the mean of both directions of time",
}
_GRANULARITIES: Final = {
    "timewise": "timewise: a score for each point of time",
    "fine_grained": "fine-grained: a score for each feature at each point of time",
}


def asymmetric_shapley(explanations: Explanations | None) -> Section | None:
    """Return the section, or None without such values."""
    found = explanations.asymmetric_shapley_value if explanations is not None else None
    if found is None:
        return None
    direction, granularity = found.direction or NONE, found.granularity or NONE
    return Section(
        "Asymmetric Shapley values",
        (
            Text(
                "Each score tells how much of a forecast is owed to a part of its history, "
                "compared with the forecast on the baseline. The scores of an item and its offset "
                "add up to its forecast."
            ),
            Facts(
                (
                    ("Direction", _DIRECTIONS.get(direction, direction)),
                    ("Granularity", _GRANULARITIES.get(granularity, granularity)),
                    ("Scores of each item", found.explanation_results_path or NONE),
                )
            ),
        ),
    )
