"""`clarify policy`: the rights of a job, printed as CDK would deploy them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from typer.testing import CliRunner, Result

from clarify_cdk import Analysis, ClarifyImage, ClarifyRole
from clarify_contract import AnalysisConfig
from clarify_local.commands import app
from support_local.example import DIABETES

CONFIG = DIABETES / "analysis_config.json"
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/clarify"
#: A Region of each partition that has the managed image.
PARTITIONS = {
    "eu-central-1": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "us-isof-east-1": "aws-iso-f",
}


def clarify_policy(*words: str, region: str = "eu-central-1", config: Path = CONFIG) -> Result:
    place = ["--account", ACCOUNT, "--region", region, "--results", "s3://results/bias/loans"]
    return CliRunner().invoke(app, ["policy", str(config), *place, *words])


def printed(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert isinstance(document, dict)
    return document


def deployed(region: str, folder: Path) -> tuple[list[str], list[str]]:
    """Return the statements of a deployed `ClarifyRole`: of its policies, and of its trust."""
    partition = PARTITIONS[region]
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        # Written out as the command does, so that texts can be compared.
        context={"@aws-cdk/core:enablePartitionLiterals": True},
    )
    stack = cdk.Stack(app, "Loans", env=cdk.Environment(account=ACCOUNT, region=region))
    keys = [
        kms.Key.from_key_arn(stack, name, f"arn:{partition}:kms:{region}:{ACCOUNT}:key/{name}")
        for name in ("data", "results", "volume")
    ]
    analysis = Analysis(
        config=AnalysisConfig.load(CONFIG),
        dataset_bucket=s3.Bucket.from_bucket_name(stack, "Data", "lake"),
        dataset_key="loans/",
        results_bucket=s3.Bucket.from_bucket_name(stack, "Results", "results"),
        results_prefix="bias/loans",
        results_key=keys[1],
        job_name_prefix="Loans-Bias",
        allowed_models=["next"],
        allowed_endpoints=["live"],
        allowed_datasets=["s3://archive/2025/"],
        encryption_keys=keys[:1],
    )
    ClarifyRole(
        stack,
        "Role",
        analysis=analysis,
        image=ClarifyImage.managed(),
        in_vpc=True,
        volume_key=keys[2],
    )
    resources = app.synth().get_stack_by_name("Loans").template["Resources"].values()
    policies = [
        statement
        for resource in resources
        if resource["Type"] == "AWS::IAM::Policy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
    ]
    (trust,) = [
        resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        for resource in resources
        if resource["Type"] == "AWS::IAM::Role"
    ]
    return lines(policies), lines(trust)


def lines(statements: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(statement, sort_keys=True) for statement in statements)


@pytest.mark.parametrize("region", PARTITIONS)
def test_it_prints_what_a_deployed_role_has(region: str, tmp_path: Path) -> None:
    key = f"arn:{PARTITIONS[region]}:kms:{region}:{ACCOUNT}:key"
    words = [
        *("--data", "s3://lake/loans/", "--job-name-prefix", "Loans-Bias", "--vpc"),
        *("--allow-model", "next", "--allow-endpoint", "live"),
        *("--allow-data", "s3://archive/2025/", "--data-key", f"{key}/data"),
        *("--results-key", f"{key}/results", "--volume-key", f"{key}/volume"),
    ]
    policy, trust = deployed(region, tmp_path)
    found = printed(clarify_policy(*words, region=region))
    assert found["Version"] == "2012-10-17"
    assert lines(found["Statement"]) == policy
    assert len(policy) > 15
    assert lines(printed(clarify_policy(*words, "--trust", region=region))["Statement"]) == trust


def test_it_prints_what_the_owner_of_a_bucket_must_allow() -> None:
    words = ["--data", "s3://lake/loans/", "--owner-of", "arn:aws:s3:::lake", "--role", ROLE]
    found = printed(clarify_policy(*words))
    assert found["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::lake",
            "Condition": {"StringLike": {"s3:prefix": "loans/*"}},
        },
        {
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::lake/loans/*",
        },
    ]


def test_an_image_of_ones_own_is_pulled_instead() -> None:
    image = "444455556666.dkr.ecr.us-east-1.amazonaws.com/team/engine:1"
    found = printed(clarify_policy("--data", "s3://lake/loans/", "--image", image))
    (pull,) = [s for s in found["Statement"] if "ecr:BatchGetImage" in s["Action"]]
    assert pull["Resource"] == "arn:aws:ecr:us-east-1:444455556666:repository/team/engine"


@pytest.mark.parametrize(
    ("region", "words", "expected"),
    [
        ("il-central-1", ["--data", "s3://lake/x/"], "[image-region]"),
        ("mars-north-1", ["--data", "s3://lake/x/"], "[region-unknown]"),
        ("eu-central-1", ["--data", "lake/x/"], "[s3-uri]"),
        ("eu-central-1", [], "[dataset-missing]"),
        ("eu-central-1", ["--data", "s3://results/bias/"], "[data-meets-results]"),
        ("eu-central-1", ["--image", "engine:1"], "[image-uri]"),
    ],
)
def test_what_cannot_be_is_told_in_words(region: str, words: list[str], expected: str) -> None:
    result = clarify_policy(*words, region=region)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--account", "42"], "twelve digits"),
        (["--data-key", "alias/x"], "no ARN of a KMS key"),
        (["--owner-of", "arn:aws:s3:::lake"], "--owner-of and --role go together"),
        (["--owner-of", "lake", "--role", "arn:aws:iam::1:role/x"], "no ARN of a bucket"),
        ([*("--owner-of", "arn:aws:s3:::lake", "--role", ROLE), "--trust"], "choose one"),
        (
            [*("--data", "s3://data/x/", "--owner-of", "arn:aws:s3:::lake", "--role", ROLE)],
            "does nothing with",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(words: list[str], expected: str) -> None:
    result = clarify_policy(*words)
    assert result.exit_code == 2
    # The message is wrapped and framed.
    assert expected in " ".join(result.stderr.replace("│", " ").split())
