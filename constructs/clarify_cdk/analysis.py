"""What is analysed, where it is read from and where results go: what all parts share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk.s3_scope import SCHEME, matches_more_in_a_policy
from clarify_contract import AnalysisConfig, Finding, Refused, check_dataset_input
from clarify_contract.container import ENDPOINT_NAME_PATTERN, JOB_NAME_PATTERN
from clarify_contract.s3 import S3Uri
from clarify_contract.tokens import is_token


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One analysis: the config, its data and the place of its results.

    Every part of a pipeline derives its rights, its request or its payload from this object:
    nothing is declared a second time.

    Parameters
    ----------
    config
        The analysis config, as ``AnalysisConfig.load("analysis_config.json")`` reads it.
    results_bucket
        Where each run writes its config, its results and its verdict.
    results_prefix
        Key prefix of all runs in that bucket; a run's folder is ``<results_prefix>/<job name>/``.
    results_key
        KMS key that jobs are told to write results with. Default: the bucket's own encryption.
    dataset_bucket
        Bucket of the dataset that a run reads when its execution names none. Leave it out when the
        config has a ``dataset_uri`` of its own: the container would read that one anyway.
    dataset_key
        Key of the dataset in that bucket: one object, or a prefix. S3 takes it as a prefix either
        way, so end a folder with ``/``: ``dataset`` would read ``dataset-old/…`` too.
    dataset_manifest
        The dataset is a manifest file: a list of objects (which ``allowed_datasets`` must cover).
    job_name_prefix
        What the name of every processing job starts with; rights are scoped to it.
    allowed_models, allowed_endpoints
        SageMaker models and endpoints that an execution may name instead of the config's.
    allowed_datasets
        S3 URIs of the data that an execution may name: each one, and what is below it.
    encryption_keys
        KMS keys of the data that only the config or ``allowed_datasets`` names. The keys of the two
        buckets above are known without it.

    Raises
    ------
    Refused
        If config, data and results do not fit together; every finding at once.
    """

    config: AnalysisConfig
    results_bucket: s3.IBucket
    results_prefix: str = "clarify"
    results_key: kms.IKey | None = None
    dataset_bucket: s3.IBucket | None = None
    dataset_key: str = "dataset/"
    dataset_manifest: bool = False
    job_name_prefix: str = "clarify"
    allowed_models: Sequence[str] = ()
    allowed_endpoints: Sequence[str] = ()
    allowed_datasets: Sequence[str] = ()
    encryption_keys: Sequence[kms.IKey] = ()

    def __post_init__(self) -> None:
        if findings := [*self._findings()]:
            raise Refused(findings)

    @cached_property
    def results_uri(self) -> str:
        """The folder of all runs, without a slash at its end."""
        return f"{SCHEME}{self.results_bucket.bucket_name}/{self.results_prefix}"

    @cached_property
    def dataset_uri(self) -> str | None:
        """The dataset of a run whose execution names none; None when the config reads its own."""
        if self.dataset_bucket is None:
            return None
        return f"{SCHEME}{self.dataset_bucket.bucket_name}/{self.dataset_key}"

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that a run may ask: the config's, then the allowed ones."""
        predictor = self.config.predictor
        named = predictor.model_name if predictor is not None else None
        return _unique(named, *self.allowed_models)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Every existing endpoint that a run may ask: the config's, then the allowed ones."""
        predictor = self.config.predictor
        named = predictor.endpoint_name if predictor is not None else None
        return _unique(named, *self.allowed_endpoints)

    @cached_property
    def read_uris(self) -> tuple[str, ...]:
        """Every S3 URI that a run may read its data from."""
        return _unique(self.dataset_uri, *self.config.s3_uris(), *self.allowed_datasets)

    @property
    def read_keys(self) -> tuple[kms.IKey, ...]:
        """Every KMS key under which that data may be stored."""
        own = self.dataset_bucket.encryption_key if self.dataset_bucket is not None else None
        return (*([own] if own is not None else []), *self.encryption_keys)

    @property
    def results_keys(self) -> tuple[kms.IKey, ...]:
        """Every KMS key under which a run's files may be written."""
        bucket = self.results_bucket.encryption_key
        return tuple(key for key in (bucket, self.results_key) if key is not None)

    def _findings(self) -> Iterator[Finding]:
        # Two datasets are a warning for a job alone; a pipeline has to know which one it runs on.
        for finding in check_dataset_input(self.config, given=self.dataset_bucket is not None):
            yield replace(finding, severity="error")
        if not re.fullmatch(JOB_NAME_PATTERN, self.job_name_prefix):
            yield Finding(
                "job-name-prefix",
                "job_name_prefix",
                repr(self.job_name_prefix),
                "letters, digits and inner hyphens, known at synthesis: rights are scoped to it",
                "Choose a name such as 'loans-bias'.",
            )
        prefix = self.results_prefix
        if not prefix or prefix.strip("/") != prefix or matches_more_in_a_policy(prefix):
            yield Finding(
                "results-prefix",
                "results_prefix",
                repr(prefix),
                "a key prefix with no slash at its ends, and without '*', '?' and '$'",
                "Name a folder, such as 'clarify' or 'team/clarify'.",
            )
        yield from self._place_findings()
        yield from self._predictor_findings()
        yield from self._name_findings()

    def _place_findings(self) -> Iterator[Finding]:
        results = S3Uri.parse(f"{self.results_uri}/")
        for uri in self.read_uris:
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

    def _predictor_findings(self) -> Iterator[Finding]:
        predictor = self.config.predictor if self.config.needs_predictions else None
        for name, values, possible in (
            ("allowed_models", self.allowed_models, predictor and predictor.model_name),
            ("allowed_endpoints", self.allowed_endpoints, predictor),
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

    def _name_findings(self) -> Iterator[Finding]:
        for place in ("allowed_models", "allowed_endpoints"):
            for name in getattr(self, place):
                if not is_token(name) and not re.fullmatch(ENDPOINT_NAME_PATTERN, name):
                    yield Finding(
                        "allowed-name",
                        place,
                        repr(name),
                        "the full name of one: letters, digits and inner hyphens, at most 63",
                        "List each name that an execution may use.",
                    )


def _unique(*names: str | None) -> tuple[str, ...]:
    """Drop what is absent and what came before; keep the order."""
    return tuple(dict.fromkeys(name for name in names if name is not None))
