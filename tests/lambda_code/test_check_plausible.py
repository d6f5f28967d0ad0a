"""What the service writes without an error where it compared nothing is never passed silently."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_lambda.check.outcome import passed, summary
from support_lambda import passing_analysis
from support_lambda.judging import BIAS, broken, complete, group, judged

ZEROS = "every metric that compares outcomes is exactly 0: perhaps no row counted as positive"
FLIPPED = "the category was read as a threshold: the group is all that is above it"
ONE_STEP = (
    "the number was read as a threshold, and at most one whole number is above it: "
    "perhaps the other group; say in `readings` how it is meant"
)


def with_values(**values: Any) -> dict[str, Any]:
    """Return the passing analysis with other values in the group of `Sex`."""
    analysis = passing_analysis()
    for metric in group(analysis)["metrics"]:
        metric["value"] = values.get(metric["name"], metric["value"])
    return analysis


def sex(reading: str | None) -> dict[str, Any]:
    """Return rules in which the number of the facet `Sex` is meant in one way."""
    rules = complete()
    rules["complete"][0]["facets"][0]["reading"] = reading
    return rules


@pytest.mark.parametrize("zero", [0, 0.0, -0.0])
def test_group_all_of_whose_outcomes_are_alike_to_the_last_digit_is_rejected(zero: float) -> None:
    """CI counts rows: it is a number where no label was ever positive."""
    analysis = with_values(DPL=zero, KL=zero)
    assert broken(judged(analysis, complete())) == [(f"{BIAS}.facets.Sex[0]", ZEROS)]


def test_one_number_other_than_0_shows_that_outcomes_were_compared() -> None:
    assert passed(judged(with_values(CI=0, DPL=0), complete()))
    assert passed(judged(with_values(CI=0, DPL=5e-324, KL=0), complete()))


def test_zeros_pass_where_they_are_accepted_and_are_told() -> None:
    analysis = with_values(DPL=0, KL=0)
    outcomes = judged(analysis, complete(accepted_zeros=["Sex"]))
    assert passed(outcomes)
    assert [item.where for item in outcomes if item.accepted] == [f"{BIAS}.facets.Sex[0]"]
    assert summary(outcomes).endswith("checks held, 1 as accepted by a rule.")
    assert not passed(judged(analysis, complete(accepted_zeros=["Age"])))


@pytest.mark.parametrize(
    ("reading", "text", "reason"),
    [
        ("unsaid", "0", None),
        ("unsaid", "(0, 1]", ONE_STEP),
        ("unsaid", "(0.0, 1.0]", ONE_STEP),
        ("unsaid", "(0, 0.5]", ONE_STEP),
        ("unsaid", "(1, 3]", None),
        ("unsaid", "(40, 90]", None),
        ("category", "0", None),
        ("category", "(40, 90]", FLIPPED),
        ("threshold", "(0, 1]", None),
        ("threshold", "40", "the threshold was read as a category"),
        (None, "(0, 1]", None),
        (None, "a text (0, 1]", None),
    ],
)
def test_number_that_was_read_as_a_threshold_is_rejected_unless_it_is_meant_so(
    reading: str | None, text: str, reason: str | None
) -> None:
    analysis = passing_analysis()
    group(analysis)["value_or_threshold"] = text
    outcomes = judged(analysis, sex(reading))
    found = [item.reason for item in outcomes if item.where == f"{BIAS}.facets.Sex[0]"]
    assert found == ([reason, None] if reading else [None])


@pytest.mark.parametrize("value", [1.01, -1.01, 1e300, -2])
def test_number_that_a_metric_cannot_be_is_rejected(value: float) -> None:
    where = f"{BIAS}.facets.Sex[0].DPL"
    expected = [(where, "the value is outside of what this metric can be")]
    assert broken(judged(with_values(DPL=value), complete())) == expected


def test_end_of_a_range_may_be_missed_by_rounding() -> None:
    assert passed(judged(with_values(DPL=1 + 2**-50), complete()))


ERROR = "No instance of common facet found, dataset may be too small"
ACCEPTED = {"metric": "KL", "facet": "Sex", "error": "No instance of common facet found"}


def test_error_passes_where_it_is_accepted_and_is_told() -> None:
    analysis = passing_analysis()
    group(analysis)["metrics"][2] |= {"value": None, "error": ERROR}
    outcomes = judged(analysis, complete(accepted_errors=[ACCEPTED]))
    assert passed(outcomes)
    (told,) = [item for item in outcomes if item.accepted]
    assert (told.where, told.value) == (f"{BIAS}.facets.Sex[0].KL", None)
    assert told.accepted == f"the analysis gives an error instead of a number: {ERROR}"


@pytest.mark.parametrize(
    ("entry", "accepted"),
    [
        ({"value": None, "error": "Facet set is empty"}, {}),
        ({"value": None, "error": ERROR}, {"metric": "DPL"}),
        ({"value": None, "error": ERROR}, {"facet": "Age"}),
        ({"value": None, "error": [ERROR]}, {}),
        ({"value": 0.1, "error": ERROR}, {}),
        ({"value": None, "error": None}, {}),
    ],
)
def test_no_other_error_passes_than_the_accepted_one(
    entry: dict[str, Any], accepted: dict[str, Any]
) -> None:
    analysis = passing_analysis()
    group(analysis)["metrics"][2] |= entry
    rules = complete(accepted_errors=[ACCEPTED | accepted])
    assert [where for where, _ in broken(judged(analysis, rules))] == [f"{BIAS}.facets.Sex[0].KL"]
