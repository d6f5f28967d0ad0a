"""Parquet datasets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clarify_engine.errors import AnalysisError
from support_data.reading import opened, table

PARQUET = {"dataset_type": "application/x-parquet"}


def file(folder: Path, columns: dict[str, Any], name: str = "data.parquet") -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), folder / name)
    return folder / name


def cells(folder: Path, array: pa.Array) -> pa.ChunkedArray:
    zeros = pa.array([0] * len(array))
    path = file(folder, {"label": zeros, "group": zeros, "cell": array})
    return table(opened(path, **PARQUET), ["cell"])["cell"]


@pytest.mark.parametrize(
    ("stored", "type_", "read"),
    [
        (pa.array([1, None], pa.int8()), pa.int64(), [1, None]),
        (pa.array([1, 2], pa.uint64()), pa.int64(), [1, 2]),
        (pa.array([1, 2**63], pa.uint64()), pa.string(), ["1", "9223372036854775808"]),
        (pa.array([0.5, None, float("nan")], pa.float32()), pa.float64(), [0.5, None, None]),
        (pa.array([True, False]), pa.bool_(), [True, False]),
        (pa.array([True, None]), pa.bool_(), [True, None]),
        (pa.array(["a", "1", None]), pa.string(), ["a", "1", None]),
        (pa.array(["a"], pa.large_string()), pa.string(), ["a"]),
        (pa.array(["b", "a", None]).dictionary_encode(), pa.string(), ["b", "a", None]),
        (pa.array([7, 8]).dictionary_encode(), pa.int64(), [7, 8]),
        (pa.array([Decimal("1.5")]), pa.float64(), [1.5]),
        (pa.array([dt.date(2020, 1, 31)]), pa.string(), ["2020-01-31"]),
        (pa.nulls(2), pa.int64(), [None, None]),
    ],
)
def test_stored_type_becomes_one_of_four(
    tmp_path: Path, stored: pa.Array, type_: pa.DataType, read: list[Any]
) -> None:
    column = cells(tmp_path, stored)
    assert column.type == type_
    assert column.to_pylist() == read


@pytest.mark.parametrize(
    "stored",
    [pa.array([[1]]), pa.array([{"a": 1}]), pa.array([b"a"]), pa.array([b"a"], pa.binary(1))],
)
def test_column_without_single_values_is_refused_when_it_is_read(
    tmp_path: Path, stored: pa.Array
) -> None:
    with pytest.raises(AnalysisError) as caught:
        cells(tmp_path, stored)
    assert caught.value.findings[0].id == "column-not-flat"


def test_nested_column_that_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    path = file(tmp_path, {"label": [1], "group": [0], "list": [[1, 2]]})
    assert table(opened(path, **PARQUET), ["label"])["label"].to_pylist() == [1]


def test_files_of_a_folder_are_read_in_sorted_order(tmp_path: Path) -> None:
    file(tmp_path / "data", {"label": [2], "group": ["b"]}, "2.parquet")
    file(tmp_path / "data", {"label": [1], "group": ["a"]}, "1.parquet")
    assert table(opened(tmp_path / "data", **PARQUET))["group"].to_pylist() == ["a", "b"]


def test_integers_and_floats_of_several_files_are_floats(tmp_path: Path) -> None:
    file(tmp_path / "data", {"label": [2**60 + 1], "group": ["b"]}, "1.parquet")
    file(tmp_path / "data", {"label": [0.5], "group": ["a"]}, "2.parquet")
    assert table(opened(tmp_path / "data", **PARQUET))["label"].to_pylist() == [2.0**60, 0.5]


@pytest.mark.parametrize("other", [["1"], [True]])
def test_column_of_another_type_in_another_file_is_refused(
    tmp_path: Path, other: list[Any]
) -> None:
    file(tmp_path / "data", {"label": [1], "group": ["b"]}, "1.parquet")
    file(tmp_path / "data", {"label": other, "group": ["a"]}, "2.parquet")
    with pytest.raises(AnalysisError) as caught:
        table(opened(tmp_path / "data", **PARQUET))
    assert caught.value.findings[0].id == "column-types-differ"


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    file(tmp_path / "data", {"label": [1], "group": ["b"]}, "1.parquet")
    file(tmp_path / "data", {"group": ["a"], "label": [1]}, "2.parquet")
    with pytest.raises(AnalysisError) as caught:
        opened(tmp_path / "data", **PARQUET)
    assert caught.value.findings[0].id == "headers-differ"


def test_columns_come_in_the_order_asked_for(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, {"label": [1], "group": [2], "age": [3]}), **PARQUET)
    assert table(dataset, ["age", "label"]).column_names == ["age", "label"]
    assert table(dataset, ["age", "label"]).to_pylist() == [{"age": 3, "label": 1}]


def test_headers_replace_the_stored_names(tmp_path: Path) -> None:
    path = file(tmp_path, {"a": [1], "b": [2]})
    dataset = opened(path, headers=["label", "group"], **PARQUET)
    assert table(dataset).to_pydict() == {"label": [1], "group": [2]}


def test_header_count_is_the_column_count(tmp_path: Path) -> None:
    path = file(tmp_path, {"a": [1], "b": [2]})
    with pytest.raises(AnalysisError, match="Headers in config do not match"):
        opened(path, headers=["label", "group", "age"], **PARQUET)


def test_headers_in_another_order_than_the_stored_names_are_refused(tmp_path: Path) -> None:
    path = file(tmp_path, {"label": [1], "group": [2]})
    with pytest.raises(AnalysisError) as caught:
        opened(path, headers=["group", "label"], **PARQUET)
    assert caught.value.findings[0].id == "headers-order"


def test_repeated_column_name_is_refused(tmp_path: Path) -> None:
    pq.write_table(
        pa.Table.from_arrays([pa.array([1])] * 3, names=["label", "group", "group"]),
        tmp_path / "data.parquet",
    )
    with pytest.raises(AnalysisError) as caught:
        opened(tmp_path / "data.parquet", **PARQUET)
    assert caught.value.findings[0].id == "headers-repeated"


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, {"label": [1], "group": ["b"]})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(AnalysisError) as caught:
        opened(path, **PARQUET)
    assert caught.value.findings[0].id == "dataset-unreadable"


def test_booleans_of_several_files_stay_booleans_if_one_has_a_missing_cell(tmp_path: Path) -> None:
    file(tmp_path / "data", {"label": [True], "group": ["b"]}, "1.parquet")
    file(tmp_path / "data", {"label": [None, False], "group": ["a", "a"]}, "2.parquet")
    labels = table(opened(tmp_path / "data", **PARQUET))["label"].to_pylist()
    assert labels == [True, None, False]
