"""Data that the container reads from S3 itself: downloaded into a folder that the run removes."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from clarify_contract.findings import Finding
from clarify_engine.aws import Aws, plain_errors
from clarify_engine.errors import AnalysisError

_FAILED = "Failed to download data"


class Downloads:
    """Fetches S3 objects and prefixes, each URI once.

    Parameters
    ----------
    aws
        Where the S3 client comes from; it is made with the first URI.
    folder
        Where to put what is fetched. The caller removes it.

    Attributes
    ----------
    fetched
        Local path of each URI.
    """

    def __init__(self, aws: Aws, folder: Path) -> None:
        self._aws = aws
        self._folder = folder
        self.fetched: dict[str, Path] = {}

    def fetch(self, uri: str) -> Path:
        """Return a local file for an object, or a local folder for everything under a prefix.

        An object of exactly this key is that object. Else the key is a folder: `s3://b/data/train`
        reads `data/train/…`, and not `data/train2.csv`.

        Raises
        ------
        AnalysisError
            If the URI is none, nothing is there, or S3 refuses.
        """
        if uri not in self.fetched:
            target = self._folder / str(len(self.fetched))
            self.fetched[uri] = self._download(uri, target)
        return self.fetched[uri]

    def _download(self, uri: str, target: Path) -> Path:
        parts = urlsplit(uri)
        bucket, key = parts.netloc, parts.path.lstrip("/")
        if parts.scheme != "s3" or not bucket:
            raise _failure(uri, "no S3 URI", "Write it as s3://bucket/prefix.")
        with plain_errors(f"{_FAILED} from {uri}", service="S3"):
            keys = _keys(self._aws.s3, bucket, key)
            if not keys:
                raise _failure(uri, "no object there", "Upload the data, or correct the URI.")
            for found in keys:
                place = _place(target, found, key)
                place.parent.mkdir(parents=True, exist_ok=True)
                self._aws.s3.download_file(bucket, found, str(place))
        return _place(target, key, key) if keys == [key] else target


def _keys(s3: Any, bucket: str, key: str) -> list[str]:
    """Return the exact key if it is an object, else the keys below it; empty folders left out."""
    folder = key if key.endswith("/") or not key else f"{key}/"
    below = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key):
        for entry in page.get("Contents", []):
            found = entry["Key"]
            if found == key and not key.endswith("/"):
                return [key]
            if found.startswith(folder) and not found.endswith("/"):
                below.append(found)
    return below


def _place(target: Path, found: str, key: str) -> Path:
    """Return where to put an object, which is inside `target` whatever its key says."""
    relative = PurePosixPath(found).name if found == key else found[len(key) :].lstrip("/")
    place = (target / relative).resolve()
    if not place.is_relative_to(target.resolve()):
        raise AnalysisError(f"{_FAILED}: an object's key leaves its own prefix.")
    return place


def _failure(uri: str, given: str, fix: str) -> AnalysisError:
    allowed = "an S3 object, or a prefix with objects"
    return AnalysisError(_FAILED, [Finding("data-missing", uri, given, allowed, fix)])
