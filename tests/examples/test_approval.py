"""A model package that awaits approval is decided by what its analysis says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_local.aws import EmulatedAws
from clarify_local.seeding import split_uri, upload_data
from support_examples import EXAMPLES, Example
from support_examples.account import deployed_example

FOLDER = EXAMPLES / "approval"


def test_its_readme_runs_in_an_account_and_each_version_is_decided_as_counted_by_hand(
    tmp_path: Path,
) -> None:
    with deployed_example(FOLDER, tmp_path / "scratch") as account:
        sagemaker = account.aws.client("sagemaker")
        sagemaker.create_model_package_group(ModelPackageGroupName="hiring")
        data = account.stacks["Hiring"].outputs["DatasetUri"]
        upload_data(account.aws, FOLDER / "applicants.csv", data)

        example = Example("approval", tmp_path, **account.environment)
        assert example.commands == 4

        listed = sagemaker.list_model_packages(ModelPackageGroupName="hiring")
        fair, careless = (
            sagemaker.describe_model_package(ModelPackageName=found["ModelPackageArn"])
            for found in listed["ModelPackageSummaryList"]
        )
        assert fair["ModelApprovalStatus"] == "Approved"
        assert careless["ModelApprovalStatus"] == "Rejected"
        hired = hired_shares(example, {"m": 5, "f": 5})
        assert parity(account.aws, fair) == pytest.approx(hired["m"] - hired["f"])
        hired = hired_shares(example, {"m": 5, "f": 9})
        assert parity(account.aws, careless) == pytest.approx(hired["m"] - hired["f"])
        # What was made of the packages for the analysis is gone.
        assert sagemaker.list_models()["Models"] == []


def hired_shares(example: Example, years: dict[str, int]) -> dict[str, float]:
    """Return by sex the share of applicants who have worked for so many years."""
    shares = {}
    for sex, needed in years.items():
        worked = [int(row["years"]) for row in example.rows("applicants.csv") if row["sex"] == sex]
        shares[sex] = sum(each >= needed for each in worked) / len(worked)
    return shares


def parity(aws: EmulatedAws, package: dict[str, Any]) -> float:
    """Return DPPL from the results beside the verdict that a package's metadata name."""
    bucket, key = split_uri(package["CustomerMetadataProperties"]["ClarifyVerdict"])
    analysis = f"{key.rpartition('/')[0]}/output/analysis.json"
    body = aws.client("s3").get_object(Bucket=bucket, Key=analysis)["Body"].read()
    (group,) = json.loads(body)["post_training_bias_metrics"]["facets"]["sex"]
    (metric,) = group["metrics"]
    assert metric["name"] == "DPPL"
    return float(metric["value"])
