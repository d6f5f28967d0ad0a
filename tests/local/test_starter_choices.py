"""What `clarify init` chooses by the data: values, thresholds and limits, each for a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from clarify_engine.bias.datatype import Kind
from clarify_local.results import MetricRow
from clarify_local.starter.choices import positive_label, sensitive_groups
from clarify_local.starter.columns import Column
from clarify_local.starter.ratchet import ratchets
from clarify_local.starter.undecided import Undecided


def column(kind: Kind, cells: Sequence[Any]) -> Column:
    counts = Counter(cells)
    values = tuple(sorted(counts))
    return Column("it", kind, values, tuple(counts[value] for value in values), len(cells))


@pytest.mark.parametrize(
    ("kind", "cells", "chosen"),
    [
        ("text", ["no"] * 9 + ["Yes"], ("Yes",)),
        ("text", ["rejected", "approved"], ("approved",)),
        # Whole numbers are categories only where few of many rows differ: 2 of 50 here.
        ("int", [0, 1] * 25, (1,)),
        # 2 of 10 differ: one value is read as "above", and nothing is above 1.
        ("int", [0, 1] * 5, (0,)),
        # Floats are always read as "above": 1.0 would leave no positive outcome at all.
        ("double", [0.0, 1.0] * 25, (0.5,)),
        # Truth values are no JSON for the service, and any text is true.
        ("bool", [False, True], (1,)),
        # Amounts: about half of the rows are above.
        ("double", [10.2, 20.4, 30.6, 40.8], (25.5,)),
        ("int", [1, 2, 3, 9], (2,)),
        # Most rows have the greatest value: some must stay above, and some below.
        ("int", [1, 5, 9, 9, 9, 9], (5,)),
    ],
)
def test_the_positive_outcome(kind: Kind, cells: Sequence[Any], chosen: tuple[Any, ...]) -> None:
    assert positive_label(column(kind, cells)).values == chosen


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("text", ["red", "blue"]),
        ("text", ["yes", "true"]),
        ("text", ["yes", "no", "perhaps"]),
        ("int", [1, 2, 3] * 40),
        # Of a score of credit, 1 is good and 2 is bad: neither is greater for a reason.
        ("int", [1, 2] * 40),
        ("int", [1, 2]),
        ("double", [1.0, 2.0]),
    ],
)
def test_which_outcome_is_positive_is_asked_where_nothing_says_it(
    kind: Kind, cells: Sequence[Any]
) -> None:
    with pytest.raises(Undecided, match="--positive"):
        positive_label(column(kind, cells))


def test_one_value_leaves_nothing_to_compare() -> None:
    for choose in (positive_label, sensitive_groups):
        with pytest.raises(Undecided, match="1 different values"):
            choose(column("text", ["yes", "yes"]))


@pytest.mark.parametrize(
    ("kind", "cells", "given", "chosen"),
    [
        ("text", ["a", "b", "c"], ["b", "c"], ("b", "c")),
        ("int", [0, 1] * 25, ["0"], (0,)),
        ("int", list(range(20, 60)), ["40"], (40,)),
        ("int", list(range(20, 60)), ["40.5"], (40.5,)),
        ("double", [0.0, 1.0], ["0.5"], (0.5,)),
        # One of two numbers is meant as itself, also where it is read as "above".
        ("double", [1.0, 2.0], ["2"], (1.5,)),
        ("int", [1, 2], ["2"], (1,)),
        ("bool", [False, True], ["false"], (0,)),
    ],
)
def test_what_a_person_says_is_taken_in_the_columns_own_type(
    kind: Kind, cells: Sequence[Any], given: list[str], chosen: tuple[Any, ...]
) -> None:
    (group,) = sensitive_groups(column(kind, cells), given)
    for found in (positive_label(column(kind, cells), given), group):
        assert found.values == chosen
        assert list(map(type, found.values)) == list(map(type, chosen))


@pytest.mark.parametrize(
    ("kind", "cells", "given", "why"),
    [
        ("text", ["a", "b"], ["c"], "no row has c"),
        ("text", ["a", "b"], ["a", "b"], "nothing is left"),
        ("int", [0, 1] * 25, ["many"], "no number"),
        ("double", [1.0, 2.0], ["1"], "the lesser of two"),
        ("bool", [False, True], ["yes"], "neither true nor false"),
        ("int", list(range(20, 60)), ["59"], "no row is above"),
        ("int", list(range(20, 60)), ["19"], "or every row"),
    ],
)
def test_a_value_that_compares_nothing_is_refused(
    kind: Kind, cells: Sequence[Any], given: list[str], why: str
) -> None:
    with pytest.raises(Undecided, match=why):
        sensitive_groups(column(kind, cells), given)


def test_each_value_of_a_facet_is_a_group_but_not_of_one_with_many() -> None:
    (group,) = sensitive_groups(column("text", ["f", "m", "x"]))
    assert group.values == ()
    with pytest.raises(Undecided, match="21 different values"):
        sensitive_groups(column("text", [f"group {i}" for i in range(21)]))


def test_rows_without_a_value_are_no_group_of_their_own() -> None:
    groups = sensitive_groups(Column("it", "text", ("f", "m"), (3, 4), rows=9))
    assert [group.values for group in groups] == [("f",), ("m",)]


def test_whole_numbers_as_texts_are_refused() -> None:
    with pytest.raises(Undecided, match="as texts"):
        sensitive_groups(column("text", ["1", "2", "3"]))


def rows(code: str, *values: float | str | None) -> list[MetricRow]:
    return [MetricRow("pre-training", "sex", "f", code, code, value, "", None) for value in values]


def test_a_limit_that_today_meets_is_the_usual_one() -> None:
    (limit,) = ratchets([*rows("DPL", 0.05, -0.02), *rows("CI", 0.9)])
    assert (limit.code, limit.bounds) == ("DPL", {"min": -0.1, "max": 0.1})
    assert "outside" not in limit.why
    (four_fifths,) = ratchets(rows("DI", 0.9))
    assert four_fifths.bounds == {"min": 0.8, "max": 1.25}


def test_a_limit_that_today_does_not_meet_is_widened_to_it_and_says_so() -> None:
    (limit,) = ratchets(rows("DPL", 0.231, -0.02))
    assert limit.bounds == {"min": -0.1, "max": 0.24}
    assert "nothing worse" in limit.why
    (other,) = ratchets(rows("DI", 0.399, 1.1))
    assert other.bounds == {"min": 0.39, "max": 1.25}


@pytest.mark.parametrize("value", [0.10000000000000003, 0.15000000000000002, 0.29, 0.57, 0.99])
def test_a_limit_holds_the_last_digit_of_what_it_was_made_from(value: float) -> None:
    (limit,) = ratchets(rows("DPL", value, -value))
    assert limit.bounds["min"] <= -value
    assert value <= limit.bounds["max"] < value + 0.011


def test_a_metric_without_a_number_gets_no_limit() -> None:
    assert ratchets([*rows("DPL", 0.1, None), *rows("DI", "Infinity")]) == []
    assert ratchets(rows("DPL", -1.0, 1.0)) == []  # nothing could be worse
