"""Where the results lie that a run is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clarify_contract.container import JOB_NAME_PATTERN
from clarify_contract.findings import Finding
from clarify_contract.s3 import S3Uri
from clarify_contract.tokens import is_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Results that others are compared with. Give one of the two.

    Attributes
    ----------
    uri
        S3 URI of an ``analysis.json``, or of the constraints of a Model Monitor for bias or for
        attributions, which are of the same form.
    job_name
        Name of a former job of the same pipeline: its ``analysis.json`` is taken.

    Examples
    --------
    >>> Baseline(uri="s3://models/loans/analysis.json").job_name
    """

    uri: str | None = None
    job_name: str | None = None


def baseline_findings(place: str, baseline: Baseline) -> Iterator[Finding]:
    """Yield why a baseline names no object, or two."""
    given = [text for text in (baseline.uri, baseline.job_name) if text is not None]
    if len(given) != 1:
        yield _wrong(place, f"{len(given)} of `uri` and `job_name`", "one of the two")
    elif is_token(given[0]):
        return
    elif baseline.job_name is not None:
        if not re.fullmatch(JOB_NAME_PATTERN, baseline.job_name):
            yield _wrong(f"{place}.job_name", repr(baseline.job_name), "the name of one job")
    elif not _is_object(given[0]):
        yield _wrong(
            f"{place}.uri",
            repr(baseline.uri),
            "the S3 URI of one object, s3://bucket/key, without '*', '?' and '$'",
        )


def _is_object(uri: str) -> bool:
    try:
        key = S3Uri.parse(uri).key
    except ValueError:
        return False
    # A policy would read more into such a key than S3 does.
    return bool(key) and not key.endswith("/") and not any(sign in key for sign in "*?$")


def _wrong(place: str, given: str, allowed: str) -> Finding:
    return Finding("baseline-wrong", place, given, allowed, "Name the results to compare with.")
