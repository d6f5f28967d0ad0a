"""What is as tight as it can be is no finding of an assertion for reviewers."""

from __future__ import annotations

import pytest

from clarify_cdk.testing import (
    assert_encrypted,
    assert_least_privilege,
    assert_no_public_access,
    assert_private_network,
)
from clarify_cdk.wildcards import FORCED_WILDCARDS
from support_constructs.slips import (
    Assertion,
    Slip,
    in_definition,
    in_statement,
    one,
    plus,
    policy,
    slipped,
)

S3_ARN = "arn:aws:s3:::loans/*"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
NARROWED = policy(
    Action="s3:GetObject",
    Principal="*",
    Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
)
SHARED = {"Ref": "Shared"}
PASSING = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
TIGHT: dict[str, tuple[Assertion, Slip]] = {
    "objects of a bucket": (assert_least_privilege, in_statement(Resource=S3_ARN)),
    "objects of a made bucket": (
        assert_least_privilege,
        in_statement(Resource={"Fn::Join": ["", [{"Fn::GetAtt": ["Data666C94C7", "Arn"]}, "/*"]]}),
    ),
    "names that begin so": (
        assert_least_privilege,
        in_statement(Resource="arn:aws:sagemaker:eu-west-1:1:endpoint/sm-clarify-*"),
    ),
    "log groups that begin so": (
        assert_least_privilege,
        in_statement(Resource="arn:aws:logs:eu-west-1:1:log-group:/aws/sagemaker/*"),
    ),
    "a role to one service": (
        assert_least_privilege,
        in_statement(Action="iam:PassRole", Condition=PASSING),
    ),
    "everything denied": (assert_least_privilege, in_statement(Effect="Deny", Resource="*")),
    "a managed policy of this template": (
        assert_least_privilege,
        lambda resources: resources.update(
            Shared={"Type": "AWS::IAM::ManagedPolicy"},
            Team={"Type": "AWS::IAM::Group", "Properties": {"ManagedPolicyArns": [SHARED]}},
        ),
    ),
    "everybody of an organisation": (
        assert_no_public_access,
        plus("S3::BucketPolicy", PolicyDocument=NARROWED),
    ),
    "a function for one account": (
        assert_no_public_access,
        plus("Lambda::Permission", Principal="*", SourceAccount="111122223333"),
    ),
    "a signed address": (assert_no_public_access, plus("Lambda::Url", AuthType="AWS_IAM")),
    "an address on the premises": (
        assert_private_network,
        plus("EC2::SecurityGroupEgress", **HTTPS, GroupId="sg-1", CidrIp="10.0.0.0/8"),
    ),
    "a group whose only rule is beside it": (
        assert_private_network,
        lambda resources: one(resources, "EC2::SecurityGroup", "NetworkJob").pop(
            "SecurityGroupEgress"
        ),
    ),
    "an endpoint that has no policies": (
        assert_private_network,
        plus("EC2::VPCEndpoint", ServiceName="com.amazonaws.us-east-1.sagemaker.runtime-fips"),
    ),
    "a topic with a key": (assert_encrypted, plus("SNS::Topic", KmsMasterKeyId="alias/topics")),
    "a queue as SQS makes it": (assert_encrypted, plus("SQS::Queue")),
    "a key that cannot be rotated": (assert_encrypted, plus("KMS::Key", KeySpec="RSA_2048")),
    "instances that encrypt": (
        assert_encrypted,
        in_definition(
            '"EnableInterContainerTrafficEncryption":false',
            '"EnableInterContainerTrafficEncryption":true',
        ),
    ),
}


@pytest.mark.parametrize(("assertion", "slip"), TIGHT.values(), ids=TIGHT)
def test_what_is_tight_passes(assertion: Assertion, slip: Slip) -> None:
    assertion(slipped("ModelInOwnVpc", slip))


@pytest.mark.parametrize("action", FORCED_WILDCARDS)
def test_a_star_that_aws_forces_passes(action: str) -> None:
    assert_least_privilege(slipped("ModelInOwnVpc", in_statement(Action=action, Resource="*")))
