"""One CSV file through Arrow's reader, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.csv as pacsv

from clarify_engine.data.csv_bytes import CsvBytes, NotUtf8
from clarify_engine.data.files import DataFile
from clarify_engine.data.problems import not_utf8, problem
from clarify_engine.data.text import FALSE, MISSING, TRUE

BLOCK_BYTES = 1 << 20  # more is not faster; a row must fit


class Misfit(Exception):  # noqa: N818 - it reads as what happened, and is handled by a new pass
    """A cell of a file is not of the type that its column is read as."""

    def __init__(self, file: DataFile) -> None:
        super().__init__()
        self.file = file


class CsvBlocks:
    """The rows of a CSV file below its header row, as record batches.

    Arrow's own errors quote cells. None of them leaves this class.

    Parameters
    ----------
    file
        The file.
    start
        The first byte after the header row.
    columns
        The names of all columns.
    types
        The columns to read, at least one, with the types to read them as.
    """

    def __init__(
        self, file: DataFile, start: int, columns: Sequence[str], types: Mapping[str, pa.DataType]
    ) -> None:
        self.file = file
        self._start = start
        self._width = len(columns)
        # Arrow knows columns by their place, so that any text may be a column's name.
        self._places = {name: str(place) for place, name in enumerate(columns)}
        self._types = types
        self._odd_rows: list[int] = []
        self._bytes: CsvBytes | None = None

    @property
    def hexadecimal(self) -> bool:
        """Whether ``0x`` was seen so far in the file's bytes, in whatever column."""
        return self._bytes is not None and self._bytes.hexadecimal

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Yield the blocks.

        Raises
        ------
        Misfit
            A cell is not of its column's type.
        AnalysisError
            The file is not UTF-8, or a row has more or fewer cells than there are columns.
        """
        self._bytes = CsvBytes(self.file.path, self._start)
        with self._bytes:
            if self._bytes.empty:
                return
            try:
                with self._open() as reader:
                    for batch in reader:
                        yield batch.rename_columns(list(self._types))
            except NotUtf8:
                raise not_utf8(self.file.name) from None
            except pa.ArrowInvalid:
                self._refuse_odd_row()
                raise Misfit(self.file) from None

    def _open(self) -> pacsv.CSVStreamingReader:
        return pacsv.open_csv(
            pa.PythonFile(self._bytes, mode="r"),
            read_options=pacsv.ReadOptions(
                column_names=list(self._places.values()), block_size=BLOCK_BYTES
            ),
            parse_options=pacsv.ParseOptions(
                newlines_in_values=True, invalid_row_handler=self._odd_row
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=[self._places[name] for name in self._types],
                column_types={self._places[name]: type_ for name, type_ in self._types.items()},
                null_values=MISSING,
                true_values=TRUE,
                false_values=FALSE,
                strings_can_be_null=True,
            ),
        )

    def _odd_row(self, row: pacsv.InvalidRow) -> str:
        self._odd_rows.append(row.actual_columns)
        return "error"

    def _refuse_odd_row(self) -> None:
        if self._odd_rows:
            raise problem(
                "Unable to load the dataset as CSV.",
                "dataset-ragged",
                self.file.name,
                given=f"a row of {self._odd_rows[0]} cells",
                allowed=f"rows of {self._width} cells, as the first row has",
                fix="Check for unquoted commas and cut rows; quote cells that hold a comma.",
            ) from None
