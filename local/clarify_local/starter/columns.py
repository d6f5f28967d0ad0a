"""What the columns of somebody's data hold, read by the engine itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from clarify_engine.bias.blocks import kind_of
from clarify_engine.bias.datatype import Kind, is_continuous
from clarify_engine.data.csv_source import CsvSource
from clarify_engine.data.dataset import Dataset
from clarify_engine.data.files import data_files, files_of
from clarify_engine.data.parquet_source import ParquetSource
from clarify_engine.data.roles import Roles
from clarify_local.starter.undecided import Undecided

_NOTHING: Final = Roles(None, None, (), None, ())
_PARQUET: Final = b"PAR1"
_INTEGER: Final = re.compile(r"\s*[+-]?\d+\s*")


@dataclass(frozen=True)
class Column:
    """One column of the data, all of it.

    Attributes
    ----------
    name
        What it is called.
    kind
        What it holds, as the engine reads it.
    rows
        Number of rows.
    values
        Its distinct values, ascending, without missing cells.
    counts
        How many rows have each of them.
    """

    name: str
    kind: Kind
    values: tuple[Any, ...]
    counts: tuple[int, ...]
    rows: int

    @cached_property
    def filled(self) -> int:
        """How many rows have a value."""
        return sum(self.counts)

    @cached_property
    def continuous(self) -> bool:
        """Whether one value that a config gives for the column is read as a threshold."""
        return is_continuous(
            self.kind,
            several=False,
            filled=self.filled,
            missing=self.rows - self.filled,
            distinct=len(self.values),
            castable=self.kind != "text" or all(map(_INTEGER.fullmatch, self.values)),
        )


class Data:
    """A table that nobody has described yet: a CSV or Parquet file, or a folder of them.

    Parameters
    ----------
    path
        Where it is.
    named
        Columns that are known by name; they help to tell a header row.

    Raises
    ------
    Undecided
        It is JSON.
    AnalysisError
        It cannot be read.
    """

    def __init__(self, path: Path, named: Collection[str] = ()) -> None:
        first = next((file for file, _ in files_of(path) if file.stat().st_size), None)
        start = b"" if first is None else _start(first)
        if start.lstrip()[:1] in (b"{", b"["):
            raise Undecided(
                "the data are JSON: only CSV and Parquet can be looked at before it is known where "
                "features and label stand in a record; write features and label into a config, "
                "with `clarify schema` for your editor"
            )
        parquet = start.startswith(_PARQUET)
        files = data_files(path, "dataset", "Parquet" if parquet else "CSV")
        source = ParquetSource(files, None) if parquet else CsvSource(files, None, named)
        self.dataset_type = "application/x-parquet" if parquet else "text/csv"
        self._dataset = Dataset(source, _NOTHING)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return self._dataset.columns

    def columns(self, names: Sequence[str]) -> list[Column]:
        """Read some columns whole.

        Raises
        ------
        Undecided
            There are no rows.
        AnalysisError
            They cannot be read.
        """
        batches = self._dataset.scan(names, _Kept).batches
        if not batches:
            raise Undecided("the data have a header row and no other row")
        table = pa.Table.from_batches(batches)
        return [_column(name, table.column(name)) for name in names]

    def texts(self, names: Sequence[str]) -> list[str]:
        """Return those of the columns that hold texts."""
        schema = self._dataset.scan(names, _Schema).schema
        return [name for name in names if kind_of(schema.field(name).type) == "text"]


class _Kept:
    """Keeps the batches of a pass."""

    def __init__(self) -> None:
        self.batches: list[pa.RecordBatch] = []

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        self.batches.append(batch)


class _Schema:
    """Keeps the types of a pass, which are those of its last batch."""

    def __init__(self) -> None:
        self.schema = pa.schema([])

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        self.schema = batch.schema


def _column(name: str, cells: pa.ChunkedArray) -> Column:
    filled = cells.drop_null()
    if pa.types.is_floating(filled.type):
        filled = filled.filter(pc.is_finite(filled))
    counted = pc.value_counts(filled.combine_chunks())
    pairs = sorted((entry["values"], entry["counts"]) for entry in counted.to_pylist())
    return Column(
        name,
        kind_of(cells.type),
        tuple(value for value, _ in pairs),
        tuple(count for _, count in pairs),
        len(cells),
    )


def _start(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(64)
