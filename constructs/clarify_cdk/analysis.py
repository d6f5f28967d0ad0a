"""What is analysed, where it is read from and where results go: what all parts share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_cdk import Token
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk.s3_scope import SCHEME
from clarify_contract import AnalysisConfig, Finding, Refused
from clarify_contract.container import JOB_NAME_PATTERN


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

    @property
    def results_uri(self) -> str:
        """The folder of all runs, without a slash at its end."""
        return f"{SCHEME}{self.results_bucket.bucket_name}/{self.results_prefix}"

    @property
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

    @property
    def read_uris(self) -> tuple[str, ...]:
        """Every S3 URI that a run may read its data from."""
        return _unique(self.dataset_uri, *self.config.s3_uris(), *self.allowed_datasets)

    @property
    def read_keys(self) -> tuple[kms.IKey, ...]:
        """Every KMS key under which that data may be stored."""
        own = self.dataset_bucket.encryption_key if self.dataset_bucket is not None else None
        return (*([own] if own is not None else []), *self.encryption_keys)

    def _findings(self) -> Iterator[Finding]:
        config_uri = self.config.dataset_uri
        if self.dataset_bucket is None and config_uri is None:
            yield Finding(
                "dataset-missing",
                "dataset_bucket",
                "nothing, and a config without dataset_uri",
                "the bucket of the dataset, or a dataset_uri in the config",
                "Pass dataset_bucket (and dataset_key), or write dataset_uri into the config.",
            )
        if self.dataset_bucket is not None and config_uri is not None:
            yield Finding(
                "dataset-twice",
                "dataset_bucket",
                "a bucket, and a config with a dataset_uri of its own",
                "one of the two: the container reads dataset_uri and would ignore the bucket",
                "Leave dataset_bucket out, or take dataset_uri out of the config.",
            )
        if not Token.is_unresolved(self.job_name_prefix) and (
            not re.fullmatch(JOB_NAME_PATTERN, self.job_name_prefix)
        ):
            yield Finding(
                "job-name-prefix",
                "job_name_prefix",
                repr(self.job_name_prefix),
                "letters and digits, with hyphens inside only",
                "Choose a name such as 'loans-bias'.",
            )
        if not self.results_prefix or self.results_prefix.strip("/") != self.results_prefix:
            yield Finding(
                "results-prefix",
                "results_prefix",
                repr(self.results_prefix),
                "a key prefix with no slash at its ends",
                "Name a folder, such as 'clarify' or 'team/clarify'.",
            )
        results = f"{self.results_uri}/"
        for uri in self.read_uris:
            if results.startswith(uri) or uri.startswith(results):
                yield Finding(
                    "data-under-results",
                    "results_prefix",
                    f"results under {self.results_uri} and data under {uri}",
                    "folders of which none holds the other: a run would read results as data",
                    "Give data and results different buckets, or prefixes apart.",
                )


def _unique(*names: str | None) -> tuple[str, ...]:
    """Drop what is absent and what came before; keep the order."""
    return tuple(dict.fromkeys(name for name in names if name is not None))
