"""What a security reviewer asks of a template: our stacks hold it, and each slip is named."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk import ClarifyStack, Existing
from clarify_cdk.testing import (
    assert_encrypted,
    assert_least_privilege,
    assert_logged,
    assert_no_public_access,
    assert_private_network,
)
from support_constructs.configs import pre_training
from support_constructs.slips import Assertion, found, in_statement, slipped, template

ASSERTIONS = (
    assert_encrypted,
    assert_least_privilege,
    assert_logged,
    assert_no_public_access,
    assert_private_network,
)
IN_VPC = ("ModelInOwnVpc", "PreTrainingInOwnVpc", "FunctionsInOneZone")
WITHOUT_VPC = ("PreTrainingWithoutVpc", "OpenEngineWithoutVpc")
GIVEN = "EndpointInGivenVpc"
REASON = "the account's own controls cover it"


# --- stacks as they are ---------------------------------------------------------------------------


@pytest.mark.parametrize("assertion", ASSERTIONS)
@pytest.mark.parametrize("stack", IN_VPC)
def test_a_stack_with_a_vpc_holds_everything(stack: str, assertion: Assertion, flags: str) -> None:
    assertion(template(stack, flags))


@pytest.mark.parametrize("stack", WITHOUT_VPC)
def test_without_a_vpc_only_the_job_is_not_private(stack: str, flags: str) -> None:
    document = template(stack, flags)
    outside = "job-outside-vpc PipelineStateMachine1814BD05"
    assert found(assert_private_network, document) == [outside]
    for assertion in ASSERTIONS:
        known = {outside: REASON} if assertion is assert_private_network else None
        assertion(document, acknowledged=known)


def test_a_given_vpc_with_its_prefix_list_is_private(flags: str) -> None:
    assert_private_network(template(GIVEN, flags))
    assert_least_privilege(template(GIVEN, flags))
    assert_logged(template(GIVEN, flags))


def test_buckets_and_keys_about_which_nothing_is_said_are_found() -> None:
    stack = cdk.Stack(cdk.App(), "Own")
    s3.CfnBucket(stack, "Data")
    kms.CfnKey(stack, "Key", key_policy={"Version": "2012-10-17", "Statement": []})
    assert found(assert_no_public_access, stack) == ["bucket-unblocked Data"]
    assert found(assert_encrypted, stack) == [
        "bucket-unencrypted Data",
        "key-not-rotated Key",
        "bucket-without-tls Data",
    ]


def test_functions_are_in_a_vpc_if_that_is_asked_for() -> None:
    assert_private_network(template("FunctionsInOneZone"), functions=True)
    assert found(assert_private_network, template("ModelInOwnVpc"), functions=True) == [
        "function-outside-vpc CheckFunction82225D96",
        "function-outside-vpc PipelinePreparationFunction7CD33814",
    ]


def test_keys_of_ones_own_are_missed_where_aws_manages_them() -> None:
    assert sorted({*found(assert_encrypted, template("ModelInOwnVpc"), customer_keys=True)}) == [
        "own-key-missing CheckLogGroup6176C504",
        "own-key-missing Data666C94C7",
        "own-key-missing PipelineCleanUpLogGroupECC38D7D",
        "own-key-missing PipelineLogGroup9DA7DDE7",
        "own-key-missing PipelinePreparationLogGroup2E1CD8A4",
        "own-key-missing PipelineStateMachine1814BD05",
        "own-key-missing Results25575328",
    ]


def test_keys_of_ones_own_everywhere_are_enough() -> None:
    key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd"
    keys = Existing(bucket_key=key, volume_key=key, log_key=key)
    stack = ClarifyStack(cdk.App(), "Loans", config=pre_training(), vpc=False, existing=keys)
    assert_encrypted(stack, customer_keys=True)


# --- what is meant so, and what is no stack of that kind ------------------------------------------

SLIP = in_statement(Resource="*")
KEY = "any-resource CheckRoleDefaultPolicyF0E9477F"


def test_the_message_names_resource_property_expectation_and_fix() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_least_privilege(slipped("ModelInOwnVpc", SLIP))
    assert str(failed.value).splitlines() == [
        "",
        "[any-resource] CheckRoleDefaultPolicyF0E9477F AWS::IAM::Policy"
        " PolicyDocument.Statement[2].Resource: got * for s3:GetObject; expected ARNs that name a"
        " resource, or what its name begins with. Name the resources, such as"
        " bucket.arn_for_objects('dataset/*').",
        "What is meant so is acknowledged, each by itself:"
        f" acknowledged={{'{KEY}': 'why the risk does not arise', ...}}",
    ]


def test_what_is_acknowledged_with_a_reason_passes() -> None:
    assert_least_privilege(slipped("ModelInOwnVpc", SLIP), acknowledged={KEY: REASON})


def test_an_acknowledgement_covers_one_finding_of_one_resource() -> None:
    def second(resources: dict[str, Any]) -> None:
        SLIP(resources)
        in_statement(Action="s3:*")(resources)

    document = slipped("ModelInOwnVpc", second)
    assert found(assert_least_privilege, document, acknowledged={KEY: REASON}) == [
        KEY.replace("any-resource", "action-family")
    ]


@pytest.mark.parametrize("reason", ["", " "])
def test_an_acknowledgement_needs_a_reason(reason: str) -> None:
    with pytest.raises(AssertionError, match="no reason"):
        assert_least_privilege(slipped("ModelInOwnVpc", SLIP), acknowledged={KEY: reason})


def test_an_acknowledgement_that_nothing_needs_is_told() -> None:
    with pytest.raises(AssertionError, match=rf"{KEY}'\]: nothing of the kind was found"):
        assert_least_privilege(template("ModelInOwnVpc"), acknowledged={KEY: REASON})


@pytest.mark.parametrize("assertion", ASSERTIONS)
@pytest.mark.parametrize(
    "document", [{}, {"Resources": {"Zone": {"Type": "AWS::Route53::HostedZone"}}}]
)
def test_a_template_without_what_is_judged_fails(
    assertion: Assertion, document: dict[str, Any]
) -> None:
    assert found(assertion, document) == ["nothing-to-judge Resources:"]


def test_a_stack_is_judged_as_its_template_is() -> None:
    stack = cdk.Stack(cdk.App(), "Loans")
    role = iam.Role(stack, "Role", assumed_by=iam.AccountPrincipal("111122223333"))
    role.add_to_policy(iam.PolicyStatement(actions=["sagemaker:ListModels"], resources=["*"]))
    assert found(assert_least_privilege, stack) == ["any-resource RoleDefaultPolicy5FFB7DAB"]
