"""Whether config, data, results and what an execution may change fit together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from clarify_cdk.s3_scope import S3Scope, matches_more_in_a_policy
from clarify_contract import Finding, check_dataset_input
from clarify_contract.container import ENDPOINT_NAME_PATTERN, JOB_NAME_PATTERN
from clarify_contract.s3 import S3Uri
from clarify_contract.tokens import is_token

if TYPE_CHECKING:
    from clarify_cdk.analysis import Analysis

_MODELS = rf"{ENDPOINT_NAME_PATTERN}|[a-zA-Z0-9][a-zA-Z0-9-]{{0,61}}\*"


def findings(analysis: Analysis) -> Iterator[Finding]:
    """Yield everything about an analysis that could not be deployed, or would do harm."""
    # Two datasets are a warning for a job alone; a pipeline has to know which one it runs on.
    for finding in check_dataset_input(analysis.config, given=analysis.dataset_bucket is not None):
        yield replace(finding, severity="error")
    if not re.fullmatch(JOB_NAME_PATTERN, analysis.job_name_prefix):
        yield Finding(
            "job-name-prefix",
            "job_name_prefix",
            repr(analysis.job_name_prefix),
            "letters, digits and inner hyphens, known at synthesis: rights are scoped to it",
            "Choose a name such as 'loans-bias'.",
        )
    prefix = analysis.results_prefix
    if not prefix or prefix.strip("/") != prefix or matches_more_in_a_policy(prefix):
        yield Finding(
            "results-prefix",
            "results_prefix",
            repr(prefix),
            "a key prefix with no slash at its ends, and without '*', '?' and '$'",
            "Name a folder, such as 'clarify' or 'team/clarify'.",
        )
    yield from _places(analysis)
    yield from _predictor(analysis)
    yield from _names(analysis)


def unknown_names(analysis: Analysis) -> Iterator[Finding]:
    """Yield the warning of names that may need rights under a second spelling."""
    for name in (*analysis.models, *analysis.endpoints):
        if is_token(name):
            yield Finding(
                "name-case-unknown",
                "$.predictor, allowed_models, allowed_endpoints",
                "the name of a model or an endpoint that only deployment knows",
                "one without capitals: SageMaker writes ARNs in lower case, and rights name it as"
                " it is given",
                "Give it a name of its own in lower case, or write its name here as text.",
                severity="warning",
            )
            return


def unknown_keys(uris: Sequence[str]) -> Iterator[Finding]:
    """Yield the warning of S3 URIs that are looser in policies than they could be."""
    if unknown := [uri for uri in uris if S3Scope.of(uri).prefix is None]:
        yield Finding(
            "s3-key-unknown",
            "dataset_uri, allowed_datasets, baseline",
            f"{len(unknown)} S3 URIs that only deployment knows, as a whole",
            "bucket and key apart: who may read the objects may list their whole bucket here",
            "Write f's3://{bucket}/{key}', in which each of the two may be a token.",
            severity="warning",
        )


def _places(analysis: Analysis) -> Iterator[Finding]:
    results = S3Uri.parse(f"{analysis.results_uri}/")
    for uri in analysis.read_uris:
        try:
            overlap = S3Uri.parse(uri).overlaps(results)
        except ValueError as error:
            if not is_token(uri):
                yield Finding(
                    "data-uri",
                    "allowed_datasets",
                    repr(uri),
                    "an S3 URI, s3://bucket/key",
                    f"Correct it: {error}.",
                )
            continue
        if matches_more_in_a_policy(uri):
            yield Finding(
                "data-uri-wildcard",
                "dataset",
                repr(uri),
                "an S3 URI without '*', '?' and '$', which the role's policy would expand",
                "Name the prefix that holds the objects, or rename them.",
            )
        if overlap:
            yield Finding(
                "data-meets-results",
                "results_prefix",
                f"results under {results} and data under {uri}",
                "places of which none holds the other: a run would read results as data",
                "Give data and results different buckets, or prefixes apart.",
            )


def _predictor(analysis: Analysis) -> Iterator[Finding]:
    predictor = analysis.config.predictor if analysis.config.needs_predictions else None
    for name, values, possible in (
        ("allowed_models", analysis.allowed_models, predictor and predictor.model_name),
        ("allowed_endpoints", analysis.allowed_endpoints, predictor),
    ):
        if values and not possible:
            yield Finding(
                "allowed-for-nothing",
                name,
                f"{len(values)} names, and a config that asks no "
                + ("model" if name == "allowed_models" else "model or endpoint"),
                "none: an execution could not use them, and the role would still reach them",
                f"Leave {name} out, or name a model in the config.",
            )
    if predictor is not None and is_token(predictor.endpoint_name_prefix):
        yield Finding(
            "endpoint-prefix-unknown",
            "$.predictor.endpoint_name_prefix",
            "a value that is known at deployment only",
            "literal text: the role's rights are scoped to it",
            "Write the prefix into the config, or leave it out.",
        )


def _names(analysis: Analysis) -> Iterator[Finding]:
    for place, pattern, more in (
        ("allowed_models", _MODELS, ", or what the names begin with and a '*'"),
        ("allowed_endpoints", ENDPOINT_NAME_PATTERN, ""),
    ):
        for name in getattr(analysis, place):
            if not is_token(name) and not re.fullmatch(pattern, name):
                yield Finding(
                    "allowed-name",
                    place,
                    repr(name),
                    f"the full name of one: letters, digits and inner hyphens, at most 63{more}",
                    "List each name that an execution may use.",
                )
