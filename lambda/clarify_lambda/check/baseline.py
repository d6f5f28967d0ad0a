"""The baseline of a run: an ``analysis.json``, or Model Monitor's constraints, which look alike."""

from __future__ import annotations

from typing import Any

from clarify_lambda.check.document import Unreadable, read, real
from clarify_lambda.check.evidence import Missing, facets_of, groups_of, number_of
from clarify_lambda.check.threshold import ends


class Baseline:
    """What the metrics and attributions were, or the reason why nobody knows.

    Parameters
    ----------
    body
        The file as it was read; None where there is none.
    """

    def __init__(self, body: bytes | None) -> None:
        self._document: dict[str, Any] = {}
        self._unreadable: str | None = None
        # Found once for a facet: it may have thousands of groups, each with many metrics.
        self._matches: dict[tuple[str, str], list[int | None]] = {}
        if body is None:
            self._unreadable = "there is no baseline"
            return
        try:
            self._document = read(body)
        except Unreadable as error:
            self._unreadable = f"the baseline: {error}"

    def metric(
        self, section: str, code: str, facet: str, place: tuple[list[Any], int], outcome: Any
    ) -> tuple[float | None, str | None]:
        """Return what a metric of one group was, infinite at will, or why there is no number.

        ``place`` is all groups of the facet now, and the position of this one; ``outcome`` is the
        positive outcome's text now. The baseline must mean the same by both.
        """
        if self._unreadable:
            return None, self._unreadable
        groups, index = place
        try:
            facets = facets_of(self._document, section)
            theirs = groups_of(facets.get(facet), facet)
        except Missing as missing:
            return None, f"in the baseline, {missing.reason}"
        label = self._document[section].get("label_value_or_threshold")
        if _matches([outcome], [label]) == [None]:
            return None, "the baseline has another positive outcome"
        if (section, facet) not in self._matches:
            self._matches[section, facet] = _matches([*map(_text, groups)], [*map(_text, theirs)])
        found = self._matches[section, facet][index]
        if found is None:
            return None, "the baseline has no such group, or several"
        value, reason = number_of(theirs[found], code, real)
        return value, reason and f"in the baseline, {reason}"

    def label(self, label: str) -> tuple[Any, str | None]:
        """Return the baseline's attributions of a label as they stand, or why there are none."""
        if self._unreadable:
            return None, self._unreadable
        parent = self._document.get("explanations")
        labels = parent.get("kernel_shap") if isinstance(parent, dict) else None
        if not isinstance(labels, dict) or label not in labels:
            return None, "the baseline has no attributions of this label"
        return labels[label], None


def _text(group: Any) -> Any:
    return group.get("value_or_threshold") if isinstance(group, dict) else None


def _matches(texts: list[Any], others: list[Any]) -> list[int | None]:
    """Return for each text where the one other text is that means the same; None without one."""
    places: dict[str, list[int]] = {}
    for number, other in enumerate(others):
        if isinstance(other, str):
            places.setdefault(other, []).append(number)
    same = [places.get(text, []) if isinstance(text, str) else [] for text in texts]
    found = [numbers[0] if len(numbers) == 1 else None for numbers in same]
    # The upper end of the last interval is the greatest value of the column, which changes with the
    # data; its lower end is a threshold of the config.
    ours, theirs = _last_threshold(texts), _last_threshold(others)
    if ours is not None and theirs is not None and not same[ours[1]] and ours[0] == theirs[0]:
        found[ours[1]] = theirs[1]
    return found


def _last_threshold(texts: list[Any]) -> tuple[float, int] | None:
    """Return the lower end and the position of the one interval that no other one lies above."""
    lows = [
        (pair[0], number)
        for number, text in enumerate(texts)
        if (pair := ends(text)) is not None and pair[0] is not None
    ]
    highest = max(lows, default=None)
    greatest = [low for low in lows if highest is not None and low[0] == highest[0]]
    return greatest[0] if len(greatest) == 1 else None
