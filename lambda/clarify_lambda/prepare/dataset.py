"""Which data a run reads, and whether it may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clarify_lambda.places import S3_URI_MAX, is_within, overlap, split
from clarify_lambda.prepare.refusal import not_allowed, problem, shown


def deployed_dataset(config: Mapping[str, Any], pipeline: Mapping[str, Any]) -> str | None:
    """Return what is read where an execution says nothing; the config's own URI wins."""
    uri: str | None = config.get("dataset_uri", pipeline["dataset_uri"])
    return uri


def dataset_problems(
    uri: str | None, config: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    """Yield every reason why a run of this pipeline may not read this URI."""
    deployed = deployed_dataset(config, pipeline)
    if uri is None:
        yield problem(
            "dataset-missing",
            "dataset_uri",
            "none",
            "an S3 URI in the config, in the pipeline or in the execution input",
            "Start the execution with a dataset_uri.",
        )
        return
    try:
        split(uri)
    except ValueError:
        yield problem(
            "dataset-uri",
            "dataset_uri",
            shown(uri),
            f"an S3 URI, s3://bucket/key, of at most {S3_URI_MAX} characters",
            "Give the URI of an object or a prefix.",
        )
        return
    allowed = pipeline["allowed_datasets"]
    known = [*allowed] if deployed is None else [deployed, *allowed]
    if not any(is_within(uri, place) for place in known):
        yield not_allowed("dataset_uri", uri, allowed, "allowed_datasets")
    if overlap(uri, pipeline["results_uri"]):
        yield problem(
            "dataset-meets-results",
            "dataset_uri",
            shown(uri),
            f"a prefix that neither holds nor lies in {pipeline['results_uri']}",
            "Keep data and results apart: a job reads every key that begins with its data's URI.",
        )
