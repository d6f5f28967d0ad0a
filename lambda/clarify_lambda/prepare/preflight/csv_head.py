"""The first rows of a CSV file: its columns, and what shows that it cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from clarify_lambda.prepare.preflight.cells import Cells, cells_of, is_number, json_of
from clarify_lambda.prepare.preflight.dataset import Head, not_checked, unreadable
from clarify_lambda.prepare.preflight.finding import Finding, Stopped, warning


@dataclass(frozen=True)
class CsvHead:
    """The rows that lie wholly in a file's first bytes.

    Attributes
    ----------
    columns
        Names of the columns; the config's headers, where it has some.
    width
        Number of cells in the first row.
    rows
        The rows of data, without blank ones.
    """

    columns: tuple[str, ...]
    width: int
    rows: tuple[tuple[str, ...], ...]

    def cells(self, column: str) -> Cells:
        """Return the cells of a column, of rows that reach so far."""
        return cells_of(self._texts(column))

    def json(self, column: str, most: int) -> list[str]:
        """Return the first cells of a column as JSON."""
        return json_of(self._texts(column), most)

    def _texts(self, column: str) -> list[str]:
        place = self.columns.index(column)
        return [row[place] for row in self.rows if place < len(row)]


def read_csv(
    head: Head, headers: Sequence[str] | None, names: Collection[str]
) -> tuple[CsvHead, list[Finding]]:
    """Return the first rows and what is wrong with them.

    Parameters
    ----------
    head
        The first bytes of the file.
    headers
        The config's column names, or None.
    names
        The columns that the config addresses by name; they help to tell a header row.

    Raises
    ------
    Stopped
        There is no row that can be read.
    """
    rows = csv_rows(head)
    first, header_row = rows[0], _is_header(rows[0], headers, names)
    columns = _names(first, header_row) if headers is None else tuple(headers)
    found = CsvHead(columns, len(first), tuple(rows[1:] if header_row else rows))
    return found, [*_other_order(head, first, headers), *_odd_rows(head, found)]


def csv_rows(head: Head) -> list[tuple[str, ...]]:
    """Return all rows that are wholly in the head: one or more.

    Raises
    ------
    Stopped
        There is none.
    """
    rows: list[tuple[str, ...]] = []
    try:
        # In the dialect csv.excel, as the service reads them.
        lines = io.StringIO(head.text, newline="")
        rows += (tuple(row) for row in csv.reader(lines) if row)
    except csv.Error:
        # A cell is too long for the csv module. Only the first rows are held to its limits: others
        # are read by other means.
        if len(rows) < 2 and head.whole:
            raise Stopped(
                unreadable(
                    head.name,
                    "CSV",
                    "a first or second row that is no CSV row",
                    "Check the delimiter (a comma) and the quotes.",
                )
            ) from None
    else:
        if not head.whole and rows:
            rows.pop()  # it may go on behind the head
    if not rows and head.whole:
        fix = "Give files that hold rows."
        raise Stopped(unreadable(head.name, "CSV", "no row that is not blank", fix))
    if not rows:
        given = "a first row that does not end in the first bytes"
        fix = "Check the delimiter (a comma) and the quotes."
        raise Stopped(not_checked(head.name, given, fix))
    return rows


def _is_header(cells: Sequence[str], headers: Sequence[str] | None, names: Collection[str]) -> bool:
    """Tell whether the first row holds names; the engine tells it in the same way."""
    if headers is not None:
        return same_names(headers, cells)
    if not set(names).isdisjoint(cells):
        return True
    return not any(map(is_number, cells))


def _names(cells: Sequence[str], header_row: bool) -> tuple[str, ...]:
    if header_row:
        return tuple(cell or f"Unnamed: {index}" for index, cell in enumerate(cells))
    return tuple(f"column_{index}" for index in range(len(cells)))


def _other_order(
    head: Head, first: Sequence[str], headers: Sequence[str] | None
) -> Iterator[Finding]:
    if headers is None or len(headers) != len(first):
        return
    if not same_names(headers, first) and sorted(_folded(first)) == sorted(_folded(headers)):
        yield Finding(
            "headers-order",
            head.name,
            "the names of headers in another order",
            "the names in the order of the columns",
            "Give headers in the order of the file's columns, or leave them out.",
        )


def _odd_rows(head: Head, found: CsvHead) -> Iterator[Finding]:
    """Yield the rows of another width: too many cells stop every reader, too few only some."""
    width = found.width
    allowed = f"rows of {width} cells, as the first row has"
    fix = "Check for unquoted commas and cut rows; quote cells that hold a comma."
    long = [len(row) for row in found.rows if len(row) > width]
    short = [len(row) for row in found.rows if len(row) < width]
    if long:
        given = f"{len(long)} of the first {len(found.rows)} rows with more, such as {long[0]}"
        yield Finding("dataset-ragged", head.name, given, allowed, fix)
    if short:
        given = f"{len(short)} of the first {len(found.rows)} rows with fewer, such as {short[0]}"
        yield warning("dataset-ragged", head.name, given, allowed, fix)


def same_names(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Tell whether cells are names, blanks around them and case apart."""
    return _folded(names) == _folded(cells)


def _folded(names: Sequence[str]) -> list[str]:
    return [name.strip().casefold() for name in names]
