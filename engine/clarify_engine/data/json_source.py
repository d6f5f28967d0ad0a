"""JSON Lines and JSON files as batches of typed columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from clarify_contract import Finding
from clarify_engine.data.files import DataFile
from clarify_engine.data.json_records import Expressions, Record, json_document, json_lines
from clarify_engine.data.json_values import array_of, kinds_of_values
from clarify_engine.data.kinds import Kind, Kinds, Widened, column_type
from clarify_engine.data.problems import NO_DATA, headers_mismatch, not_utf8, problem

Batches = Callable[[DataFile], Iterator[list[Record]]]


class JsonSource:
    """Records of JSON Lines or JSON files: features, then label, then predicted label.

    A record is a Python list on its way; memory is one batch for JSON Lines, one document for JSON.

    Attributes
    ----------
    columns
        The config's headers; without them ``column_0``, ``column_1`` and so on.

    Warnings
    --------
        Always empty.

    Parameters
    ----------
    files
        The files.
    headers
        The config's column names, or None.
    expressions
        Where in a line or document features and labels are.
    lines
        Whether the files are JSON Lines.

    Raises
    ------
    AnalysisError
        The first records have another number of values than there are headers, or there are no
        records.
    """

    def __init__(
        self,
        files: Sequence[DataFile],
        headers: Sequence[str] | None,
        expressions: Expressions,
        *,
        lines: bool,
    ) -> None:
        self._files = files
        self._targets = expressions.targets
        self._batches: Batches = (
            partial(json_lines, expressions=expressions)
            if lines
            else lambda file: iter([json_document(file, expressions)])
        )
        self._kinds = Kinds()
        self.warnings: tuple[Finding, ...] = ()
        first = next((batch[0] for file in files for batch in self._batches(file)), None)
        if first is None:
            raise problem(
                NO_DATA,
                "dataset-empty",
                files[0].name,
                given="no record",
                allowed="one record or more",
                fix="Give files that hold records.",
            )
        if headers is not None and len(headers) != len(first):
            raise headers_mismatch(files[0].name, len(first), len(headers), self._counted)
        self.columns = tuple(headers or (f"column_{i}" for i in range(len(first))))

    @property
    def _counted(self) -> str:
        return " and ".join(["values of features", *(target.key for target in self._targets)])

    def read(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield all rows of some columns, with one type for each column.

        Raises
        ------
        Widened
            A value changed a column's type: begin again.
        AnalysisError
            A file is not what `dataset_type` says, or a record has another number of values.
        """
        places = {name: self.columns.index(name) for name in columns}
        begun = False
        for file in self._files:
            for records in self._batches(file):
                self._check_width(records, file)
                values = list(zip(*records, strict=True))
                kinds = {
                    name: kinds_of_values(values[place], file.name)
                    for name, place in places.items()
                }
                if self._kinds.add(kinds) and begun:
                    raise Widened
                begun = True
                yield self._batch({name: values[place] for name, place in places.items()}, file)
        self._refuse_lost_target(columns)

    def _batch(self, values: Mapping[str, Sequence[Any]], file: DataFile) -> pa.RecordBatch:
        try:
            return pa.record_batch(
                {
                    name: array_of(cells, column_type(self._kinds[name]))
                    for name, cells in values.items()
                }
            )
        except (
            UnicodeEncodeError
        ):  # half of a surrogate pair, which JSON can write and UTF-8 cannot
            raise not_utf8(file.name) from None

    def _check_width(self, records: Sequence[Record], file: DataFile) -> None:
        width = len(self.columns)
        for record in records:
            if len(record) != width:
                raise headers_mismatch(file.name, len(record), width, self._counted)

    def _refuse_lost_target(self, columns: Sequence[str]) -> None:
        """Refuse a label that no record has: each would count as negative."""
        for target, name in zip(reversed(self._targets), reversed(self.columns), strict=False):
            if name in columns and self._kinds[name] == Kind.NULL:
                raise target.problem(
                    "",
                    "json-nothing-found",
                    "nothing in any record",
                    "a value in the records",
                    "Check the JMESPath expression.",
                )
