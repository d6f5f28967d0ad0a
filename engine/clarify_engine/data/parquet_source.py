"""Parquet files as batches of typed columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clarify_contract import Finding
from clarify_engine.data.files import DataFile
from clarify_engine.data.headers import refuse_other_headers, refuse_repeated
from clarify_engine.data.kinds import NONE, Kind, Kinds, Widened, column_type
from clarify_engine.data.problems import (
    HEADERS_MISMATCH,
    not_utf8,
    problem,
    unreadable,
)
from clarify_engine.errors import AnalysisError

BATCH_ROWS = 65_536
_BINARY = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)


class ParquetSource:
    """Parquet files with the same columns, read one after the other in batches.

    The schema gives the types: integers, floats and booleans as in `column_type`, categories by
    their values, and everything else that is one value (dates, decimals) as text.

    Attributes
    ----------
    columns
        The names of all columns, in file order.

    Warnings
    --------
        Always empty.

    Parameters
    ----------
    files
        The files.
    headers
        The config's column names, or None. They replace the files' names.

    Raises
    ------
    AnalysisError
        A file cannot be read, or has other columns than the first one.
    """

    def __init__(self, files: Sequence[DataFile], headers: Sequence[str] | None) -> None:
        self._files = files
        self._kinds = Kinds()
        self.warnings: tuple[Finding, ...] = ()
        schemas = [_schema(file) for file in files]
        self._stored = list(schemas[0].names)
        refuse_repeated(files[0].name, self._stored)
        for file, schema in zip(files, schemas, strict=True):
            if schema.names != self._stored:
                raise problem(
                    HEADERS_MISMATCH,
                    "headers-differ",
                    file.name,
                    given=f"{len(schema.names)} columns, other ones than those of {files[0].name}",
                    allowed="files with the same columns in the same order",
                    fix="Write the files alike.",
                )
        if headers is not None:
            refuse_other_headers(files[0].name, headers, self._stored)
        self.columns = tuple(headers or self._stored)
        self._schemas = schemas

    def read(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield all rows of some columns, with one type for each column.

        Raises
        ------
        Widened
            An integer column turned out to hold some beyond int64: begin again.
        AnalysisError
            A column holds lists or objects, or a file is damaged.
        """
        stored = [self._stored[self.columns.index(name)] for name in columns]
        for file, schema in zip(self._files, self._schemas, strict=True):
            for name, field in zip(columns, stored, strict=True):
                self._add(name, _kinds(schema.field(field).type, file, name), file)
        for file in self._files:
            for batch in _batches(file, stored):
                arrays = [_plain(array, file) for array in batch.columns]
                seen = {name: _seen(array) for name, array in zip(columns, arrays, strict=True)}
                if self._kinds.add(seen):
                    raise Widened
                yield pa.record_batch(
                    [
                        _cast(array, column_type(self._kinds[name]))
                        for name, array in zip(columns, arrays, strict=True)
                    ],
                    names=list(columns),
                )

    def _add(self, name: str, kind: Kind, file: DataFile) -> None:
        """Add a file's column; numbers go together, other types only with their own."""
        known = self._kinds[name] & ~Kind.NULL
        numbers = Kind.INT | Kind.HUGE | Kind.FLOAT
        if known and kind & ~Kind.NULL and kind not in known and (known | kind) not in numbers:
            raise problem(
                "Unable to load the dataset as Parquet.",
                "column-types-differ",
                f"{name} in {file.name}",
                given=f"a column of {_name(kind)}",
                allowed=f"{_name(known)}, as in the files before",
                fix="Write the column with one type in all files.",
            )
        self._kinds.add({name: kind})


def _name(kinds: Kind) -> str:
    words = {Kind.BOOL: "booleans", Kind.TEXT: "text"}
    return words.get(kinds, "numbers")


def _schema(file: DataFile) -> pa.Schema:
    try:
        return pq.read_schema(file.path)
    except (pa.ArrowInvalid, OSError):
        raise _damaged(file) from None


def _batches(file: DataFile, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    try:
        # Without pre-buffering and with a small buffer a row group's size is no memory's size.
        with pq.ParquetFile(file.path, pre_buffer=False, buffer_size=1 << 20) as parquet:
            yield from parquet.iter_batches(BATCH_ROWS, columns=list(columns))
    except (pa.ArrowInvalid, OSError):
        raise _damaged(file) from None


def _damaged(file: DataFile) -> AnalysisError:
    return unreadable(
        file.name, "Parquet", "a file that is cut or damaged", "Write the file again."
    )


def _kinds(type_: pa.DataType, file: DataFile, name: str) -> Kind:
    """Return the kind of cell that a stored type holds; decimals are numbers, dates are text."""
    if pa.types.is_dictionary(type_):
        return _kinds(type_.value_type, file, name)
    if pa.types.is_nested(type_) or any(is_binary(type_) for is_binary in _BINARY):
        raise problem(
            "Unable to load the dataset as Parquet.",
            "column-not-flat",
            f"{name} in {file.name}",
            given=f"a column of type {type_}",
            allowed="one number, text, date or boolean in each row",
            fix="Write a table with flat columns.",
        )
    if pa.types.is_null(type_):
        return Kind.NULL
    if pa.types.is_boolean(type_):
        return Kind.BOOL
    if pa.types.is_integer(type_):
        return Kind.INT
    return Kind.FLOAT if pa.types.is_floating(type_) or pa.types.is_decimal(type_) else Kind.TEXT


def _seen(array: pa.Array) -> Kind:
    """Return the kind that only the cells show: integers beyond int64."""
    if not pa.types.is_uint64(array.type) or len(array) == array.null_count:
        return NONE
    return Kind.HUGE if pc.max(array).as_py() >= 2**63 else NONE


def _plain(array: pa.Array, file: DataFile) -> pa.Array:
    """Return a column of values, with NaN as missing, as pandas has it."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_floating(array.type):
        nan = pc.is_nan(array)
        if pc.any(nan, min_count=0).as_py():
            return pc.if_else(nan, None, array)
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        try:
            array.validate(full=True)  # Arrow takes a file's word that its texts are UTF-8
        except pa.ArrowInvalid:
            raise not_utf8(file.name) from None
    return array


def _cast(array: pa.Array, type_: pa.DataType) -> pa.Array:
    if pa.types.is_string(type_) and pa.types.is_boolean(array.type):
        return pc.utf8_capitalize(array.cast(type_))
    # Unsafe: a safe cast refuses integers that a float rounds, and quotes them.
    return array if array.type == type_ else array.cast(type_, safe=False)
