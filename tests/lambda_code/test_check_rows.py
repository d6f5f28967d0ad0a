"""Groups of too few rows are rejected where a rule asks, and so is a run that does not tell."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_lambda.check.judge import needs_intervals
from clarify_lambda.check.outcome import passed
from support_lambda import passing_analysis
from support_lambda.judging import BIAS, broken, complete, judged

SEX = f"{BIAS}.facets.Sex[0]"


def rules(minimum: Any) -> dict[str, Any]:
    return {**complete(), "minimum_rows": minimum}


def intervals(rows: Any = 60, rest: Any = 340, text: str = "0") -> dict[str, Any]:
    """Return what the engine tells of the three groups of `passing_analysis`."""
    sex = {"value_or_threshold": text, "rows": rows, "rest_rows": rest, "intervals": {}}
    age = [
        {"value_or_threshold": text, "rows": 100, "rest_rows": 300, "intervals": {}}
        for text in ("(35, 52]", "(52, 90]")
    ]
    return {"level": 0.95, BIAS: {"facets": {"Sex": [sex], "Age": age}}}


def test_groups_of_enough_rows_pass_and_their_rows_are_told() -> None:
    outcomes = judged(passing_analysis(), rules(60), intervals())
    assert passed(outcomes)
    told = {outcome.where: outcome.value for outcome in outcomes if outcome.rule == "rows"}
    assert told == {SEX: 60, f"{BIAS}.facets.Age[0]": 100, f"{BIAS}.facets.Age[1]": 100}
    assert needs_intervals(rules(60))
    assert not needs_intervals(complete())


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (intervals(rows=59), "the group has 59 rows, fewer than 60"),
        (intervals(rest=12), "the rest has 12 rows, fewer than 60"),
        (
            intervals(rows="60"),
            "not evaluated: intervals.json does not tell the rows of this group",
        ),
        (
            intervals(rest=None),
            "not evaluated: intervals.json does not tell the rows of this group",
        ),
        (intervals(text="1"), "not evaluated: intervals.json has another group at this place"),
    ],
)
def test_a_group_of_few_or_unknown_rows_is_rejected(given: Any, reason: str) -> None:
    assert broken(judged(passing_analysis(), rules(60), given)) == [(SEX, reason)]


def test_the_managed_image_which_tells_no_rows_does_not_pass() -> None:
    outcomes = judged(passing_analysis(), rules(60))
    reason = "not evaluated: the job wrote no intervals.json"
    assert broken(outcomes) == [
        (where, reason) for where in (SEX, f"{BIAS}.facets.Age[0]", f"{BIAS}.facets.Age[1]")
    ]


@pytest.mark.parametrize("minimum", [0, -1, 1.5, True, "60", None])
def test_what_is_no_count_is_a_fault(minimum: Any) -> None:
    assert broken(judged(passing_analysis(), rules(minimum), intervals())) == [
        ("rules.minimum_rows", "it is no whole number above 0")
    ]
