"""Whether what a trigger gives to a run is what the pipeline takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from clarify_cdk.s3_scope import SCHEME, matches_more_in_a_policy
from clarify_contract import Finding
from clarify_contract.container import JOB_NAME_PATTERN
from clarify_contract.s3 import S3Uri
from clarify_contract.tokens import is_token
from clarify_lambda.places import is_within

if TYPE_CHECKING:
    from clarify_cdk.analysis import Analysis


def schedule_findings(
    analysis: Analysis, dataset_uri: str | None, name: str | None
) -> Iterator[Finding]:
    """Yield why Prepare would refuse every run that is given this."""
    if dataset_uri is not None and not _allowed(analysis, dataset_uri, is_within):
        yield _not_allowed("dataset_uri", dataset_uri)
    if name is not None and not is_token(name) and not re.fullmatch(JOB_NAME_PATTERN, name):
        yield Finding(
            "trigger-name",
            "name",
            repr(name),
            "letters, digits and inner hyphens, at most 63",
            "Give another name, or none.",
        )


def object_findings(analysis: Analysis, uri: str) -> Iterator[Finding]:
    """Yield why not every object whose URI begins so may be a run's dataset."""
    if matches_more_in_a_policy(uri):
        yield Finding(
            "trigger-prefix",
            "prefix",
            repr(uri),
            "a key prefix without '*', '?' and '$'",
            "Name what the keys begin with; no wildcard is needed.",
        )
    if S3Uri.parse(uri).overlaps(S3Uri.parse(f"{analysis.results_uri}/")):
        yield Finding(
            "trigger-meets-results",
            "prefix",
            uri,
            f"a prefix that neither holds nor lies in {analysis.results_uri}/",
            "Keep them apart: results would start the next run, without an end.",
        )
    elif not _allowed(analysis, uri, _all_within):
        yield _not_allowed("prefix", uri)


def _allowed(analysis: Analysis, uri: str, within: Callable[[str, str], bool]) -> bool:
    """Tell whether a URI is allowed, or may be: a place that is one token could be any."""
    return any(
        within(uri, place) or not place.startswith(SCHEME) for place in analysis.dataset_uris
    ) or not uri.startswith(SCHEME)


def _all_within(prefix: str, place: str) -> bool:
    """Tell whether each text that begins with a prefix is within a place."""
    return prefix.startswith(place if place.endswith("/") else f"{place}/")


def _not_allowed(path: str, uri: str) -> Finding:
    return Finding(
        "trigger-not-allowed",
        path,
        uri,
        "the pipeline's dataset, what is below it, or what allowed_datasets names",
        "Add it, or the folder that holds it, to the Analysis' allowed_datasets.",
    )
