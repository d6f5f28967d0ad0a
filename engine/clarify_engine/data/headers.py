"""The config's headers beside the names in a file."""

from __future__ import annotations

from collections.abc import Sequence

from clarify_engine.data.problems import HEADERS_MISMATCH, headers_mismatch, problem


def same_names(headers: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether names are the headers, blanks around them and case apart."""
    return _folded(headers) == _folded(names)


def refuse_other_headers(path: str, headers: Sequence[str], names: Sequence[str]) -> None:
    """Raise if headers cannot be the names of a file's columns.

    Parameters
    ----------
    path
        What findings call the file.
    headers
        The config's headers.
    names
        The file's own names, or its first row, whatever that is.

    Raises
    ------
    AnalysisError
        They are more or fewer, or the same names in another order.
    """
    if len(headers) != len(names):
        raise headers_mismatch(path, len(names), len(headers))
    if not same_names(headers, names) and sorted(_folded(headers)) == sorted(_folded(names)):
        raise problem(
            HEADERS_MISMATCH,
            "headers-order",
            path,
            given="the names of headers in another order",
            allowed="the names in the order of the columns",
            fix="Give headers in the order of the file's columns, or leave them out.",
        )


def refuse_repeated(path: str, names: Sequence[str]) -> None:
    """Raise if two columns of a file have the same name."""
    if len(set(names)) < len(names):
        raise problem(
            "Headers must be unique.",
            "headers-repeated",
            path,
            given=f"{len(names)} column names, {len(set(names))} of them different",
            allowed="a name of its own for each column",
            fix="Rename the columns, or for CSV set headers to names that differ.",
        )


def _folded(names: Sequence[str]) -> list[str]:
    return [name.strip().casefold() for name in names]
