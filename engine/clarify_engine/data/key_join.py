"""A side dataset whose rows are found by a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from clarify_engine.data.dataset import Source
from clarify_engine.data.problems import problem
from clarify_engine.data.row_join import beside
from clarify_engine.errors import AnalysisError


class KeyJoin:
    """A dataset and a side dataset, joined by a column of keys that both have.

    The side dataset's keys and needed columns are held in memory; the main dataset is not.

    Attributes
    ----------
    columns
        The main dataset's columns, then the added ones.
    warnings
        Those of both datasets.

    Parameters
    ----------
    main
        The main dataset. Several of its rows may have the same key.
    side
        The side dataset, in which each key of the main dataset is found once. It may hold other
        keys.
    keys
        The name of the key column in the main dataset and in the side dataset.
    added, path
        As for `RowJoin`.
    """

    def __init__(
        self, main: Source, side: Source, keys: tuple[str, str], added: Sequence[str], path: str
    ) -> None:
        self.columns = (*main.columns, *added)
        self.warnings = (*main.warnings, *side.warnings)
        self._main = main
        self._side = side
        self._main_key, self._side_key = keys
        self._added = frozenset(added)
        self._path = path

    def read(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield all rows of some columns, in the main dataset's order.

        Raises
        ------
        Widened
            As the two sources do.
        AnalysisError
            As the two sources do; or a key is not found, or is found more than once.
        """
        of_main = [name for name in columns if name not in self._added]
        of_side = [name for name in columns if name in self._added]
        if not of_side:
            yield from self._main.read(of_main)
            return
        batches = list(self._side.read(list(dict.fromkeys([self._side_key, *of_side]))))
        if not batches:
            raise self._unmatched("no row", "a row for each key of the dataset")
        side = pa.Table.from_batches(batches).combine_chunks()
        keys = side.column(self._side_key).combine_chunks()
        rows = missing = 0
        # A look-up hashes all keys of the side: few of them, for an eighth of its rows each.
        main = self._main.read(list(dict.fromkeys([self._main_key, *of_main])))
        for batch in _gathered(main, side.num_rows // 8):
            ours, theirs = _comparable(batch.column(self._main_key), keys)
            if not rows:  # in the type that they are compared in, which may round them
                self._refuse_repeated(theirs)
            places = pc.index_in(ours, theirs, skip_nulls=True)
            rows += batch.num_rows
            missing += places.null_count
            if not missing:
                found = side.select(of_side).take(places).combine_chunks().to_batches()[0]
                yield beside(batch, found, columns)
        if missing:
            raise self._unmatched(
                f"no row for {missing} of the dataset's {rows} keys",
                "a row for each key of the dataset",
            )

    def _refuse_repeated(self, keys: pa.Array) -> None:
        valid = len(keys) - keys.null_count
        distinct = pc.count_distinct(keys).as_py()
        if distinct < valid:
            raise self._unmatched(
                f"{valid} rows with {distinct} different keys", "each key in one row"
            )

    def _unmatched(self, given: str, allowed: str) -> AnalysisError:
        return problem(
            "Unable to join the datasets.",
            "join-keys",
            f"{self._side_key} in {self._path}",
            given=given,
            allowed=allowed,
            fix="Check joinsource_name_or_index and the keys of both datasets.",
        )


def _gathered(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in batches of at least `rows` rows, the last one apart."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield from pa.Table.from_batches(held).combine_chunks().to_batches()
            held, count = [], 0
    if held:
        yield from pa.Table.from_batches(held).combine_chunks().to_batches()


def _comparable(left: pa.Array, right: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return two key columns in one type: numbers as numbers, else their texts."""
    if left.type == right.type:
        return left, right
    numbers = {pa.int64(), pa.float64()}
    type_ = pa.float64() if {left.type, right.type} == numbers else pa.string()
    # Unsafe: a safe cast refuses integers that a float rounds, and quotes them.
    return left.cast(type_, safe=False), right.cast(type_, safe=False)
