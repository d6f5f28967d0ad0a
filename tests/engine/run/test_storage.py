"""What the container reads from S3 itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from clarify_engine.aws import Aws
from clarify_engine.errors import AnalysisError
from clarify_engine.storage import Downloads


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="data")
        yield client


def put(s3: Any, **objects: str) -> None:
    for key, body in objects.items():
        s3.put_object(Bucket="data", Key=key, Body=body.encode())


@pytest.fixture
def downloads(s3: Any, tmp_path: Path) -> Downloads:
    return Downloads(Aws(), tmp_path / "scratch")


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_an_object_is_one_file_of_its_own_name(s3: Any, downloads: Downloads) -> None:
    put(s3, **{"in/train.csv": "a", "in/train.csv.old": "b"})
    fetched = downloads.fetch("s3://data/in/train.csv")
    assert fetched.name == "train.csv"
    assert fetched.read_text() == "a"


@pytest.mark.parametrize("uri", ["s3://data/in/train", "s3://data/in/train/"])
def test_a_prefix_is_a_folder_with_all_folders_below_it(
    s3: Any, downloads: Downloads, uri: str
) -> None:
    put(
        s3,
        **{"in/train/1.csv": "a", "in/train/x/2.csv": "b", "in/train/": "", "in/train2.csv": "c"},
    )
    assert tree(downloads.fetch(uri)) == {"1.csv": "a", "x/2.csv": "b"}


def test_a_whole_bucket_is_a_prefix(s3: Any, downloads: Downloads) -> None:
    put(s3, **{"1.csv": "a"})
    assert tree(downloads.fetch("s3://data")) == {"1.csv": "a"}


def test_many_objects_come_in_pages(
    s3: Any, downloads: Downloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    put(s3, **{f"many/{i}": str(i) for i in range(5)})
    assert s3.list_objects_v2(Bucket="data")["IsTruncated"]
    assert len(tree(downloads.fetch("s3://data/many"))) == 5


def test_a_uri_is_fetched_once(s3: Any, downloads: Downloads) -> None:
    put(s3, a="1")
    first = downloads.fetch("s3://data/a")
    s3.delete_object(Bucket="data", Key="a")
    assert downloads.fetch("s3://data/a") == first


@pytest.mark.parametrize("uri", ["s3://data/none", "s3://absent/none", "https://data/x", "s3://"])
def test_what_cannot_be_downloaded_is_told_in_the_service_s_words(
    s3: Any, downloads: Downloads, uri: str
) -> None:
    with pytest.raises(AnalysisError, match="Failed to download data"):
        downloads.fetch(uri)


def test_a_key_cannot_leave_its_folder(s3: Any, downloads: Downloads, tmp_path: Path) -> None:
    put(s3, **{"in/../../../outside": "x"})
    with pytest.raises(AnalysisError, match="leaves its own prefix"):
        downloads.fetch("s3://data/in")
    assert not (tmp_path / "outside").exists()
