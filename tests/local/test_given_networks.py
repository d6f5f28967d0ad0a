"""What the CDK looked up of a VPC is what the emulator makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_local.errors import RehearsalFailed
from clarify_local.given_networks import given_networks
from support_local.example import STAGES

VPC = "vpc-0a1b2c3d4e5f60718"
ACCOUNT = "777788889999"
TEMPLATE = json.dumps({"VpcId": VPC, "Out": "sg-0a1b2c3d", "In": "sg-0a1b2c3d", "Name": "sg-x"})


@pytest.fixture
def context() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((STAGES / "cdk.context.json").read_text("utf-8"))
    return found


def test_a_looked_up_vpc_has_its_subnets_and_the_groups_that_are_named(
    context: dict[str, Any],
) -> None:
    (network,) = given_networks(context, ["{}", TEMPLATE], account=ACCOUNT)
    assert network == {
        "region": "eu-west-1",
        "vpc": VPC,
        "cidr": "10.0.0.0/16",
        "subnets": [
            {
                "id": "subnet-0a1b2c3d4e5f60718",
                "cidr": "10.0.1.0/24",
                "zone": "eu-west-1a",
                "table": "rtb-0a1b2c3d4e5f60718",
            },
            {
                "id": "subnet-1a2b3c4d5e6f70819",
                "cidr": "10.0.2.0/24",
                "zone": "eu-west-1b",
                "table": "rtb-1a2b3c4d5e6f70819",
            },
        ],
        "groups": ["sg-0a1b2c3d"],
    }


def test_vpcs_of_other_accounts_and_of_other_stacks_are_left_out(context: dict[str, Any]) -> None:
    assert [*given_networks(context, [TEMPLATE], account="111122223333")] == []
    assert [*given_networks(context, ["{}"], account=ACCOUNT)] == []
    assert [*given_networks({}, [TEMPLATE], account=ACCOUNT)] == []


def test_a_vpc_that_was_looked_up_twice_is_one(context: dict[str, Any]) -> None:
    ((key, found),) = ((k, v) for k, v in context.items() if k.startswith("vpc-provider"))
    twice = {**context, key.replace("filter.vpc-id", "filter.tag:Name"): found}
    assert len([*given_networks(twice, [TEMPLATE], account=ACCOUNT)]) == 1


def test_a_look_up_without_addresses_is_to_be_made_anew(context: dict[str, Any]) -> None:
    for found in context.values():
        if isinstance(found, dict):
            del found["subnetGroups"][0]["subnets"][0]["cidr"]
    with pytest.raises(RehearsalFailed, match=rf"{VPC}: run `cdk context --clear`"):
        [*given_networks(context, [TEMPLATE], account=ACCOUNT)]
