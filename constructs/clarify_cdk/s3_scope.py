"""From an S3 URI to the ARNs and the condition that let somebody read or write below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import Fn

from clarify_contract.tokens import is_token

SCHEME = "s3://"
_TOKEN = re.compile(r"\$\{Token\[[^\]]+\]\}")


def matches_more_in_a_policy(text: str) -> bool:
    """Tell whether IAM would read more into a text than S3 does: a wildcard or a variable."""
    return any(sign in _TOKEN.sub("", text) for sign in "*?$")


@dataclass(frozen=True, slots=True)
class S3Scope:
    """Everything that a prefix names. S3 reads it as text: ``s3://b/data`` covers ``data2`` too.

    Attributes
    ----------
    bucket
        Name of the bucket; may be a token.
    path
        Bucket and key prefix without ``s3://``.
    prefix
        The key prefix; None where only CloudFormation knows it (the whole URI is one token).
    """

    bucket: str
    path: str
    prefix: str | None

    @classmethod
    def of(cls, uri: str) -> S3Scope:
        """Read a URI: text, text with tokens in it, or one token that stands for all of it."""
        if uri.startswith(SCHEME):
            path = uri.removeprefix(SCHEME)
            bucket, _, prefix = path.partition("/")
            return cls(bucket, f"{bucket}/{prefix}", prefix)
        if not is_token(uri):
            raise ValueError(f"an S3 URI starts with {SCHEME!r}: got {uri!r}")
        return cls(Fn.select(2, Fn.split("/", uri)), Fn.select(1, Fn.split(SCHEME, uri)), None)

    def bucket_arn(self, partition: str) -> str:
        """Return the ARN of the bucket."""
        return f"arn:{partition}:s3:::{self.bucket}"

    def object_arn(self, partition: str) -> str:
        """Return the ARN of the one object that the URI names."""
        return f"arn:{partition}:s3:::{self.path}"

    def objects_arn(self, partition: str) -> str:
        """Return the ARN pattern of every object under the prefix."""
        return f"{self.object_arn(partition)}*"

    def list_condition(self) -> dict[str, dict[str, str]] | None:
        """Return the condition that narrows ``s3:ListBucket`` to the prefix, where it is known."""
        if not self.prefix:
            return None
        return {"StringLike": {"s3:prefix": f"{self.prefix}*"}}
