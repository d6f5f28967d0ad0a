"""Every partition: ARNs, addresses and images of its own, and no other's."""

from __future__ import annotations

import json
import re

import aws_cdk as cdk
import pytest

from clarify_cdk import ClarifyImage, ClarifyStack
from clarify_contract import Refused
from support_constructs.configs import with_model
from support_constructs.templates import Template, template_of

ACCOUNT = "111122223333"
#: Region -> partition and DNS suffix.
PLACES = {
    "eu-central-1": ("aws", "amazonaws.com"),
    "cn-north-1": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-west-1": ("aws-us-gov", "amazonaws.com"),
    "us-isof-east-1": ("aws-iso-f", "csp.hci.ic.gov"),
}
LITERALS = "@aws-cdk/core:enablePartitionLiterals"


def template(region: str | None, *, literals: bool) -> Template:
    app = cdk.App(analytics_reporting=False, context={LITERALS: literals})
    stack = ClarifyStack(
        app,
        "Loans",
        config=with_model(),
        env=cdk.Environment(account=ACCOUNT, region=region) if region else None,
    )
    return template_of(stack)


def partitions(found: Template) -> set[str]:
    """Return what stands between `arn:` and the next colon, anywhere in the resources."""
    text = json.dumps(found.document["Resources"])
    return set(re.findall(r"\barn:(\$\{AWS::Partition\}|[^:\"]+):", text))


@pytest.mark.parametrize(("region", "place"), PLACES.items())
@pytest.mark.proves("partitions")
def test_all_that_a_region_holds_is_of_its_partition(region: str, place: tuple[str, str]) -> None:
    found = template(region, literals=True)
    partition, suffix = place
    # Some of CDK's own ARNs are filled in by CloudFormation nevertheless.
    assert partitions(found) == {partition, "${AWS::Partition}"}
    job = found.state("RunClarifyJob")
    image = job["Parameters"]["AppSpecification"]["ImageUri"]
    assert image.endswith(f".dkr.ecr.{region}.{suffix}/sagemaker-clarify-processing:1.0")
    assert job["Resource"] == f"arn:{partition}:states:::sagemaker:createProcessingJob.sync"
    account = image.partition(".")[0]
    (pull,) = [
        statement["Resource"]
        for statement in found.statements("PipelineJobRole")
        if "ecr:BatchGetImage" in statement["Action"]
    ]
    assert pull == [
        f"arn:{partition}:ecr:{region}:{account}:repository/sagemaker-clarify-processing"
    ]


@pytest.mark.parametrize("region", [None, *PLACES])
def test_where_cdk_writes_no_partition_cloudformation_fills_it_in(region: str | None) -> None:
    assert partitions(template(region, literals=False)) == {"${AWS::Partition}"}


@pytest.mark.parametrize(
    "region", ["us-gov-east-1", "us-iso-east-1", "us-isob-east-1", "il-central-1", "eusc-de-east-1"]
)
def test_a_region_without_the_managed_image_names_the_other_choices(region: str) -> None:
    app = cdk.App(analytics_reporting=False)
    env = cdk.Environment(account=ACCOUNT, region=region)
    with pytest.raises(Refused) as refused:
        ClarifyStack(app, "Loans", config=with_model(), vpc=False, env=env)
    (finding,) = refused.value.findings
    assert finding.id == "image-region"
    assert region in finding.given
    for choice in ("open_engine()", "from_ecr", "open-engine", "from_uri"):
        assert choice in finding.fix


@pytest.mark.parametrize("region", ["us-gov-east-1", "us-iso-east-1", "eusc-de-east-1"])
def test_it_runs_the_image_of_ones_own_there(region: str) -> None:
    app = cdk.App(analytics_reporting=False, context={LITERALS: True})
    suffix = {"us-gov-east-1": "amazonaws.com", "us-iso-east-1": "c2s.ic.gov"}.get(
        region, "amazonaws.eu"
    )
    uri = f"{ACCOUNT}.dkr.ecr.{region}.{suffix}/engine:1"
    stack = ClarifyStack(
        app,
        "Loans",
        config=with_model(),
        vpc=False,
        image=ClarifyImage.from_uri(uri),
        env=cdk.Environment(account=ACCOUNT, region=region),
    )
    found = template_of(stack)
    partition = {"us-gov-east-1": "aws-us-gov", "us-iso-east-1": "aws-iso"}.get(region, "aws-eusc")
    assert partitions(found) == {partition, "${AWS::Partition}"}
    assert found.state("RunClarifyJob")["Parameters"]["AppSpecification"]["ImageUri"] == uri
