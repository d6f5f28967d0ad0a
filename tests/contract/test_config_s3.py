"""S3 URIs: reading, writing, and which prefixes cover each other (spec 1.12, the trap)."""

from __future__ import annotations

import pytest

from clarify_contract.s3 import S3Uri


@pytest.mark.parametrize(
    ("text", "bucket", "key"),
    [
        ("s3://b/key", "b", "key"),
        ("s3://my-bucket.x/a/b/c.csv", "my-bucket.x", "a/b/c.csv"),
        ("s3://Old_Bucket/key", "Old_Bucket", "key"),
        ("s3://b/", "b", ""),
        ("s3://b/a//b", "b", "a//b"),
        ("s3://${Token[TOKEN.5]}/data", "${Token[TOKEN.5]}", "data"),
    ],
)
def test_a_uri_is_read_and_written_back(text: str, bucket: str, key: str) -> None:
    uri = S3Uri.parse(text)
    assert (uri.bucket, uri.key) == (bucket, key)
    assert str(uri) == text


def test_a_bucket_alone_is_its_whole_content() -> None:
    assert S3Uri.parse("s3://b") == S3Uri("b", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b/key",
        "s3:/b/key",
        "https://b/key",
        "s3:///key",
        "s3://b b/key",
        "s3://b:c/key",
        "S3://b/key",
    ],
)
def test_what_is_no_s3_uri_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"S3 URI|bucket name"):
        S3Uri.parse(text)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("s3://b/data/train", "s3://b/data/train2.csv", True),
        ("s3://b/data/train/", "s3://b/data/train2.csv", False),
        ("s3://b/data", "s3://b/data/results", True),
        ("s3://b/data", "s3://c/data", False),
        ("s3://b", "s3://b/anything", True),
        ("s3://b/x", "s3://b/x", True),
    ],
)
def test_prefixes_are_texts_and_not_folders(one: str, other: str, overlap: bool) -> None:
    first, second = S3Uri.parse(one), S3Uri.parse(other)
    assert first.overlaps(second) is overlap
    assert second.overlaps(first) is overlap
