"""What is asked of the data, and why: labels, groups and thresholds. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from clarify_local.starter.columns import Column
from clarify_local.starter.undecided import Undecided

Value = int | float | str

#: More values than this are no groups that anybody compares one by one.
MOST_GROUPS: Final = 20
_TRUTHS: Final = {"true": 1, "1": 1, "false": 0, "0": 0}
#: Texts that say by themselves that they are the positive one of two.
_POSITIVE: Final = frozenset(("yes", "y", "true", "t", "approved", "accepted", "positive", "good"))


@dataclass(frozen=True)
class Choice:
    """One thing that was chosen.

    Attributes
    ----------
    values
        What the config says of the column; empty where it says nothing.
    why
        In words, for people.
    """

    values: tuple[Value, ...]
    why: str


def positive_label(label: Column, given: Sequence[str] = ()) -> Choice:
    """Choose which values of the label are the positive outcome.

    Parameters
    ----------
    label
        The label's column.
    given
        What the person says; numbers as texts.

    Raises
    ------
    Undecided
        The column has fewer than two values, or the data do not show which one is positive; or
        what is given is none of its values.
    """
    _refuse(label, "label")
    if given:
        values = _given(label, given)
        if label.continuous and len(values) == 1:
            return Choice(values, _above("label", label, values[0], "you said so"))
        return Choice(values, "These values are the positive outcome: you said so.")
    if len(label.values) == 2 and label.kind != "text" and label.values != (0, 1):
        raise _which(label)
    if label.continuous:
        threshold = _threshold(label)
        reason = "the upper of two values" if len(label.values) == 2 else "about half of the rows"
        return Choice((threshold,), _above("label", label, threshold, reason))
    positive = _of_two(label)
    return Choice(
        (positive,), "The positive outcome is the one of two values that usually is: check it."
    )


def sensitive_groups(facet: Column, given: Sequence[str] = ()) -> list[Choice]:
    """Choose which groups of a facet are compared with the rest, one entry of the config for each.

    Parameters
    ----------
    facet
        The facet's column.
    given
        The values of one group, or one threshold; numbers as texts.

    Raises
    ------
    Undecided
        The column has fewer than two values, or too many to compare each with the rest; or what
        is given is none of its values.
    """
    _refuse(facet, "facet")
    if given:
        values = _given(facet, given)
        if facet.continuous and len(values) == 1:
            return [Choice(values, _above("facet", facet, values[0], "you said so"))]
        return [Choice(values, "These values are compared with all other rows: you said so.")]
    if facet.continuous:
        threshold = _threshold(facet)
        return [Choice((threshold,), _above("facet", facet, threshold, "about half of the rows"))]
    if len(facet.values) > MOST_GROUPS:
        raise Undecided(
            f"the facet {facet.name!r} has {len(facet.values)} different values, more than the "
            f"{MOST_GROUPS} that are compared one by one: name the group that you ask about, "
            f"--facet '{facet.name}=VALUE,VALUE'"
        )
    why = f"Each of its {len(facet.values)} values is a group, compared with all other rows."
    if facet.filled == facet.rows:
        return [Choice((), why)]
    why += " They are named one by one: unsaid, the rows without a value would be a group too."
    return [Choice((_written(value),), why) for value in facet.values]


def _of_two(label: Column) -> Value:
    if label.values == (0, 1):  # and so False and True
        return 1
    named = [value for value in label.values if str(value).strip().lower() in _POSITIVE]
    if len(label.values) != 2 or len(named) != 1:
        raise _which(label)
    return _written(named[0])


def _which(label: Column) -> Undecided:
    return Undecided(
        f"the label {label.name!r} has {len(label.values)} values, and nothing in them says "
        "which one is the positive outcome: name it with --positive VALUE"
    )


def _threshold(column: Column) -> Value:
    """Return the value nearest the middle row that leaves rows on both sides of it.

    A row is in the group if it is above the value. Between two floats the middle is taken: a whole
    float would read as if it were a category.
    """
    reached = list(accumulate(column.counts))
    place = min(bisect_left(reached, column.filled / 2), len(column.values) - 2)
    value, following = column.values[place], column.values[place + 1]
    if column.kind != "double":
        return _written(value)
    middle = float((value + following) / 2)
    between = value <= middle < following and not middle.is_integer()
    return middle if between else float(value)


def _above(what: str, column: Column, threshold: Value, reason: str) -> str:
    above = sum(
        count
        for value, count in zip(column.values, column.counts, strict=True)
        if value > threshold
    )
    outcome = "are the positive outcome" if what == "label" else "are compared with the rest"
    return (
        f"Numbers of which this many differ are read as a quantity, and one value as a threshold: "
        f"the {above:,} of {column.filled:,} rows above {threshold} {outcome} ({reason})."
    )


def _given(column: Column, given: Sequence[str]) -> tuple[Value, ...]:
    """Return what a person said, in the column's own type.

    Raises
    ------
    Undecided
        It is of another type, is none of the column's values, or leaves no row on one side.
    """
    values = tuple(_typed(column, text.strip()) for text in given)
    if column.continuous and len(values) == 1:
        low, high = column.values[0], column.values[-1]
        if len(column.values) == 2 and values[0] == high:
            return (_threshold(column),)
        if len(column.values) == 2 and values[0] == low:
            raise Undecided(
                f"{given[0]} is the lesser of two numbers in {column.name!r}, which is read as a "
                "quantity here: a config can only ask for what is above a number; write the column "
                "as texts"
            )
        if not low <= values[0] < high:
            raise Undecided(
                f"{given[0]} for {column.name!r} is a threshold that no row is above, "
                "or every row: give one within the values of the column"
            )
        return values
    known = {_written(value) for value in column.values}
    if missing := [text for text, value in zip(given, values, strict=True) if value not in known]:
        raise Undecided(f"no row has {', '.join(missing)} in {column.name!r}")
    if set(values) >= known:
        raise Undecided(f"all values of {column.name!r} are given: nothing is left to compare with")
    return values


def _typed(column: Column, text: str) -> Value:
    if column.kind == "text":
        return text
    if column.kind == "bool":
        if (said := text.lower()) not in _TRUTHS:
            raise Undecided(f"{text} is neither true nor false, as {column.name!r} is")
        return _TRUTHS[said]
    try:
        number = float(text)
    except ValueError:
        raise Undecided(f"{text} is no number, and {column.name!r} holds numbers") from None
    return int(number) if column.kind == "int" and number.is_integer() else number


def _written(value: Any) -> Value:
    """Return a value as a config writes it: the service takes no JSON booleans."""
    return int(value) if isinstance(value, bool) else value


def _refuse(column: Column, what: str) -> None:
    """Raise if a column can be neither label nor facet.

    Raises
    ------
    Undecided
        It has fewer than two values, or is a quantity that is written as texts.
    """
    if len(column.values) < 2:
        raise Undecided(
            f"the {what} {column.name!r} has {len(column.values)} different values: at least two "
            "are needed to compare anything"
        )
    if column.kind == "text" and column.continuous:
        raise Undecided(
            f"the {what} {column.name!r} holds whole numbers as texts, which are read as a "
            "quantity: write them as numbers"
        )
