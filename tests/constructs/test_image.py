"""Which image a job runs, and which repository its role may pull from."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecr as ecr

from clarify_cdk import ClarifyImage
from clarify_contract import IMAGE_ACCOUNTS, Refused
from support_constructs.templates import template_of


def stack_in(region: str | None) -> cdk.Stack:
    app = cdk.App(analytics_reporting=False)
    return cdk.Stack(app, "Images", env=cdk.Environment(account="111122223333", region=region))


def test_in_a_known_region_the_managed_image_is_a_literal_without_a_table() -> None:
    stack = stack_in("eu-central-1")
    image = ClarifyImage.managed().bind(stack)
    assert image.uri == (
        "017069133835.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-clarify-processing:1.0"
    )
    assert "Mappings" not in template_of(stack).document


def test_in_an_unknown_region_the_table_travels_once() -> None:
    stack = stack_in(None)
    first, second = (ClarifyImage.managed().bind(stack) for _ in range(2))
    cdk.CfnOutput(stack, "First", value=first.uri)
    cdk.CfnOutput(stack, "Second", value=second.repository_arn)
    mappings = template_of(stack).document["Mappings"]
    assert set(mappings) == {"ClarifyImages"}
    assert mappings["ClarifyImages"]["us-isof-east-1"] == {
        "account": "579539705040",
        "suffix": "csp.hci.ic.gov",
    }
    assert set(mappings["ClarifyImages"]) == set(IMAGE_ACCOUNTS)


def test_a_known_region_without_the_image_is_refused_at_synthesis() -> None:
    with pytest.raises(Refused) as refused:
        ClarifyImage.managed().bind(stack_in("eu-south-2"))
    (finding,) = refused.value.findings
    assert finding.id == "image-region"
    assert "eu-south-2" in finding.given
    assert "open_engine()" in finding.fix


def test_an_image_of_a_repository_is_addressed_by_tag_or_digest() -> None:
    stack = stack_in("eu-central-1")
    repository = ecr.Repository.from_repository_name(stack, "Repository", "engine")
    address = "111122223333.dkr.ecr.eu-central-1."
    digest = f"sha256:{'0' * 64}"
    for tag, ending in (("1.2", "/engine:1.2"), (digest, f"/engine@{digest}")):
        image = ClarifyImage.from_ecr(repository, tag).bind(stack)
        assert image.uri.startswith(address)
        assert image.uri.endswith(ending)
        assert image.repository_arn == repository.repository_arn


@pytest.mark.parametrize("ending", [":1.2", "", f"@sha256:{'0' * 64}"])
def test_the_repository_is_read_from_an_address(ending: str) -> None:
    stack = stack_in("eu-central-1")
    uri = f"444455556666.dkr.ecr.us-east-1.amazonaws.com/team/engine{ending}"
    image = ClarifyImage.from_uri(uri).bind(stack)
    assert image.uri == uri
    assert image.repository_arn.partition(":ecr:")[2] == (
        "us-east-1:444455556666:repository/team/engine"
    )


def test_an_address_may_hold_the_account_and_region_of_the_stack() -> None:
    stack = stack_in(None)
    uri = f"{cdk.Aws.ACCOUNT_ID}.dkr.ecr.{cdk.Aws.REGION}.{cdk.Aws.URL_SUFFIX}/engine:1"
    image = ClarifyImage.from_uri(uri).bind(stack)
    cdk.CfnOutput(stack, "Repository", value=image.repository_arn)
    assert template_of(stack).document["Outputs"]["Repository"]["Value"] == (
        "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/engine"
    )


@pytest.mark.parametrize(
    "uri",
    [
        "docker.io/library/engine:1",
        "engine:1",
        "",
        f"111122223333.dkr.ecr.eu-central-1.amazonaws.com/{'e' * 255}",
    ],
)
def test_what_is_no_address_in_ecr_is_refused(uri: str) -> None:
    with pytest.raises(Refused) as refused:
        ClarifyImage.from_uri(uri)
    assert [finding.id for finding in refused.value.findings] == ["image-uri"]
