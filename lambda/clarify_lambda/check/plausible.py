"""What the service writes without any error where nothing was compared: zeros, flipped groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clarify_lambda.check.document import finite
from clarify_lambda.check.outcome import Outcome
from clarify_lambda.check.threshold import ends


def plausible(
    groups: list[Any], where: str, name: str, reading: str | None, rule: dict[str, Any]
) -> Iterator[Outcome]:
    """Judge whether the groups of one facet can be what the config means by them.

    Parameters
    ----------
    groups
        As the analysis has them.
    where, name
        The facet's place in the analysis, and its name.
    reading
        How a group that is given by one whole number is meant: ``category``, ``threshold`` or
        ``unsaid``; None where no group is given so.
    rule
        The section's rule.
    """
    for index, group in enumerate(groups):
        if not isinstance(group, dict):
            continue
        place = f"{where}[{index}]"
        if reading is not None:
            yield Outcome("plausible", place, _misread(group.get("value_or_threshold"), reading))
        numbers = _outcome_numbers(group, rule)
        if numbers:
            zeros = "every metric that compares outcomes is exactly 0" if _zeros(numbers) else None
            if zeros and name in rule["accepted_zeros"]:
                yield Outcome("plausible", place, accepted=zeros)
            else:
                yield Outcome(
                    "plausible", place, zeros and f"{zeros}: perhaps no row counted as positive"
                )


def _misread(text: Any, reading: str) -> str | None:
    """Return why a group's text is not what one whole number in the config means."""
    found = ends(text)
    if reading == "threshold":
        return None if found else "the threshold was read as a category"
    if found is None:
        return None
    if reading == "category":
        return "the category was read as a threshold: the group is all that is above it"
    low, high = found
    if low is not None and high is not None and low.is_integer() and high - low <= 1:
        return (
            "the number was read as a threshold, and at most one whole number is above it: "
            "perhaps the other group; say in `readings` how it is meant"
        )
    return None


def _outcome_numbers(group: dict[str, Any], rule: dict[str, Any]) -> list[float | None]:
    """Return the numbers of the metrics that compare outcomes, None for each that has none."""
    # A list: a name in the analysis may be anything, an object too, which no set can be asked for.
    codes = [metric["name"] for metric in rule["metrics"] if metric["outcomes"]]
    metrics = group.get("metrics")
    return [
        finite(entry.get("value"))
        for entry in (metrics if isinstance(metrics, list) else [])
        if isinstance(entry, dict) and entry.get("name") in codes
    ]


def _zeros(numbers: list[float | None]) -> bool:
    return all(number == 0 for number in numbers)
