"""The first row of a CSV file: column names or already data."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from clarify_engine.data.files import DataFile
from clarify_engine.data.headers import refuse_other_headers, refuse_repeated, same_names
from clarify_engine.data.kinds import Kind
from clarify_engine.data.problems import not_utf8, unreadable
from clarify_engine.data.text import kinds_of


@dataclass(frozen=True, slots=True)
class CsvHead:
    """The first rows of a file.

    Attributes
    ----------
    cells
        The first row.
    end
        The byte after it.
    following
        The row after it; empty if there is none.
    """

    cells: tuple[str, ...]
    end: int
    following: tuple[str, ...]


def read_head(file: DataFile) -> CsvHead | None:
    """Return the first row that is not blank, in the dialect ``csv.excel``; None without a row.

    Raises
    ------
    AnalysisError
        The row is not UTF-8, or longer than the csv module takes for one cell.
    """
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for line in text:
            read += len(line.encode())
            yield line

    bom = 0
    with file.path.open("rb") as stream:
        if stream.read(3) == b"\xef\xbb\xbf":
            bom = 3
    with file.path.open(encoding="utf-8", newline="") as text:
        text.seek(bom)
        rows = csv.reader(lines())
        try:
            for row in rows:
                if row:
                    end = bom + read
                    following = next((row for row in rows if row), [])
                    return CsvHead(tuple(row), end, tuple(following))
        except UnicodeDecodeError:
            raise not_utf8(file.name) from None
        except csv.Error:
            raise unreadable(
                file.name,
                "CSV",
                "a first or second row that is no CSV row",
                "Check the delimiter (a comma) and the quotes.",
            ) from None
    return None


def is_header(cells: Sequence[str], headers: Sequence[str] | None, names: Collection[str]) -> bool:
    """Tell whether a file's first row holds column names. The service does not say how it tells.

    - With `headers`: the row is a header row if it says the same, blanks around names and case
      apart.
    - Else, if the config names columns and one of these names is in the row, it is a header row.
    - Else a row with a number in it is data; any other is a header row. So a file without header
      row whose first row is all text needs ``headers``.

    Parameters
    ----------
    cells
        The row.
    headers
        The config's names, or None.
    names
        The columns that the config addresses by name.
    """
    if headers is not None:
        return same_names(headers, cells)
    if not set(names).isdisjoint(cells):
        return True
    return not _holds_number(cells)


def may_be_header(head: CsvHead) -> bool:
    """Tell whether a first row that is not the headers may be a header row with other names.

    It has no number in it, and the next row has.
    """
    return not _holds_number(head.cells) and _holds_number(head.following)


def _holds_number(cells: Sequence[str]) -> bool:
    numbers = Kind.INT | Kind.HUGE | Kind.FLOAT
    return any(kinds_of(pa.array([cell])) & numbers for cell in cells)


def column_names(
    head: CsvHead, file: DataFile, headers: Sequence[str] | None, names: Collection[str]
) -> tuple[tuple[str, ...], bool]:
    """Return a file's column names, and whether its first row held them.

    Without any names, columns are called ``column_0``, ``column_1`` and so on. A nameless column in
    a header row is called ``Unnamed: <index>``, as pandas does.

    Raises
    ------
    AnalysisError
        There are more or fewer names than columns, a name occurs twice, or the first row has the
        same names in another order.
    """
    header_row = is_header(head.cells, headers, names)
    if headers is not None:
        refuse_other_headers(file.name, headers, head.cells)
        return tuple(headers), header_row
    if not header_row:
        return tuple(f"column_{i}" for i in range(len(head.cells))), False
    found = tuple(cell or f"Unnamed: {i}" for i, cell in enumerate(head.cells))
    refuse_repeated(file.name, found)
    return found, True
