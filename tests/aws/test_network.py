"""What security groups are like once CloudFormation made them."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyNetwork
from clarify_contract import AnalysisConfig
from support_aws.account import Account
from support_aws.jobs import LABELS_ALONE
from support_aws.stacks import Deployed, deploy

COST = "nothing, 5 minutes; a VPC with a gateway endpoint"
EVERYWHERE = ["0.0.0.0/0"]


@pytest.fixture(scope="module")
def stack(account: Account) -> Deployed:
    def make(stack: cdk.Stack) -> None:
        config = AnalysisConfig(**LABELS_ALONE)
        network = ClarifyNetwork(stack, "Network", config=config, zones=1)
        network.serve(
            Analysis(
                config=config,
                results_bucket=s3.Bucket.from_bucket_name(stack, "Results", "none-results"),
                dataset_bucket=s3.Bucket.from_bucket_name(stack, "Data", "none-data"),
            )
        )
        alone = ec2.CfnSecurityGroup(
            stack, "Alone", group_description="Tests of facts", vpc_id=network.vpc.vpc_id
        )
        ec2.CfnSecurityGroupEgress(
            stack,
            "AloneToItself",
            group_id=alone.attr_group_id,
            ip_protocol="-1",
            destination_security_group_id=alone.attr_group_id,
        )
        cdk.CfnOutput(stack, "Job", value=network.security_group.security_group_id)
        cdk.CfnOutput(stack, "SelfOnly", value=alone.attr_group_id)

    return deploy(account, "network", make)


def egress(account: Account, group_id: str) -> list[tuple[str, Any, list[str], list[str]]]:
    """Return a group's ways out: protocol, port, addresses, groups."""
    ec2_client = account.client("ec2")
    (group,) = ec2_client.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    return sorted(
        (
            rule["IpProtocol"],
            rule.get("FromPort"),
            [one["CidrIp"] for one in rule.get("IpRanges", [])],
            [one["GroupId"] for one in rule.get("UserIdGroupPairs", [])],
        )
        for rule in group["IpPermissionsEgress"]
    )


@pytest.mark.proves("self-rule-egress", cost=COST)
def test_a_group_with_a_rule_to_itself_alone_lets_nothing_else_out(
    account: Account, stack: Deployed
) -> None:
    group = stack["SelfOnly"]
    assert egress(account, group) == [("-1", None, [], [group])]


@pytest.mark.proves("job-group-egress", cost=COST)
def test_the_jobs_group_lets_out_what_the_template_says_and_no_more(
    account: Account, stack: Deployed
) -> None:
    group = stack["Job"]
    assert egress(account, group) == [
        ("-1", None, [], [group]),
        ("tcp", 443, EVERYWHERE, []),  # to S3, by the one route that isolated subnets have
    ]
