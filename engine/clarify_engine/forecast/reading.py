"""Forecasting datasets: JSON documents in one of three layouts.

The layouts are those of the developer guide, "Time series data": `columns` (parallel lists),
`timestamp_records` (one object for each item and time), `item_records` (one object for each item,
with a list for its times).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from clarify_contract.config import TimeSeriesData
from clarify_engine.data.expressions import kind_of
from clarify_engine.data.files import data_files
from clarify_engine.data.json_records import parsed
from clarify_engine.data.problems import problem
from clarify_engine.forecast.items import Items, Paths
from clarify_engine.forecast.paths import SeriesPath
from clarify_engine.forecast.series import Series

_Rows = tuple[str, Any, list[Any], list[Sequence[Any]]]


def read_series(config: TimeSeriesData, source: Path) -> list[Series]:
    """Return the items of a dataset, in the order of the files and within them.

    Parameters
    ----------
    config
        Where the parts of the dataset are.
    source
        A JSON file, or a folder that is read with all folders below it, by name. The rows of an
        item may stand in several files. All of it is held in memory.

    Raises
    ------
    AnalysisError
        A file is not JSON, or not as the config says; see `Items` for what an item must have.
    """
    paths = _paths(config)
    read = _by_item if config.dataset_format == "item_records" else _by_row
    items = Items(paths)
    for file in data_files(source, "dataset", "JSON"):
        for rows in read(
            parsed(file, "Write one document in one of the layouts of dataset_format."),
            paths,
            file.name,
        ):
            items.add(*rows)
    series = items.series()
    if not series:
        raise problem(
            "Unable to load the dataset as time series.",
            "dataset-empty",
            "dataset",
            given="no item",
            allowed="one item or more",
            fix="Give files that hold time series, and compare dataset_format with them.",
        )
    return series


def _paths(config: TimeSeriesData) -> Paths:
    def several(key: str, addresses: Sequence[str | int] | None) -> list[SeriesPath]:
        return [SeriesPath(f"{key}[{i}]", address) for i, address in enumerate(addresses or ())]

    return Paths(
        SeriesPath("item_id", config.item_id),
        SeriesPath("timestamp", config.timestamp),
        SeriesPath("target_time_series", config.target_time_series),
        several("related_time_series", config.related_time_series),
        several("static_covariates", config.static_covariates),
    )


def _by_row(document: Any, paths: Paths, name: str) -> Iterator[_Rows]:
    """Yield the rows of `columns` and `timestamp_records`, one by one."""
    columns = _columns(document, paths, name)
    statics = len(paths.static)
    for number, (item_id, *values) in enumerate(zip(*columns, strict=True), 1):
        yield f"{name} row {number}", item_id, values[:statics], [values[statics:]]


def _columns(document: Any, paths: Paths, name: str) -> list[list[Any]]:
    columns: list[list[Any]] = []
    for path in (paths.item_id, *paths.static, *paths.over_time):
        columns.append(path.rows(document, name))
        _same_length(path, columns[-1], len(columns[0]), "item_id", name)
    return columns


def _by_item(document: Any, paths: Paths, name: str) -> Iterator[_Rows]:
    """Yield the rows of each item of `item_records`."""
    of_item, over_time = (paths.item_id, *paths.static), paths.over_time
    found = [path.by_item(document, name) for path in (*of_item, *over_time)]
    for path, values in zip((*of_item, *over_time), found, strict=True):
        if len(values) != len(found[0]):
            raise path.problem(
                name, "forecast-lengths", f"{len(values)} items", f"{len(found[0])}, as item_id has"
            )
    for number, values in enumerate(zip(*found, strict=True), 1):
        place = f"{name} item {number}"
        item_id, *static = [
            _only(path, value, place) for path, value in zip(of_item, values, strict=False)
        ]
        series = values[len(of_item) :]
        for path, value in zip(over_time, series, strict=True):
            _refuse_nested(path, value, place)
            _same_length(path, value, len(series[0]), "timestamp", place)
        yield place, item_id, static, list(zip(*series, strict=True))


def _only(path: SeriesPath, found: list[Any], place: str) -> Any:
    if len(found) != 1:
        raise path.problem(place, "forecast-lengths", f"{len(found)} values", "one for each item")
    return found[0]


def _same_length(path: SeriesPath, found: list[Any], length: int, of: str, place: str) -> None:
    if len(found) != length:
        raise path.problem(
            place, "forecast-lengths", f"{len(found)} values", f"{length}, as many as {of} has"
        )


def _refuse_nested(path: SeriesPath, found: list[Any], place: str) -> None:
    if found and isinstance(found[0], list):
        raise path.problem(
            place,
            "forecast-nested",
            f"{kind_of(found)}, each of them a list",
            "one value for each time of the item",
            "Write [] where the list of times begins, as in [*].timeseries[].timestamp.",
        )
