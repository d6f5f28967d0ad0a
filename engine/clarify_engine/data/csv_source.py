"""CSV files as batches of typed columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from clarify_contract import Finding
from clarify_engine.data.csv_blocks import CsvBlocks, Misfit
from clarify_engine.data.csv_head import column_names, may_be_header, read_head
from clarify_engine.data.files import DataFile
from clarify_engine.data.kinds import Kind, Kinds, Widened, reading
from clarify_engine.data.problems import HEADERS_MISMATCH, problem, unreadable
from clarify_engine.data.text import kinds_of, values_of
from clarify_engine.errors import AnalysisError


class CsvSource:
    """CSV files with the same columns, read one after the other in blocks.

    Arrow's reader turns text into values, by column types that are given to it. They start as the
    types of the first block's cells. A later cell that does not fit has the columns read once as
    text, over all files, for their exact types; then a new pass begins with these.

    Types and values are those of ``pandas.read_csv(low_memory=False)``, apart from integers beyond
    int64 (see `column_type`), and from rows with too few cells, which pandas fills and we refuse.

    Attributes
    ----------
    columns
        The names of all columns, in file order.
    warnings
        What misleads: a first row that is read as data and may be a header row.

    Parameters
    ----------
    files
        The files, each with or without a header row.
    headers
        The config's column names, or None.
    names
        The columns that the config addresses by name; they help to tell a header row.

    Raises
    ------
    AnalysisError
        The files have other columns than the headers or than each other.
    """

    def __init__(
        self, files: Sequence[DataFile], headers: Sequence[str] | None, names: Collection[str]
    ) -> None:
        self.columns: tuple[str, ...] = ()
        self.warnings: list[Finding] = []
        self._header: tuple[str, ...] | None = None
        self._starts: list[tuple[DataFile, int]] = []
        self._kinds = Kinds()
        self._settled: set[str] = set()
        for file in files:
            self._add(file, headers, names)
        if not self.columns:
            raise unreadable(
                files[0].name, "CSV", "no row that is not blank", "Give files that hold rows."
            )

    def _add(self, file: DataFile, headers: Sequence[str] | None, names: Collection[str]) -> None:
        head = read_head(file)
        if head is None:
            return
        if headers is not None or not self.columns:
            self.columns, header_row = column_names(head, file, headers, names)
            self._header = head.cells if header_row else None
            if not header_row and may_be_header(head):
                self.warnings.append(_may_be_header(file))
        else:
            header_row = self._header is not None
            if (header_row and head.cells != self._header) or len(head.cells) != len(self.columns):
                raise self._other_columns(file, len(head.cells))
        self._starts.append((file, head.end if header_row else 0))

    def _other_columns(self, file: DataFile, columns: int) -> AnalysisError:
        first = f"{self._starts[0][0].name} has {len(self.columns)}"
        return problem(
            HEADERS_MISMATCH,
            "headers-differ",
            file.name,
            given=f"{columns} columns; {first}, with {'a' if self._header else 'no'} header row",
            allowed="files with the same columns in one order, each with a header row or none",
            fix="Write the files alike, or set headers.",
        )

    def read(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield all rows of some columns, with one type for each column.

        Raises
        ------
        Widened
            A cell did not fit its column's type: begin again. The types are exact from then on.
        AnalysisError
            A file is not CSV in UTF-8 with the same number of cells in every row.
        """
        self._guess([name for name in columns if not self._kinds[name]])
        readings = {name: reading(self._kinds[name]) for name in columns}
        types = {
            name: pa.string() if from_text else type_
            for name, (type_, from_text) in readings.items()
        }
        settled = self._settled.issuperset(columns)
        try:
            for blocks in self._blocks(types):
                for batch in blocks:
                    if not settled:
                        self._check(batch, blocks)
                    yield _values(batch, readings)
        except Misfit as misfit:
            self._settle(columns, misfit.file)
            raise Widened from None

    def _blocks(self, types: Mapping[str, pa.DataType]) -> Iterator[CsvBlocks]:
        return (CsvBlocks(file, start, self.columns, types) for file, start in self._starts)

    def _guess(self, columns: Sequence[str]) -> None:
        """Take the first block's kinds of cell for the start."""
        if not columns:
            return
        for blocks in self._blocks(dict.fromkeys(columns, pa.string())):
            for batch in blocks:
                self._kinds.add({name: kinds_of(batch.column(name)) for name in columns})
                return

    def _settle(self, columns: Sequence[str], file: DataFile) -> None:
        """Find the exact kinds of columns, from all of their cells; `file` has one that misfits."""
        exact = self._settled | {name for name in columns if Kind.TEXT in self._kinds[name]}
        open_ = [name for name in columns if name not in exact]
        if not open_:  # every cell fits these types: the file is what is wrong
            raise _damaged(file)
        try:
            for blocks in self._blocks(dict.fromkeys(open_, pa.string())):
                for batch in blocks:
                    self._kinds.add({name: kinds_of(batch.column(name)) for name in open_})
        except Misfit as misfit:
            raise _damaged(misfit.file) from None
        self._settled.update(columns)

    def _check(self, batch: pa.RecordBatch, blocks: CsvBlocks) -> None:
        """Raise Misfit where Arrow took a cell for a value that pandas may not."""
        for name, cells in zip(batch.schema.names, batch.columns, strict=True):
            type_, from_text = reading(self._kinds[name])
            if name in self._settled:
                continue
            if from_text:
                misfit = reading(self._kinds[name] | kinds_of(cells)) != (type_, from_text)
            elif pa.types.is_integer(type_):
                misfit = blocks.hexadecimal
            else:  # NAN, or an infinity with blanks around it
                misfit = (
                    pa.types.is_floating(type_)
                    and not pc.all(pc.is_finite(cells), min_count=0).as_py()
                )
            if misfit:
                raise Misfit(blocks.file)


def _damaged(file: DataFile) -> AnalysisError:
    return unreadable(
        file.name,
        "CSV",
        "a row that cannot be read",
        "Check the quotes, and that no row is longer than 1 MB.",
    )


def _may_be_header(file: DataFile) -> Finding:
    return Finding(
        "first-row-unlike-headers",
        file.name,
        "a first row without a number, above one with numbers; it is read as data",
        "a header row that says what headers say, or none",
        "If it is a header row, remove it, or give headers the same names.",
        severity="warning",
    )


def _values(
    batch: pa.RecordBatch, readings: Mapping[str, tuple[pa.DataType, bool]]
) -> pa.RecordBatch:
    """Return the batch with the columns turned into values that were read as text for that."""
    if not any(from_text for _, from_text in readings.values()):
        return batch
    return pa.record_batch(
        {
            name: values_of(cells, readings[name][0]) if readings[name][1] else cells
            for name, cells in zip(batch.schema.names, batch.columns, strict=True)
        }
    )
