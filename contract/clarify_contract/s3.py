"""S3 URIs: a bucket and a key or prefix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

# Old buckets may have capitals and underscores; a CDK token may stand for the name or a part of it.
_BUCKET = re.compile(r"(?:[A-Za-z0-9._-]|\$\{Token\[[^\]]+\]\})+")


@dataclass(frozen=True, slots=True)
class S3Uri:
    """An object or prefix in S3.

    Attributes
    ----------
    bucket
        Name of the bucket.
    key
        Object key or key prefix, without a slash before it; empty for the whole bucket.
    """

    bucket: str
    key: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``s3://bucket/key``.

        Raises
        ------
        ValueError
            The text is no S3 URI. The message says what is wrong with it.
        """
        scheme, found, rest = text.partition("://")
        if not found or scheme != "s3":
            raise ValueError("an S3 URI starts with s3://")
        bucket, _, key = rest.partition("/")
        if not _BUCKET.fullmatch(bucket):
            raise ValueError(
                "a bucket name has letters, digits, dots, hyphens and underscores only"
            )
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def overlaps(self, other: S3Uri) -> bool:
        """Return whether one of the two, read as a prefix, also covers the other.

        S3 prefixes are texts, not folders: ``s3://b/train`` covers ``s3://b/train2.csv``.

        Examples
        --------
        >>> S3Uri.parse("s3://b/data/train").overlaps(S3Uri.parse("s3://b/data/train2.csv"))
        True
        >>> S3Uri.parse("s3://b/data/").overlaps(S3Uri.parse("s3://b/out/"))
        False
        """
        if self.bucket != other.bucket:
            return False
        return self.key.startswith(other.key) or other.key.startswith(self.key)
