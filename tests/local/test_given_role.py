"""A role that only the account has gets a stand-in with the printed policy; any other stays."""

from __future__ import annotations

import json

import pytest

from clarify_local.aws import ACCOUNT
from clarify_local.deploy import DeployedStack
from clarify_local.deployed import Pipeline
from clarify_local.given_role import stand_in_role
from support_local.stage import Stage

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
}
STACK = DeployedStack("Loans", {"BiasJobPolicy1A2B": json.dumps(POLICY)}, ())


def pipeline(
    role: str, account: str = ACCOUNT, logical_id: str = "BiasStateMachine3C4D"
) -> Pipeline:
    arn = f"arn:aws:iam::{account}:role/{role}"
    return Pipeline(logical_id, "arn", "Prepare", ("Prepare",), {}, "s3://r/p", None, arn)


def test_a_stand_in_may_do_what_its_owner_is_asked_to_allow(stage: Stage) -> None:
    said = stand_in_role(stage.aws, STACK, pipeline("team/loans"))
    assert said is not None
    assert "output BiasJobPolicy1A2B" in said
    iam = stage.aws.client("iam")
    role = iam.get_role(RoleName="loans")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/team/loans"
    (name,) = iam.list_role_policies(RoleName="loans")["PolicyNames"]
    assert iam.get_role_policy(RoleName="loans", PolicyName=name)["PolicyDocument"] == POLICY
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}


def test_a_role_of_the_app_stays_as_it_is(stage: Stage) -> None:
    iam = stage.aws.client("iam")
    iam.create_role(RoleName="ours", AssumeRolePolicyDocument=json.dumps(POLICY))
    assert stand_in_role(stage.aws, STACK, pipeline("ours")) is None
    assert iam.list_role_policies(RoleName="ours")["PolicyNames"] == []


@pytest.mark.parametrize(
    "given",
    [
        pipeline("theirs", account="999988887777"),
        # The policy that is printed is another pipeline's.
        pipeline("theirs", logical_id="OtherStateMachine3C4D"),
    ],
)
def test_no_other_role_is_made(stage: Stage, given: Pipeline) -> None:
    assert stand_in_role(stage.aws, STACK, given) is None
    iam = stage.aws.client("iam")
    assert "theirs" not in {role["RoleName"] for role in iam.list_roles()["Roles"]}
