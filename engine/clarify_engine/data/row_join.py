"""A side dataset whose rows are in the main dataset's order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import pyarrow as pa

from clarify_engine.data.dataset import Source
from clarify_engine.data.problems import problem


class RowJoin:
    """Two datasets whose rows are in the same order, read side by side.

    Attributes
    ----------
    columns
        The main dataset's columns, then the added ones.
    warnings
        Those of both datasets.

    Parameters
    ----------
    main
        The main dataset.
    side
        The side dataset.
    added
        The side dataset's columns that are needed; their names are not the main dataset's.
    path
        What findings call the side dataset.
    """

    def __init__(self, main: Source, side: Source, added: Sequence[str], path: str) -> None:
        self.columns = (*main.columns, *added)
        self.warnings = (*main.warnings, *side.warnings)
        self._main = main
        self._side = side
        self._added = frozenset(added)
        self._path = path

    def read(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield all rows of some columns.

        Raises
        ------
        Widened
            As the two sources do.
        AnalysisError
            As the two sources do; or one has more rows than the other.
        """
        of_main = [name for name in columns if name not in self._added]
        of_side = [name for name in columns if name in self._added]
        if not of_side:
            yield from self._main.read(of_main)
            return
        # Without a column of its own that is needed, the main dataset still says how many rows
        # there are.
        main = self._main.read(of_main or self._main.columns[:1])
        for left, right in self._aligned(main, self._side.read(of_side)):
            yield beside(left, right, columns)

    def _aligned(
        self, left: Iterator[pa.RecordBatch], right: Iterator[pa.RecordBatch]
    ) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
        """Yield both sides cut into batches of equal length."""
        rows = 0
        ours, theirs = next(left, None), next(right, None)
        while ours is not None and theirs is not None:
            both = min(ours.num_rows, theirs.num_rows)
            if both:
                yield ours.slice(0, both), theirs.slice(0, both)
            rows += both
            ours = ours.slice(both) if both < ours.num_rows else next(left, None)
            theirs = theirs.slice(both) if both < theirs.num_rows else next(right, None)
        more = [_count(ours, left), _count(theirs, right)]
        if any(more):
            raise problem(
                "The datasets do not have the same number of rows.",
                "join-rows",
                self._path,
                given=f"{rows + more[1]} rows",
                allowed=f"{rows + more[0]} rows, as the dataset has",
                fix="Give one row for each row of the dataset, in its order, "
                "or set joinsource_name_or_index.",
            )


def beside(left: pa.RecordBatch, right: pa.RecordBatch, columns: Sequence[str]) -> pa.RecordBatch:
    """Return some columns of two batches of the same rows, in the order given."""
    arrays = dict(zip(left.schema.names, left.columns, strict=True))
    arrays |= dict(zip(right.schema.names, right.columns, strict=True))
    return pa.record_batch({name: arrays[name] for name in columns})


def _count(batch: pa.RecordBatch | None, rest: Iterator[pa.RecordBatch]) -> int:
    held = [batch] if batch is not None else []
    return sum(int(batch.num_rows) for batch in chain(held, rest))
