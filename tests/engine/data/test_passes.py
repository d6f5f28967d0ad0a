"""A pass over the data: one type for each column, started again when a later block widens it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from clarify_engine.data import csv_blocks, json_records
from support_data.reading import Collected, opened, table

JSON = {
    "dataset_type": "application/jsonlines",
    "features": "f",
    "label": "l",
    "headers": ["cell", "group", "label"],
}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 64)
    monkeypatch.setattr(json_records, "BATCH_ROWS", 8)


class Counting(Collected):
    """A consumer that knows how many of it were made."""

    made = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).made += 1


@pytest.fixture
def counting() -> type[Counting]:
    return type("Fresh", (Counting,), {"made": 0})


def csv_file(tmp_path: Path, last: str, first: str = "1") -> Path:
    path = tmp_path / "data.csv"
    path.write_text("cell,group,label\n" + f"{first},2,0\n" * 50 + f"{last},2,0\n")
    return path


def json_file(tmp_path: Path, last: str) -> Path:
    path = tmp_path / "data.jsonl"
    lines = ['{"f": [1, 2], "l": 0}'] * 50 + [f'{{"f": [{last}, 2], "l": 0}}']
    path.write_text("\n".join(lines))
    return path


def test_several_batches_make_a_pass(tmp_path: Path) -> None:
    assert len(opened(csv_file(tmp_path, "1")).scan(None, Collected).batches) > 1


def test_one_consumer_is_enough_where_types_hold(tmp_path: Path, counting: type[Counting]) -> None:
    opened(csv_file(tmp_path, "1")).scan(None, counting)
    assert counting.made == 1


@pytest.mark.parametrize(
    ("last", "type_"), [("1.5", pa.float64()), ("x", pa.string()), ("true", pa.string())]
)
def test_later_cell_starts_the_pass_again_with_a_new_consumer(
    tmp_path: Path, counting: type[Counting], last: str, type_: pa.DataType
) -> None:
    result = opened(csv_file(tmp_path, last)).scan(["cell", "label"], counting)
    assert counting.made == 2
    assert result.table.num_rows == 51
    assert result.table.schema.types == [type_, pa.int64()]


def test_text_in_the_last_row_leaves_all_cells_their_own_text(tmp_path: Path) -> None:
    cells = table(opened(csv_file(tmp_path, "x", first="1.0")))["cell"].to_pylist()
    assert cells == ["1.0"] * 50 + ["x"]


def test_blank_leaves_an_integer_column_int64_with_a_null(tmp_path: Path) -> None:
    column = table(opened(csv_file(tmp_path, "")))["cell"]
    assert column.type == pa.int64()
    assert column.null_count == 1


def test_booleans_with_a_blank_are_booleans_and_a_missing_cell(tmp_path: Path) -> None:
    assert set(table(opened(csv_file(tmp_path, "", "true")))["cell"].to_pylist()) == {True, None}


@pytest.mark.parametrize("last", ["1.5", "x", "0x1F", ""])
def test_settled_types_never_start_a_scan_again(
    tmp_path: Path, counting: type[Counting], last: str
) -> None:
    dataset = opened(csv_file(tmp_path, last))
    dataset.settle_types(["cell", "label"])
    dataset.scan(["label", "cell"], counting)
    assert counting.made == 1


def test_settled_column_never_starts_a_scan_with_others_again(
    tmp_path: Path, counting: type[Counting]
) -> None:
    dataset = opened(csv_file(tmp_path, "inf", first="1.5"))
    dataset.settle_types(["cell"])
    dataset.scan(["cell", "label"], counting)
    assert counting.made == 1


def test_types_of_further_columns_are_found_when_they_are_asked_for(tmp_path: Path) -> None:
    dataset = opened(csv_file(tmp_path, "x"))
    dataset.settle_types(["label"])
    assert table(dataset, ["cell"])["cell"].type == pa.string()


@pytest.mark.parametrize(
    ("last", "type_"), [("1.5", pa.float64()), ('"x"', pa.string()), ("null", pa.int64())]
)
def test_json_lines_start_again_too(tmp_path: Path, last: str, type_: pa.DataType) -> None:
    dataset = opened(json_file(tmp_path, last), **JSON)
    assert table(dataset)["cell"].type == type_
    assert table(dataset).num_rows == 51


def test_json_numbers_in_a_text_column_are_written_as_python_writes_them(tmp_path: Path) -> None:
    assert table(opened(json_file(tmp_path, '"x"'), **JSON))["cell"].to_pylist()[0] == "1"


def test_a_scan_of_no_column_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        opened(csv_file(tmp_path, "1")).scan([], Collected)
