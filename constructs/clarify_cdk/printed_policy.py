"""The job's policies as plain documents, for accounts whose roles are made without CDK.

They are read from the very constructs that CDK would deploy: there is no second list of rights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.region_info import RegionInfo

from clarify_cdk.analysis import Analysis
from clarify_cdk.image import ClarifyImage
from clarify_cdk.owners import Grantee, owner_policy
from clarify_cdk.role import ClarifyRole, job_policy
from clarify_contract import AnalysisConfig, Finding, Refused
from clarify_contract.s3 import S3Uri


@dataclass(frozen=True, kw_only=True)
class JobPolicies:
    """What one analysis' job needs in one account, with every name written out.

    Attributes
    ----------
    role
        The policy of the job's role.
    trust
        Who may assume it.
    owner
        What the policy of the bucket or key that was asked about must allow the role; None where
        none was.
    """

    role: dict[str, Any]
    trust: dict[str, Any]
    owner: dict[str, Any] | None


def job_policies(
    config: AnalysisConfig,
    *,
    account: str,
    region: str,
    results_uri: str,
    dataset_uri: str | None = None,
    job_name_prefix: str = "clarify",
    allowed_models: Sequence[str] = (),
    allowed_endpoints: Sequence[str] = (),
    allowed_datasets: Sequence[str] = (),
    image: ClarifyImage | None = None,
    in_vpc: bool = False,
    data_keys: Sequence[str] = (),
    results_key: str | None = None,
    volume_key: str | None = None,
    role_arn: str | None = None,
    owned: str | None = None,
) -> JobPolicies:
    """Return the policies of the role of an analysis' job.

    Parameters
    ----------
    config
        The analysis config.
    account, region
        Where the job runs; the partition is the Region's.
    results_uri
        Folder of all runs, ``s3://bucket/prefix``; a run's own is below it.
    dataset_uri
        The dataset, unless the config has its own.
    job_name_prefix, allowed_models, allowed_endpoints, allowed_datasets
        As for ``Analysis``.
    image, in_vpc
        As for ``ClarifyRole``.
    data_keys, results_key, volume_key
        ARNs of KMS keys.
    role_arn, owned
        The role, and a bucket's or key's ARN, for ``JobPolicies.owner``.

    Raises
    ------
    Refused
        If they do not fit together, or the Region is unknown or has no managed image.
    """
    partition = RegionInfo.get(region).partition
    if partition is None:
        raise Refused([_unknown(region)])
    # An app makes its folder at once.
    with TemporaryDirectory(prefix="clarify-policy-") as folder:
        app = App(
            outdir=folder,
            analytics_reporting=False,
            context={"@aws-cdk/core:enablePartitionLiterals": True},
        )
        stack = Stack(app, "Policy", env=Environment(account=account, region=region))
        results = _place(results_uri, "results_uri")
        dataset = _place(dataset_uri, "dataset_uri") if dataset_uri is not None else None
        analysis = Analysis(
            config=config,
            results_bucket=_bucket(stack, "Results", results),
            results_prefix=results.key.rstrip("/"),
            results_key=_key(stack, "ResultsKey", results_key),
            dataset_bucket=_bucket(stack, "Dataset", dataset) if dataset is not None else None,
            dataset_key=dataset.key if dataset is not None else "",
            job_name_prefix=job_name_prefix,
            allowed_models=allowed_models,
            allowed_endpoints=allowed_endpoints,
            allowed_datasets=allowed_datasets,
            encryption_keys=[
                kms.Key.from_key_arn(stack, f"DataKey{number}", arn)
                for number, arn in enumerate(data_keys)
            ],
        )
        volume = _key(stack, "VolumeKey", volume_key)
        role = ClarifyRole(
            stack, "Role", analysis=analysis, image=image, in_vpc=in_vpc, volume_key=volume
        )
        policy = job_policy(
            stack, analysis, image=image, in_vpc=in_vpc, volume_key=volume
        ).to_json()
        owner = (
            owner_policy(owned, [Grantee(role_arn, policy)]).to_json()
            if owned is not None and role_arn is not None
            else None
        )
        trust = role.assume_role_policy
        return JobPolicies(
            role=stack.resolve(policy),
            trust=stack.resolve(trust.to_json() if trust is not None else {}),
            owner=stack.resolve(owner),
        )


def _place(uri: str, path: str) -> S3Uri:
    try:
        return S3Uri.parse(uri)
    except ValueError as error:
        finding = Finding("s3-uri", path, repr(uri), "s3://bucket/key", f"Correct it: {error}.")
        raise Refused([finding]) from error


def _bucket(stack: Stack, name: str, place: S3Uri) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, name, place.bucket)


def _key(stack: Stack, name: str, arn: str | None) -> kms.IKey | None:
    return kms.Key.from_key_arn(stack, name, arn) if arn is not None else None


def _unknown(region: str) -> Finding:
    return Finding(
        "region-unknown",
        "region",
        repr(region),
        "a Region that aws-cdk-lib knows, such as 'eu-central-1'",
        "Correct it, or install a newer aws-cdk-lib: a new Region's partition is known to it.",
    )
