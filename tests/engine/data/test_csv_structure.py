"""CSV files: dialect, header rows, several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarify_engine.data import csv_blocks
from clarify_engine.errors import AnalysisError
from support_data.reading import opened, table

BY_INDEX = {"label": 0, "facet": [{"name_or_index": 1, "value_or_threshold": [1]}]}
HEADERS = ["label", "group", "age"]


def file(folder: Path, text: str, name: str = "data.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def refusal(source: Path, **keys: object) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        table(opened(source, **keys))
    return caught.value


def test_header_row_is_read_from_the_file(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "label,group,age\n1,0,30\n0,1,40\n"))
    assert dataset.columns == ("label", "group", "age")
    assert table(dataset).to_pydict() == {"label": [1, 0], "group": [0, 1], "age": [30, 40]}


def test_file_without_header_row_has_numbered_columns(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "1,State-gov,30\n0,Private,40\n"), **BY_INDEX)
    assert dataset.columns == ("column_0", "column_1", "column_2")
    assert dataset.label == "column_0"
    assert table(dataset)["column_1"].to_pylist() == ["State-gov", "Private"]


def test_headers_name_the_columns_of_a_file_without_header_row(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "1,0,30\n0,1,40\n"), headers=HEADERS)
    assert table(dataset).to_pydict() == {"label": [1, 0], "group": [0, 1], "age": [30, 40]}


@pytest.mark.parametrize(
    "first_row", ["label,group,age", "label, Group ,AGE", '"label","group","age"']
)
def test_first_row_that_repeats_the_headers_is_no_data(tmp_path: Path, first_row: str) -> None:
    dataset = opened(file(tmp_path, f"{first_row}\n1,0,30\n"), headers=HEADERS)
    assert table(dataset).to_pydict() == {"label": [1], "group": [0], "age": [30]}


def test_first_row_with_the_headers_in_another_order_is_refused(tmp_path: Path) -> None:
    error = refusal(file(tmp_path, "group,label,age\n1,0,30\n"), headers=HEADERS)
    assert error.findings[0].id == "headers-order"


def test_header_row_that_headers_do_not_repeat_is_warned_about(tmp_path: Path) -> None:
    path = file(tmp_path, "outcome,sex,age\n1,0,30\n")
    dataset = opened(path, headers=HEADERS)
    assert table(dataset)["age"].to_pylist() == ["age", "30"]
    assert [warning.id for warning in dataset.warnings] == ["first-row-unlike-headers"]
    assert dataset.warnings[0].severity == "warning"


@pytest.mark.parametrize(
    "text", ["yes,f,a\nno,m,b\n", "1,f,a\n0,m,b\n", "label,group,age\n1,2,3\n"]
)
def test_data_and_known_header_rows_are_not_warned_about(tmp_path: Path, text: str) -> None:
    assert opened(file(tmp_path, text), headers=HEADERS).warnings == ()


def test_text_in_the_first_row_is_a_header_row(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "outcome,who,age\n1,0,30\n"), **BY_INDEX)
    assert dataset.label == "outcome"


def test_a_name_of_the_config_in_the_first_row_makes_it_a_header_row(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "label,group,2020\n1,0,30\n"))
    assert dataset.columns == ("label", "group", "2020")


def test_all_text_file_needs_headers_and_keeps_its_first_row_with_them(tmp_path: Path) -> None:
    path = file(tmp_path, "yes,f,a\nno,m,b\n")
    assert table(opened(path, headers=HEADERS))["label"].to_pylist() == ["yes", "no"]


def test_nameless_column_is_named_as_pandas_does(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, ",label,group\n0,1,0\n"))
    assert dataset.columns == ("Unnamed: 0", "label", "group")


def test_repeated_column_name_is_refused(tmp_path: Path) -> None:
    error = refusal(file(tmp_path, "label,group,group\n1,0,30\n"))
    assert error.findings[0].id == "headers-repeated"


@pytest.mark.parametrize("headers", [["label", "group"], ["label", "group", "age", "more"]])
def test_header_count_is_the_column_count(tmp_path: Path, headers: list[str]) -> None:
    error = refusal(file(tmp_path, "1,0,30\n"), headers=headers)
    assert error.message == (
        "Headers in config do not match with the number of columns in the dataset."
    )
    assert error.findings[0].given == "3 columns"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_quotes_of_the_excel_dialect(tmp_path: Path, end: str) -> None:
    rows = ['label,"gro""up",note', '1,0,"a, ""b"""', '0,1,"two\nlines"', '1,1,"it"s']
    dataset = opened(
        file(tmp_path, end.join(rows)),
        facet=[{"name_or_index": 'gro"up', "value_or_threshold": [1]}],
    )
    assert table(dataset)["note"].to_pylist() == ['a, "b"', "two\nlines", "its"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_header_cell_may_hold_a_line_end(tmp_path: Path, end: str) -> None:
    dataset = opened(file(tmp_path, end.join(['label,group,"a\nb"', "1,0,2", ""])))
    assert dataset.columns == ("label", "group", "a\nb")
    assert table(dataset).num_rows == 1


def test_blank_lines_and_byte_order_mark_are_no_rows(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "\ufeff\n\nlabel,group\n\n1,0\n\n0,1\n\n"))
    assert table(dataset).to_pydict() == {"label": [1, 0], "group": [0, 1]}


