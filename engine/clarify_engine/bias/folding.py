"""From the counts of a facet to one contingency table for each of its groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from clarify_engine.bias.blocks import plain
from clarify_engine.bias.columns import Column
from clarify_engine.bias.counting import Key
from clarify_engine.bias.counts import MAX_GROUPS, BiasCounts, FacetCounts
from clarify_engine.bias.readings import Reading
from clarify_engine.bias.table import NO_GROUP_VARIABLE, Counts, Table
from clarify_engine.errors import AnalysisError

#: What Python says of sorting texts beside a missing value: the service prints it as the error.
MIXED_GROUPS: Final = "'<' not supported between instances of 'float' and 'str'"


@dataclass(frozen=True)
class Group:
    """One sensitive group.

    Attributes
    ----------
    text
        The group as ``value_or_threshold`` of the results shows it.
    table
        The counts of the group against all other rows.
    sensitive
        Tells from cells of the facet's column which rows are in the group.
    """

    text: str
    table: Table
    sensitive: Callable[[pa.Array], NDArray[np.bool_]]


def groups_of(counts: BiasCounts, facet: FacetCounts) -> Iterator[Group]:
    """Yield the groups of a facet: one if values are given, else one for each value, sorted.

    Raises
    ------
    AnalysisError
        The facet needs a threshold, its values cannot be converted, or it has too many values.
    """
    column = facet.column
    folded = _fold(counts, facet)
    if not facet.by_value:
        reading = column.reading()
        bit = 1 << column.questions.index(reading)
        inside = [key for key in folded.entries if isinstance(key, int) and key & bit]
        yield Group(
            column.text(), folded.table(inside), lambda array: column.answers(array, reading)
        )
        return
    if column.is_continuous:
        column.reading()  # raises: a continuous facet needs a threshold
    if facet.has_too_many_groups:
        raise AnalysisError(
            f"Facet column {column.name} has more than {MAX_GROUPS} values. "
            "List the values of its sensitive group in value_or_threshold."
        )
    for key in sorted(folded.entries, key=lambda key: (key is None, key)):
        yield Group(
            "nan" if key is None else str(key),
            # No value is equal to a missing one, so their group is empty, as the service has it.
            folded.table([] if key is None else [key]),
            lambda array, key=key: _equals(column, array, key),  # type: ignore[misc]
        )


#: Group (the last: none), label, prediction, and the number of rows.
_Entry = tuple[int, int, int, int]


@dataclass(frozen=True)
class _Folded:
    """The counts of a facet, with labels and predictions read as positive (1) or not (0).

    Attributes
    ----------
    entries
        By key of the facet.
    total
        Shape ``(G + 1, 2, 2)``: group (the last: none), label, prediction.
    group_error
        See `Table`.
    """

    entries: dict[Key, list[_Entry]]
    total: Counts
    group_error: str | None

    def table(self, inside: Sequence[Key]) -> Table:
        """Return the table in which the rows with these facet keys are the sensitive group."""
        sensitive = np.zeros_like(self.total)
        for key in inside:
            for group, label, prediction, count in self.entries[key]:
                sensitive[group, label, prediction] += count
        both = np.stack([self.total - sensitive, sensitive], axis=1)
        return Table(both[:-1], both[-1], self.group_error)


def _fold(counts: BiasCounts, facet: FacetCounts) -> _Folded:
    positive = _bit_test(counts.label, counts.label.reading())
    predicted = counts.predicted
    predicted_positive = (
        None if predicted is None else _bit_test(predicted, counts.positive_prediction(predicted))
    )
    groups = sorted({group for group, *_ in facet.cells if group is not None})
    rows: dict[Key, int] = {group: row for row, group in enumerate(groups)}
    rows[None] = len(groups)
    entries: dict[Key, list[_Entry]] = {}
    total = np.zeros((len(rows), 2, 2), dtype=np.int64)
    for (group, key, label, prediction), count in facet.cells.items():
        outcome = 0 if predicted_positive is None else predicted_positive(prediction)
        entry = (rows[group], positive(label), outcome, count)
        entries.setdefault(key, []).append(entry)
        total[entry[:3]] += count
    return _Folded(entries, total, _group_error(counts, has_missing=bool(total[-1].any())))


def _bit_test(column: Column, reading: Reading) -> Callable[[Key], int]:
    """Return what reads a code of a column: 1 where the reading holds."""
    bit = column.questions.index(reading)
    return lambda code: int(code or 0) >> bit & 1


def _group_error(counts: BiasCounts, *, has_missing: bool) -> str | None:
    if counts.plan.group is None:
        return NO_GROUP_VARIABLE
    return MIXED_GROUPS if counts.group_kind == "text" and has_missing else None


def _equals(column: Column, array: pa.Array, key: Key) -> NDArray[np.bool_]:
    if key is None:
        return np.zeros(len(array), dtype=np.bool_)
    found: NDArray[np.bool_] = pc.fill_null(
        pc.equal(plain(array, column.kind), key), fill_value=False
    ).to_numpy(zero_copy_only=False)
    return found
