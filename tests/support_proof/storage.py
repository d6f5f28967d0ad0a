"""What reading and writing in S3 asks of IAM, the keys of what lies there included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from support_proof.account import Account
from support_proof.calls import Call


def split(uri: str) -> tuple[str, str]:
    """Return the bucket and the key of an S3 URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def below(uri: str, name: str = "2026.csv") -> str:
    """Return the URI of one object that a prefix covers."""
    return f"{uri}{name}" if uri.endswith("/") else uri


@dataclass(frozen=True)
class Storage:
    """The buckets of one configuration.

    Attributes
    ----------
    output_key
        ARN of the key that jobs write with; None: the bucket's own.
    data_keys
        ARNs of the keys of what lies in buckets that are not the stack's, by the bucket's name.
    """

    account: Account
    output_key: str | None
    data_keys: Mapping[str, str]

    def list(self, uri: str, what: str) -> Iterator[Call]:
        """Yield the calls of a listing below a URI."""
        bucket, prefix = split(uri)
        yield Call("s3:ListBucket", self._arn(bucket), what, {"s3:prefix": (prefix,)}, "s3")

    def get(self, uri: str, what: str) -> Iterator[Call]:
        """Yield the calls of reading an object."""
        yield self._on_object("s3:GetObject", uri, what)
        if (key := self._key(uri)) is not None:
            yield Call("kms:Decrypt", key, f"the key of {what}")

    def put(self, uri: str, what: str) -> Iterator[Call]:
        """Yield the calls of writing an object in one piece."""
        yield self._on_object("s3:PutObject", uri, what)
        bucket, _ = split(uri)
        if (key := self._bucket_key(bucket)) is not None:
            yield Call("kms:GenerateDataKey", key, f"the key of {what}")

    def upload(self, uri: str, what: str) -> Iterator[Call]:
        """Yield the calls of a job's upload: in parts where it is large, with the output's key."""
        yield self._on_object("s3:PutObject", uri, what)
        bucket, _ = split(uri)
        if (key := self.output_key or self._bucket_key(bucket)) is not None:
            for action in ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"):
                yield Call(action, key, f"the key of {what}")

    def _on_object(self, action: str, uri: str, what: str) -> Call:
        bucket, key = split(uri)
        return Call(action, f"{self._arn(bucket)}/{key}", what, door="s3")

    def _arn(self, bucket: str) -> str:
        return f"arn:{self.account.place.partition}:s3:::{bucket}"

    def _key(self, uri: str) -> str | None:
        bucket, key = split(uri)
        if "/output/" in key and self.output_key is not None:
            return self.output_key
        return self._bucket_key(bucket)

    def _bucket_key(self, bucket: str) -> str | None:
        return self.account.bucket_keys.get(bucket) or self.data_keys.get(bucket)
