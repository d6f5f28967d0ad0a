"""What is analysed, where it is read from and where results go: what all parts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk.analysis_findings import findings
from clarify_cdk.s3_scope import SCHEME
from clarify_contract import AnalysisConfig, Refused
from clarify_lambda.prepare.names import endpoint_scope


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One analysis: the config, its data and the place of its results.

    Every part of a pipeline derives its rights, its request or its payload from this object:
    nothing is declared a second time.

    Names may be tokens, except those that rights are scoped to. Write an S3 URI from bucket and key
    then: of one that only deployment knows as a whole, the role may list the whole bucket (warning
    ``clarify-cdk:s3-key-unknown``). Models and endpoints need names without capitals then (warning
    ``clarify-cdk:name-case-unknown``).

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
        SageMaker models and endpoints that an execution may name instead of the config's. For
        models that are not made yet: what their names begin with, and ``*``.
    allowed_datasets
        S3 URIs of the data that an execution may name: each one, and what is below it, as with the
        deployed dataset.
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
        if found := [*findings(self)]:
            raise Refused(found)

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

    @property
    def shadow_endpoint_scope(self) -> str | None:
        """What the names of all shadow endpoints begin with; None if no run makes one."""
        predictor = self.config.predictor
        if predictor is None or predictor.model_name is None or not self.config.needs_predictions:
            return None
        return endpoint_scope(predictor.endpoint_name_prefix)

    @cached_property
    def dataset_uris(self) -> tuple[str, ...]:
        """Every S3 URI that may be a run's dataset: the deployed one, then the allowed ones."""
        return _unique(self.dataset_uri, self.config.dataset_uri, *self.allowed_datasets)

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


def _unique(*names: str | None) -> tuple[str, ...]:
    """Drop what is absent and what came before; keep the order."""
    return tuple(dict.fromkeys(name for name in names if name is not None))
