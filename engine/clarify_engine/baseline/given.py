"""The rows of a given baseline, in the forms that the dataset's own format has."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from clarify_contract import AnalysisConfig
from clarify_engine.baseline.problems import PATH, not_csv, wrong_columns
from clarify_engine.data import Dataset
from clarify_engine.data.expressions import Expression, kind_of
from clarify_engine.data.files import DataFile, data_files
from clarify_engine.data.headers import same_names
from clarify_engine.data.json_records import Expressions, json_document, json_lines
from clarify_engine.data.parquet_source import ParquetSource
from clarify_engine.data.problems import not_utf8
from clarify_engine.data.text import MISSING

_FORMATS = {
    "text/csv": "CSV",
    "application/jsonlines": "JSON Lines",
    "application/json": "JSON",
    "application/x-parquet": "Parquet",
}


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row as it was found.

    Attributes
    ----------
    place
        Where, for findings: rows count from 1.
    cells
        Its values.
    """

    place: str
    cells: Sequence[Any]


def rows_in_place(config: AnalysisConfig, baseline: Any) -> Iterator[GivenRow]:
    """Yield the rows that the config itself holds.

    Tables have a list of rows. JSON Lines have a list of lines and JSON has one document, in which
    the config's `features` finds the values as it does in the dataset.

    Raises
    ------
    AnalysisError
        `features` does not find lists of values.
    """
    if config.dataset_type == "application/json":
        features = _features(config)
        found = _list(features.search_all(baseline, PATH), features, PATH)
        for number, cells in enumerate(found, 1):
            place = f"{PATH} row {number}"
            yield GivenRow(place, _list(cells, features, place))
    elif config.dataset_type == "application/jsonlines":
        features = _features(config)
        for number, line in enumerate(baseline, 1):
            place = f"{PATH} row {number}"
            yield GivenRow(place, _list(features.search(line, place), features, place))
    else:
        yield from _numbered(PATH, baseline)


def rows_in_files(
    config: AnalysisConfig, dataset: Dataset, uri: str, fetch: Callable[[str], Path]
) -> Iterator[GivenRow]:
    """Yield the rows below an S3 URI, in the dataset's own format.

    CSV has the features only and needs no header row; one that says the features' names is passed
    over. Its cells are texts, and None where pandas reads a missing cell. The columns of Parquet
    are found by name; where `headers` renames the dataset's, they may also be in its order.

    Raises
    ------
    AnalysisError
        There is no file, or it is not of the dataset's format.
    """
    format_ = _FORMATS[config.dataset_type]
    files = data_files(fetch(uri), "baseline", format_)
    for file in files:
        if format_ == "CSV":
            yield from _numbered(file.name, _csv_rows(file, dataset.features))
        elif format_ == "Parquet":
            yield from _numbered(file.name, _parquet_rows(file, config, dataset.features))
        elif format_ == "JSON":
            yield from _numbered(file.name, json_document(file, Expressions(_features(config), [])))
        else:
            lines = json_lines(file, Expressions(_features(config), []))
            yield from _numbered(file.name, chain.from_iterable(lines))


def _features(config: AnalysisConfig) -> Expression:
    return Expression("features", str(config.features))


def _list(found: Any, features: Expression, place: str) -> list[Any]:
    if not isinstance(found, list):
        raise features.problem(
            place,
            "features-shape",
            kind_of(found),
            "a list of values for each row",
            "Write the baseline as the dataset's records are.",
        )
    return found


def _numbered(place: str, rows: Iterable[Sequence[Any]]) -> Iterator[GivenRow]:
    for number, cells in enumerate(rows, 1):
        yield GivenRow(f"{place} row {number}", cells)


def _csv_rows(file: DataFile, features: Sequence[str]) -> Iterator[list[str | None]]:
    number = 0
    try:
        with file.path.open(encoding="utf-8-sig", newline="") as text:
            rows = (row for row in csv.reader(text, strict=True) if row)
            first = next(rows, list(features))
            for row in rows if same_names(features, first) else chain([first], rows):
                number += 1
                yield [None if cell in MISSING else cell for cell in row]
    except UnicodeDecodeError:
        raise not_utf8(file.name) from None
    except csv.Error:
        raise not_csv(f"{file.name} row {number + 1}") from None


def _parquet_rows(
    file: DataFile, config: AnalysisConfig, features: Sequence[str]
) -> Iterator[list[Any]]:
    source = ParquetSource([file], None)
    columns = source.columns
    if set(columns) == set(features):
        columns = tuple(features)
    elif config.headers is None and len(columns) == len(features):
        raise wrong_columns(file.name)
    for batch in source.read(columns):
        yield from map(list, zip(*(cells.to_pylist() for cells in batch.columns), strict=True))