def test_blank_lines_and_byte_order_mark_before_data_are_no_rows(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "\ufeff\n\n1,0\n\n0,1\n"), **BY_INDEX)
    assert table(dataset).to_pydict() == {"column_0": [1, 0], "column_1": [0, 1]}


def test_cells_with_line_ends_are_whole_wherever_a_block_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [f"{i}\n" * 5 for i in range(100)]
    path = file(tmp_path, "label,group\n" + "".join(f'{i},"{c}"\n' for i, c in enumerate(cells)))
    for size in range(60, 80):
        monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", size)
        read = table(opened(path))
        assert read.to_pydict() == {"label": list(range(100)), "group": cells}


def test_columns_come_in_the_order_asked_for(tmp_path: Path) -> None:
    dataset = opened(file(tmp_path, "label,group,age\n1,0,30\n"))
    assert table(dataset, ["age", "label", "age"]).to_pydict() == {"age": [30], "label": [1]}


@pytest.mark.parametrize(("row", "cells"), [("1,2,3", 3), ("1", 1)])
def test_row_of_another_length_is_refused(tmp_path: Path, row: str, cells: int) -> None:
    error = refusal(file(tmp_path, f"label,group\n1,0\n{row}\n"))
    assert error.findings[0].id == "dataset-ragged"
    assert error.findings[0].given == f"a row of {cells} cells"


def test_other_encoding_is_refused_in_a_column_that_nobody_reads(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes("label,group,name\n1,0,é\n".encode("latin-1"))
    with pytest.raises(AnalysisError, match="UTF-8"):
        table(opened(tmp_path / "data.csv"), ["label"])


def test_other_encoding_of_the_header_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes("label,group,né\n1,0,1\n".encode("latin-1"))
    assert refusal(tmp_path / "data.csv").findings[0].id == "dataset-not-utf8"


def test_character_cut_off_at_the_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes("label,group\n1,é".encode()[:-1])
    assert refusal(tmp_path / "data.csv").findings[0].id == "dataset-not-utf8"


def test_header_row_alone_gives_no_rows(tmp_path: Path) -> None:
    assert opened(file(tmp_path, "label,group\n")).scan(None, Rows).count == 0


def test_files_of_a_folder_are_read_in_sorted_order(tmp_path: Path) -> None:
    for name, label in [("b.csv", 2), ("a/z.csv", 1), ("c.csv", 3)]:
        file(tmp_path / "data", f"label,group\n{label},0\n", name)
    assert table(opened(tmp_path / "data"))["label"].to_pylist() == [1, 2, 3]


def test_one_type_for_a_column_of_several_files(tmp_path: Path) -> None:
    file(tmp_path / "data", "label,group\n1,0\n", "a.csv")
    file(tmp_path / "data", "label,group\n1.5,x\n", "b.csv")
    dataset = opened(tmp_path / "data")
    assert table(dataset).to_pydict() == {"label": [1.0, 1.5], "group": ["0", "x"]}


def test_first_row_of_text_is_data_where_the_first_file_has_no_header_row(tmp_path: Path) -> None:
    file(tmp_path / "data", "1,x\n", "a.csv")
    file(tmp_path / "data", "NA,y\n", "b.csv")
    assert table(opened(tmp_path / "data", **BY_INDEX))["column_1"].to_pylist() == ["x", "y"]


@pytest.mark.parametrize("second", ["label,other\n1,0\n", "1,0\n", "label,group,age\n1,0,2\n"])
def test_files_with_other_columns_are_refused(tmp_path: Path, second: str) -> None:
    file(tmp_path / "data", "label,group\n1,0\n", "a.csv")
    file(tmp_path / "data", second, "b.csv")
    assert refusal(tmp_path / "data").findings[0].id == "headers-differ"


def test_row_longer_than_a_block_is_refused_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 64)
    file(tmp_path / "data", "label,group\n1,a\n", "a.csv")
    file(tmp_path / "data", f"label,group\n1,{'b' * 200}\n", "b.csv")
    for columns in (["label"], ["group"]):
        with pytest.raises(AnalysisError) as caught:
            table(opened(tmp_path / "data"), columns)
        assert caught.value.findings[0].path == "dataset (b.csv)"


def test_with_headers_each_file_may_have_a_header_row_or_none(tmp_path: Path) -> None:
    file(tmp_path / "data", "label,group\n1,0\n", "a.csv")
    file(tmp_path / "data", "0,1\n", "b.csv")
    dataset = opened(tmp_path / "data", headers=["label", "group"])
    assert table(dataset)["label"].to_pylist() == [1, 0]


class Rows:
    def __init__(self) -> None:
        self.count = 0

    def update(self, batch: object) -> None:
        self.count += batch.num_rows  # type: ignore[attr-defined]
