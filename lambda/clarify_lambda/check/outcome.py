"""One evaluation of one rule, and what all of them say together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

SUMMARY_MAX = 1000


class Outcome(NamedTuple):
    """What one rule said about one place of the analysis.

    Attributes
    ----------
    rule
        ``complete``, ``plausible``, ``rows``, ``limit``, ``no_worse`` or ``attribution``; ``rules``
        where the rules themselves are at fault, ``analysis`` where the document is.
    where
        The place in analysis.json. Groups and labels are named by position: their text is data.
    reason
        Why the rule does not hold, in plain words; None where it holds.
    metric
        Code of the metric, where the rule is about one.
    value
        The number found, infinite where a metric is compared with a baseline; None if there is
        none.
    minimum, maximum
        The bounds of a limit, ends included.
    interval
        The ends of the metric's 95 % interval, where the rule asked for it and it is there.
    source
        Where the bounds come from, as the rule says.
    accepted
        What is not as it should be here, and was accepted by a rule.
    baseline
        What the metric was in the baseline, where the rule asked for it and it is there.
    drift
        The comparison with a baseline as Model Monitor lists it where it does not hold; None where
        none was made.
    """

    rule: str
    where: str
    reason: str | None = None
    metric: str | None = None
    value: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    interval: tuple[float, float] | None = None
    source: str | None = None
    accepted: str | None = None
    baseline: float | None = None
    drift: dict[str, str] | None = None

    @property
    def held(self) -> bool:
        """Tell whether the rule was evaluated and held."""
        return self.reason is None

    def as_json(self) -> dict[str, object]:
        """Return plain JSON values."""
        return {
            "rule": self.rule,
            "where": self.where,
            "metric": self.metric,
            "value": json_number(self.value),
            "baseline": json_number(self.baseline),
            "interval": None if self.interval is None else [*map(json_number, self.interval)],
            "min": self.minimum,
            "max": self.maximum,
            "source": self.source,
            "held": self.held,
            "reason": self.reason,
            "accepted": self.accepted,
        }


def passed(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether there is evidence, and all of it is good: nothing evaluated is not passed."""
    return bool(outcomes) and all(outcome.held for outcome in outcomes)


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the verdict in one line of at most 1000 characters."""
    if not outcomes:
        return "Rejected: no rule was evaluated."
    broken = [outcome for outcome in outcomes if not outcome.held]
    count = f"{len(outcomes) - len(broken)} of {len(outcomes)} checks held"
    if not broken:
        accepted = sum(outcome.accepted is not None for outcome in outcomes)
        return f"Passed: {count}" + (f", {accepted} as accepted by a rule." if accepted else ".")
    reasons = "; ".join(dict.fromkeys(f"{item.where}: {item.reason}" for item in broken))
    return _cut(f"Rejected: {count}. {reasons}.")


def json_number(value: float | None) -> float | str | None:
    """Return a number as JSON has it: infinity is a text, as in the files that are judged."""
    if value is None or math.isfinite(value):
        return value
    return "Infinity" if value > 0 else "-Infinity"


def _cut(text: str) -> str:
    # A column's name may hold half a surrogate pair, which no answer can carry.
    text = text.encode(errors="replace").decode()
    text = " ".join(text.splitlines())  # nor is a name always one line
    return text if len(text) <= SUMMARY_MAX else text[: SUMMARY_MAX - 1] + "…"
