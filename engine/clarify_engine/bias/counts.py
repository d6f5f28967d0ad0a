"""What a bias analysis counts in one pass over the data; the rest follows from the counts."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
import pyarrow as pa

from clarify_engine.bias.blocks import kind_of
from clarify_engine.bias.columns import Column
from clarify_engine.bias.counting import Codes, Key, count_together, encode
from clarify_engine.bias.datatype import Kind
from clarify_engine.bias.flip_rows import FlipRows
from clarify_engine.bias.plan import BiasPlan, FacetPlan, Value
from clarify_engine.bias.readings import Reading

#: Rows that are counted at a time: what is computed for them stays in the processor's cache.
BLOCK_ROWS: Final = 1 << 17

#: Groups that a facet without values may have; each becomes an entry of the results.
MAX_GROUPS: Final = 10_000

#: Group key, facet key, label code and predicted code.
Cell = tuple[Key, ...]


class FacetCounts:
    """The rows of one facet, counted.

    Attributes
    ----------
    plan
        The facet's column and values.
    column
        What is known about the column.
    cells
        Rows by group, facet, label and prediction. The facet is a code of `Column.questions`, or
        the column's value where no values are given. Empty if the column has too many values.
    values
        The values of the column where none are given; more than `MAX_GROUPS` of them are not kept.
    """

    def __init__(self, plan: FacetPlan, column: Column) -> None:
        self.plan = plan
        self.column = column
        self.cells: Counter[Cell] = Counter()
        self.values: set[Key] = set()

    @property
    def by_value(self) -> bool:
        """Whether each value of the column is a group of its own."""
        return not self.plan.values

    @property
    def has_too_many_groups(self) -> bool:
        """Whether the column has more values than results are given for."""
        return len(self.values) > MAX_GROUPS

    def add(self, array: pa.Array, groups: Codes, outcomes: tuple[Codes, Codes]) -> None:
        """Count the next rows."""
        answers = _codes_of(self.column, array)
        if self.by_value:
            if self.has_too_many_groups:
                return
            answers = encode(array, self.column.kind)
        counted = list(count_together((groups, answers, *outcomes)))
        cells = self.cells
        for cell, count in counted:
            cells[cell] += count
        if self.by_value:
            self.values.update(cell[1] for cell, _ in counted)
        self._drop_if_too_many()

    def merge(self, other: FacetCounts) -> None:
        """Add the counts of other rows."""
        self.column.merge(other.column)
        self.cells.update(other.cells)
        self.values |= other.values
        self._drop_if_too_many()

    def _drop_if_too_many(self) -> None:
        if self.has_too_many_groups:
            self.cells.clear()


class BiasCounts:
    """Counts of everything that the metrics of a plan need; of the rows themselves only for FT.

    Counts of parts of the data, merged in any order, are the counts of the whole. (The flip test's
    neighbours at one and the same distance fall by row order: for it, merge in row order.) Without
    the flip test memory does not grow with the rows, only with the group variable's values.

    Parameters
    ----------
    plan
        What to measure.

    Attributes
    ----------
    rows
        Number of rows so far. The other attributes are there from the first batch on, and tell of
        all rows after `settle`.
    label, predicted
        The columns of the observed and of the predicted label; the latter None if it is not needed.
    facets
        The counts, by facet of the plan.
    group_kind
        What the group variable holds; None without one.
    flip_rows
        The rows of the flip test.
    """

    def __init__(self, plan: BiasPlan) -> None:
        self.plan = plan
        self.rows = 0
        self.flip_rows = FlipRows(plan)
        self.label: Column
        self.predicted: Column | None = None
        self.facets: list[FacetCounts] = []
        self.group_kind: Kind | None = None
        self._schema: pa.Schema | None = None
        self._waiting: list[pa.Table] = []

    def update(self, batch: pa.RecordBatch) -> None:
        """Take in the next rows.

        Parameters
        ----------
        batch
            Has the columns of `BiasPlan.columns`, found by name: integers, floats, booleans or
            texts, a column of one type in all batches, missing cells null.
        """
        if self._schema is None:
            self._begin(batch.schema)
        self.flip_rows.keep(batch)
        self.rows += len(batch)
        self._waiting.append(pa.table(batch.select(self.plan.counted_columns)))
        if sum(map(len, self._waiting)) >= BLOCK_ROWS:
            self.settle()

    def settle(self) -> None:
        """Count the rows that wait: batches are small, and it costs less to count many together."""
        if not self._waiting:
            return
        rows = pa.concat_tables(self._waiting, promote_options="permissive").combine_chunks()
        self._waiting = []
        for block in rows.to_batches(max_chunksize=BLOCK_ROWS):
            self._count(block)

    def merge(self, other: BiasCounts) -> None:
        """Add the counts of other rows under the same plan.

        Raises
        ------
        ValueError
            The plans differ, or a column is of another type there.
        """
        if other.plan != self.plan:
            raise ValueError("only tallies of the same plan can be merged")
        if other._schema is None:
            return
        if self._schema is None:
            self._begin(other._schema)
        self.label.merge(other.label)
        if self.predicted is not None and other.predicted is not None:
            self.predicted.merge(other.predicted)
        for facet, others in zip(self.facets, other.facets, strict=True):
            facet.merge(others)
        self._waiting += other._waiting
        self.flip_rows.merge(other.flip_rows)
        self.rows += other.rows

    def positive_prediction(self, predicted: Column) -> Reading:
        """Return how the positive values are read on the predicted labels.

        The service converts them to the labels' type before it compares: beside whole labels that
        are continuous, a prediction of 30.7 is not above the threshold 30.
        """
        return predicted.reading(as_integers=self.label.is_threshold_on_integers)

    def _begin(self, schema: pa.Schema) -> None:
        plan = self.plan
        if absent := [name for name in plan.columns if name not in schema.names]:
            raise ValueError(f"the batch lacks columns of the plan: {', '.join(absent)}")
        self._schema = schema

        def column(name: str, values: tuple[Value, ...], *, predicted: bool = False) -> Column:
            return Column(name, values, kind_of(schema.field(name).type), predicted=predicted)

        self.label = column(plan.label, plan.positive)
        if plan.predicted is not None:
            self.predicted = column(plan.predicted, plan.positive, predicted=True)
        self.facets = [
            FacetCounts(facet, column(facet.column, facet.values)) for facet in plan.facets
        ]
        if plan.group is not None:
            self.group_kind = kind_of(schema.field(plan.group).type)

    def _count(self, block: pa.RecordBatch) -> None:
        outcomes = (
            _codes_of(self.label, block.column(self.label.name)),
            _nothing(len(block))
            if self.predicted is None
            else _codes_of(self.predicted, block.column(self.predicted.name)),
        )
        groups = (
            _nothing(len(block))
            if self.plan.group is None or self.group_kind is None
            else encode(block.column(self.plan.group), self.group_kind)
        )
        for facet in self.facets:
            facet.add(block.column(facet.column.name), groups, outcomes)


def _codes_of(column: Column, array: pa.Array) -> Codes:
    return Codes(column.codes(array), range(1 << len(column.questions)))


def _nothing(rows: int) -> Codes:
    """Return the codes of a column that is not there."""
    return Codes(np.zeros(rows, dtype=np.uint8), (None,))
