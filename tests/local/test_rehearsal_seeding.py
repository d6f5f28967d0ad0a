"""Data and model are put where the deployed pipeline will look for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarify_local.seeding import SeedingFailed, data_keys, split_uri


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("dataset/", "dataset/train.csv"),
        ("dataset", "dataset/train.csv"),
        ("", "train.csv"),
        ("data/all.csv", "data/all.csv"),
        ("data/all.parquet", "data/all.parquet/train.csv"),
        ("data/2026.11/", "data/2026.11/train.csv"),
    ],
)
def test_a_file_goes_to_the_key_that_is_read(tmp_path: Path, key: str, expected: str) -> None:
    (file := tmp_path / "train.csv").write_text("a\n1\n")
    assert data_keys(file, key) == {expected: file}


def test_a_folders_files_keep_their_places(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    for name in ("b.csv", "2026/a.csv"):
        (tmp_path / name).write_text("x")
    assert list(data_keys(tmp_path, "dataset/")) == ["dataset/2026/a.csv", "dataset/b.csv"]


def test_an_s3_uri_is_split_and_anything_else_refused() -> None:
    assert split_uri("s3://bucket/a/b.csv") == ("bucket", "a/b.csv")
    assert split_uri("s3://bucket") == ("bucket", "")
    for text in ("bucket/a", "https://bucket/a", "s3:///a"):
        with pytest.raises(SeedingFailed, match="is no S3 URI"):
            split_uri(text)
