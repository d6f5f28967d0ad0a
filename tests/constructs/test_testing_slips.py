"""Each slip that an assertion for reviewers promises to find is found."""

from __future__ import annotations

import re

import pytest

from clarify_cdk.testing import (
    assert_encrypted,
    assert_least_privilege,
    assert_logged,
    assert_no_public_access,
    assert_private_network,
)
from support_constructs.configs import ROOT
from support_constructs.slips import (
    Assertion,
    Slip,
    found,
    in_definition,
    in_statement,
    in_trust,
    one,
    plus,
    policy,
    set_in,
    slipped,
)

GUIDE = (ROOT / "docs" / "testing-your-stack.md").read_text("utf-8")
UNKNOWN_DEFINITION = (
    set_in(
        "DefinitionString",
        to={"Fn::Transform": {}},
        kind="StepFunctions::StateMachine",
        begins="PipelineStateMachine",
    ),
    "definition-unreadable PipelineStateMachine1814BD05",
)
CHECK, JOB = "CheckRoleDefaultPolicyF0E9477F", "PipelineJobRole1E52ECA1"
S3_ARN, ACCOUNT = "arn:aws:s3:::loans/*", {"aws:SourceAccount": "111122223333"}
RIGHTS: dict[str, tuple[Slip, str]] = {
    "everything": (in_statement(Resource="*"), f"any-resource {CHECK}"),
    "everything among others": (in_statement(Resource=[S3_ARN, "*"]), f"any-resource {CHECK}"),
    "everything in one case": (
        in_statement(Resource={"Fn::If": ["Live", S3_ARN, "*"]}),
        f"any-resource {CHECK}",
    ),
    "any bucket": (in_statement(Resource="arn:aws:s3:::*"), f"any-resource {CHECK}"),
    "a key in any bucket": (in_statement(Resource="arn:aws:s3:::*/a"), f"any-resource {CHECK}"),
    "any of a type": (
        in_statement(Resource="arn:aws:sagemaker:eu-west-1:1:endpoint/*"),
        f"any-resource {CHECK}",
    ),
    "a forced star, but by ARN": (
        in_statement(Action="ec2:DescribeVpcs", Resource="arn:aws:ec2:*:*:vpc/*"),
        f"any-resource {CHECK}",
    ),
    "a family": (in_statement(Action="s3:Get*"), f"action-family {CHECK}"),
    "a service": (in_statement(Action=["s3:*"]), f"action-family {CHECK}"),
    "all but": (in_statement(NotAction="iam:*"), f"everything-but {CHECK}"),
    "all but some": (in_statement(NotResource=S3_ARN), f"everything-but {CHECK}"),
    "passing anywhere": (in_statement(Action="iam:PassRole"), f"pass-role-anywhere {CHECK}"),
    "passing anywhere, in small letters": (
        in_statement(Action="iam:passrole"),
        f"pass-role-anywhere {CHECK}",
    ),
    "managed by AWS": (
        set_in(
            "ManagedPolicyArns",
            to=["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"],
            kind="IAM::Role",
            begins="PipelineJobRole",
        ),
        f"policy-elsewhere {JOB}",
    ),
    "trusting all": (in_trust(Principal={"AWS": "*"}, Condition={}), f"trust-anybody {JOB}"),
    "trusting all but": (
        in_trust(Principal=[], NotPrincipal={"AWS": "1"}, Condition={}),
        f"trust-anybody {JOB}",
    ),
    "for any account": (in_trust(Condition={}), f"trust-any-account {JOB}"),
    "for any account if not said": (
        in_trust(Condition={"StringEqualsIfExists": ACCOUNT}),
        f"trust-any-account {JOB}",
    ),
    "inline": (
        plus("IAM::User", Policies=[{"PolicyDocument": policy(Action="*", Resource=S3_ARN)}]),
        "action-family New",
    ),
}
PUBLIC: dict[str, tuple[Slip, str]] = {
    "no block": (
        set_in("PublicAccessBlockConfiguration", "BlockPublicPolicy", to=False, kind="S3::Bucket"),
        "bucket-unblocked Data666C94C7",
    ),
    "a bucket for all": (
        plus("S3::BucketPolicy", PolicyDocument=policy(Action="s3:GetObject", Principal="*")),
        "policy-for-everybody New",
    ),
    "a bucket for all with TLS": (
        plus(
            "S3::BucketPolicy",
            PolicyDocument=policy(
                Principal={"AWS": "*"}, Condition={"Bool": {"aws:SecureTransport": "true"}}
            ),
        ),
        "policy-for-everybody New",
    ),
    "a bucket for all whose name is a pattern": (
        plus(
            "S3::BucketPolicy",
            PolicyDocument=policy(
                Principal="*", Condition={"StringLike": {"aws:PrincipalArn": "*"}}
            ),
        ),
        "policy-for-everybody New",
    ),
    "a bucket for all without organisation": (
        plus(
            "S3::BucketPolicy",
            PolicyDocument=policy(
                Principal="*",
                Condition={"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}},
            ),
        ),
        "policy-for-everybody New",
    ),
    "a bucket for all but one": (
        plus(
            "S3::BucketPolicy",
            PolicyDocument=policy(
                Principal="*",
                Condition={"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/a"}},
            ),
        ),
        "policy-for-everybody New",
    ),
    "a key for all": (
        plus("KMS::Key", KeyPolicy=policy(Action="kms:*", Principal="*", Resource="*")),
        "policy-for-everybody New",
    ),
    "a topic for all but": (
        plus("SNS::TopicPolicy", PolicyDocument=policy(NotPrincipal={"AWS": "1"})),
        "policy-for-everybody New",
    ),
    "a function for all": (
        plus("Lambda::Permission", Principal="*", Action="lambda:InvokeFunction"),
        "function-public New",
    ),
    "an address": (plus("Lambda::Url", AuthType="NONE"), "function-public New"),
}
ANYWHERE = {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
GROUP = "NetworkJobSecurityGroup21D3477A"
NETWORK: dict[str, tuple[Slip, str]] = {
    "a job elsewhere": (
        in_definition('"VpcConfig"', '"Other"'),
        "job-outside-vpc PipelineStateMachine1814BD05",
    ),
    "a job without a group": (
        in_definition('"SecurityGroupIds"', '"Other"'),
        "job-outside-vpc PipelineStateMachine1814BD05",
    ),
    "a job beside": (plus("SageMaker::ProcessingJob"), "job-outside-vpc New"),
    "a model": (plus("SageMaker::Model", PrimaryContainer={}), "model-outside-vpc New"),
    "an unknown definition": UNKNOWN_DEFINITION,
    "no definition": (
        lambda resources: one(resources, "StepFunctions::StateMachine", "PipelineStateMachine").pop(
            "DefinitionString"
        ),
        "definition-unreadable PipelineStateMachine1814BD05",
    ),
    "a gateway": (plus("EC2::InternetGateway"), "way-out New"),
    "NAT": (plus("EC2::NatGateway"), "way-out New"),
    "public subnets": (
        set_in("MapPublicIpOnLaunch", to=True, kind="EC2::Subnet"),
        "public-addresses NetworkVpcJobSubnet1Subnet18308F7E",
    ),
    "a route": (plus("EC2::Route", DestinationCidrBlock="0.0.0.0/0"), f"open-egress {GROUP}"),
    "another port": (
        set_in(
            "SecurityGroupEgress",
            to=[ANYWHERE],
            kind="EC2::SecurityGroup",
            begins="NetworkJobSecurityGroup",
        ),
        f"open-egress {GROUP}",
    ),
    "half of the world": (
        plus("EC2::SecurityGroupEgress", **HTTPS, GroupId="sg-1", CidrIp="128.0.0.0/1"),
        "open-egress New",
    ),
    "IPv6": (
        plus("EC2::SecurityGroupEgress", **HTTPS, GroupId="sg-1", CidrIpv6="::/0"),
        "open-egress New",
    ),
    "nothing said": (plus("EC2::SecurityGroup", VpcId="vpc-1"), "open-egress New"),
    "a group in a given VPC": (
        plus(
            "EC2::SecurityGroup",
            VpcId="vpc-1",
            SecurityGroupEgress=[{**HTTPS, "CidrIp": "0.0.0.0/0"}],
        ),
        "open-egress New",
    ),
    "callers": (
        plus(
            "EC2::SecurityGroupIngress",
            **HTTPS,
            GroupId={"Fn::GetAtt": [GROUP, "GroupId"]},
            CidrIp="0.0.0.0/0",
        ),
        "open-ingress New",
    ),
    "an endpoint without policy": (
        lambda resources: one(resources, "EC2::VPCEndpoint", "NetworkS3").pop("PolicyDocument"),
        "endpoint-open NetworkS3EndpointDED08CEB",
    ),
    "an endpoint for everything": (
        plus(
            "EC2::VPCEndpoint",
            ServiceName="com.amazonaws.eu-west-1.s3",
            PolicyDocument=policy(Action=["*"], Principal="*", Resource=["*"]),
        ),
        "endpoint-open New",
    ),
}
ENCRYPTION: dict[str, tuple[Slip, str]] = {
    "a bucket": (
        lambda resources: one(resources, "S3::Bucket", "Data").pop("BucketEncryption"),
        "bucket-unencrypted Data666C94C7",
    ),
    "no TLS": (
        lambda resources: resources.pop("DataPolicyB80589C3"),
        "bucket-without-tls Data666C94C7",
    ),
    "TLS for the bucket, and none for objects": (
        lambda resources: one(resources, "S3::BucketPolicy", "Data")["PolicyDocument"]["Statement"][
            0
        ]["Resource"].pop(),
        "bucket-without-tls Data666C94C7",
    ),
    "TLS only for reading": (
        lambda resources: one(resources, "S3::BucketPolicy", "Data")["PolicyDocument"]["Statement"][
            0
        ].update(Action="s3:GetObject"),
        "bucket-without-tls Data666C94C7",
    ),
    "a topic": (plus("SNS::Topic"), "topic-unencrypted New"),
    "a queue": (plus("SQS::Queue", SqsManagedSseEnabled=False), "queue-unencrypted New"),
    "a key": (plus("KMS::Key", EnableKeyRotation=False), "key-not-rotated New"),
    "an unknown definition": UNKNOWN_DEFINITION,
    "instances": (
        in_definition('"InstanceCount":1', '"InstanceCount":2'),
        "job-traffic-plain PipelineStateMachine1814BD05",
    ),
    "who knows how many instances": (
        in_definition('"InstanceCount":1', '"InstanceCount.$":"$.n"'),
        "job-traffic-plain PipelineStateMachine1814BD05",
    ),
}
LOGS: dict[str, tuple[Slip, str]] = {
    "off": (
        set_in(
            "LoggingConfiguration",
            "Level",
            to="OFF",
            kind="StepFunctions::StateMachine",
            begins="PipelineStateMachine",
        ),
        "machine-unlogged PipelineStateMachine1814BD05",
    ),
    "nothing said": (plus("StepFunctions::StateMachine"), "machine-unlogged New"),
    "data": (
        set_in(
            "LoggingConfiguration",
            "IncludeExecutionData",
            to=True,
            kind="StepFunctions::StateMachine",
            begins="PipelineStateMachine",
        ),
        "machine-logs-data PipelineStateMachine1814BD05",
    ),
    "a function": (
        lambda resources: one(resources, "Lambda::Function", "Check").pop("LoggingConfig"),
        "function-log-elsewhere CheckFunction82225D96",
    ),
    "for ever": (
        lambda resources: one(resources, "Logs::LogGroup", "Check").pop("RetentionInDays"),
        "log-kept-forever CheckLogGroup6176C504",
    ),
}
TABLES: dict[Assertion, dict[str, tuple[Slip, str]]] = {
    assert_least_privilege: RIGHTS,
    assert_no_public_access: PUBLIC,
    assert_private_network: NETWORK,
    assert_encrypted: ENCRYPTION,
    assert_logged: LOGS,
}
SLIPS = [
    pytest.param(assertion, slip, expected, id=f"{assertion.__name__}-{name}")
    for assertion, table in TABLES.items()
    for name, (slip, expected) in table.items()
]
#: Findings that an argument asks for: `test_testing_assertions.py` has them.
ASKED_FOR = {
    assert_encrypted: {"own-key-missing"},
    assert_private_network: {"function-outside-vpc"},
}


@pytest.mark.parametrize(("assertion", "slip", "expected"), SLIPS)
def test_a_slip_is_found_and_named(assertion: Assertion, slip: Slip, expected: str) -> None:
    assert expected in found(assertion, slipped("ModelInOwnVpc", slip))


def promised(assertion: Assertion) -> set[str]:
    """Return the ids of findings in an assertion's docstring."""
    return {*re.findall(r"``([a-z]+(?:-[a-z]+)+)``", str(assertion.__doc__))}


@pytest.mark.parametrize("assertion", TABLES)
def test_a_slip_shows_every_finding_that_is_promised(assertion: Assertion) -> None:
    shown = {expected.partition(" ")[0] for _, expected in TABLES[assertion].values()}
    assert promised(assertion) == shown | ASKED_FOR.get(assertion, set())


@pytest.mark.parametrize("assertion", TABLES)
def test_the_guide_lists_every_finding(assertion: Assertion) -> None:
    (row,) = re.findall(rf"^\| `{assertion.__name__}` \|(.*)\|$", GUIDE, re.MULTILINE)
    assert {*re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row)} == promised(assertion)
