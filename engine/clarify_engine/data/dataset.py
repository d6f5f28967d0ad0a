"""A dataset whose columns have one type each, read in passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

import pyarrow as pa

from clarify_contract import Finding
from clarify_engine.data.kinds import Widened
from clarify_engine.data.roles import Roles


class Source(Protocol):
    """Rows in batches; what the file formats and the joins have in common."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        ...

    @property
    def warnings(self) -> Sequence[Finding]:
        """What misleads in the files."""
        ...

    def read(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield all rows of some columns, at least one; raise `Widened` if a type gets wider."""
        ...


class Consumer(Protocol):
    """What takes in the batches of one pass."""

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        ...


C = TypeVar("C", bound=Consumer)


class Dataset:
    """Rows of named columns, read in batches as often as needed in memory of one batch.

    A column has one type in all batches of a pass: ``int64`` (a column with nulls is one that
    pandas makes float), ``double``, ``string`` or ``bool``, as `column_type` decides over all of
    its cells. Missing cells are nulls; no cell is NaN.

    Attributes
    ----------
    columns
        The names of all columns: the main dataset's in file order, then those of side datasets.
    roles
        What each column is for.
    warnings
        What misleads in the files, found without reading all rows.
    """

    def __init__(self, source: Source, roles: Roles) -> None:
        self._source = source
        self.warnings: tuple[Finding, ...] = tuple(source.warnings)
        self.columns: tuple[str, ...] = source.columns
        self.roles = roles

    @property
    def label(self) -> str | None:
        """The label's column."""
        return self.roles.label

    @property
    def predicted_label(self) -> str | None:
        """The predicted label's column, where the data have one."""
        return self.roles.predicted_label

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets' columns, in the config's order."""
        return self.roles.facets

    @property
    def group_variable(self) -> str | None:
        """The column of subgroups."""
        return self.roles.group_variable

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that are sent to a model."""
        return self.roles.features

    def scan(self, columns: Sequence[str] | None, make_consumer: Callable[[], C]) -> C:
        """Feed all rows to a consumer, and return it.

        A later block may force a wider type on a column: then the pass starts again with a new
        consumer, and that of the pass that came to its end is returned.

        Parameters
        ----------
        columns
            The columns that the batches have, at least one; None for all. Each comes once, in
            this order.
        make_consumer
            Makes the consumer of a pass.

        Returns
        -------
        C
            The consumer that got all rows, each once.

        Raises
        ------
        AnalysisError
            The data cannot be read; the message holds no cell of them.
        """
        wanted = self.columns if columns is None else tuple(dict.fromkeys(columns))
        if not wanted:
            raise ValueError("columns: expected at least one")
        while True:
            consumer = make_consumer()
            try:
                for batch in self._source.read(wanted):
                    consumer.update(batch)
            except Widened:
                continue
            return consumer

    def settle_types(self, columns: Sequence[str] | None) -> None:
        """Find the final types of columns, so that a following scan of them never starts again.

        It costs a pass over the data: for use before a scan whose consumer is costly, such as a
        model.

        Parameters
        ----------
        columns
            As in `scan`.
        """
        self.scan(columns, _Nothing)


class _Nothing:
    """A consumer of types only."""

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Do nothing: to have read the batch is enough."""
