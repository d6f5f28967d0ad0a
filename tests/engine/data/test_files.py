"""Which files are the dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarify_engine.data.files import data_files
from clarify_engine.errors import AnalysisError


def names(folder: Path) -> list[str]:
    return [file.name for file in data_files(folder, "dataset", "CSV")]


def put(path: Path, content: bytes = b"a,b\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_one_file_is_the_dataset_whatever_its_name(tmp_path: Path) -> None:
    assert names(put(tmp_path / "_train.data")) == ["dataset (_train.data)"]


def test_folder_is_read_with_the_folders_below_it(tmp_path: Path) -> None:
    for name in ("b.csv", "a/b/c.csv", "a/a", "c"):
        put(tmp_path / name)
    assert names(tmp_path) == [f"dataset ({name})" for name in ("a/a", "a/b/c.csv", "b.csv", "c")]


@pytest.mark.parametrize(
    "other", ["_SUCCESS", ".part-0.csv.crc", "_temporary/0/x.csv", ".git/config"]
)
def test_hidden_and_marker_files_are_no_data(tmp_path: Path, other: str) -> None:
    put(tmp_path / "a.csv")
    put(tmp_path / other)
    assert names(tmp_path) == ["dataset (a.csv)"]


def test_empty_files_are_no_data(tmp_path: Path) -> None:
    put(tmp_path / "a.csv")
    put(tmp_path / "b.csv", b"")
    assert names(tmp_path) == ["dataset (a.csv)"]


@pytest.mark.parametrize("content", [None, b""])
def test_no_data_is_the_service_s_failed_download(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        put(tmp_path / "a.csv", content)
    with pytest.raises(AnalysisError) as caught:
        names(tmp_path)
    assert caught.value.message == "Failed to download data"


def test_absent_path_is_no_data(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError) as caught:
        names(tmp_path / "absent")
    assert caught.value.message == "Failed to download data"
    assert str(tmp_path) not in str(caught.value)


def test_files_of_several_formats_are_refused_with_their_counts(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.json"):
        put(tmp_path / name)
    with pytest.raises(AnalysisError, match=r"2 of CSV, 1 of JSON\)"):
        names(tmp_path)


@pytest.mark.parametrize(
    ("content", "given"),
    [
        (b"PAR1....", "a Parquet file"),
        (b"\x1f\x8b....", "a gzip file"),
        (b"PK\x03\x04", "a zip file"),
    ],
)
def test_file_that_is_something_else_is_refused(tmp_path: Path, content: bytes, given: str) -> None:
    with pytest.raises(AnalysisError, match=given):
        names(put(tmp_path / "data.csv", content))


def test_text_is_no_parquet(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="not Parquet"):
        data_files(put(tmp_path / "data.parquet"), "dataset", "Parquet")
