"""S3 URIs: well formed, allowed, and apart from each other; and a file of a run."""

from __future__ import annotations

import re

S3_URI_MAX = 1024
#: In a run's folder: all that preflight found, for the verdict.
PREFLIGHT_FILE = "preflight.json"
_URI = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<key>[^\x00-\x1f\x7f]*))?"
)


def split(uri: str) -> tuple[str, str]:
    """Return bucket and key of an S3 URI.

    Raises
    ------
    ValueError
        If the text is not ``s3://bucket`` or ``s3://bucket/key``, or is too long for a request.
    """
    match = _URI.fullmatch(uri)
    if match is None or len(uri) > S3_URI_MAX:
        raise ValueError("not an S3 URI of the form s3://bucket/key")
    return match["bucket"], match["key"] or ""


def is_within(uri: str, allowed: str) -> bool:
    """Tell whether a URI is the allowed one or below it, in whole path segments.

    ``s3://b/data`` allows ``s3://b/data/2026.csv``, but not ``s3://b/database``; ``s3://b/data/``
    does not allow ``s3://b/data``, which, read as a prefix, would take in ``database`` too.
    """
    return uri == allowed or uri.startswith(allowed if allowed.endswith("/") else allowed + "/")


def overlap(uri: str, folder: str) -> bool:
    """Tell whether a job that reads a URI as a prefix would meet what lies in a folder.

    A job reads every key that begins with the URI's key, so that ``s3://b/res`` meets the folder
    ``s3://b/results``. A URI inside the folder meets it too.
    """
    bucket, key = split(uri)
    other_bucket, other_key = split(folder)
    if other_key and not other_key.endswith("/"):
        other_key += "/"
    return bucket == other_bucket and (other_key.startswith(key) or key.startswith(other_key))
