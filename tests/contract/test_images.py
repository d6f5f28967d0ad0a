"""The registry accounts of the managed image are those of section 1.10 of the specification."""

from __future__ import annotations

import re

import pytest

from clarify_contract import IMAGE_ACCOUNTS

# Typed from the specification's table; the suffix only where it is another than amazonaws.com.
TABLE = """
us-east-1 205585389593
us-east-2 211330385671
us-west-1 740489534195
us-west-2 306415355426
ca-central-1 675030665977
sa-east-1 520018980103
eu-central-1 017069133835
eu-central-2 730335477804
eu-north-1 763603941244
eu-south-1 638885417683
eu-west-1 131013547314
eu-west-2 440796970383
eu-west-3 341593696636
me-south-1 835444307964
af-south-1 811711786498
ap-east-1 098760798382
ap-northeast-1 377024640650
ap-northeast-2 263625296855
ap-northeast-3 912233562940
ap-south-1 452307495513
ap-southeast-1 834264404009
ap-southeast-2 007051062584
ap-southeast-3 705930551576
cn-north-1 122526803553 amazonaws.com.cn
cn-northwest-1 122578899357 amazonaws.com.cn
us-gov-west-1 598674086554
us-isof-east-1 579539705040 csp.hci.ic.gov
us-isof-south-1 411392592546 csp.hci.ic.gov
"""
ROWS = [line.split() for line in TABLE.split("\n") if line]


def test_every_region_of_the_table_is_there_and_no_other() -> None:
    assert len(ROWS) == 28
    assert sorted(IMAGE_ACCOUNTS) == sorted(row[0] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_region_has_the_specified_account_and_suffix(row: list[str]) -> None:
    region, account, *suffix = row
    assert IMAGE_ACCOUNTS[region].account == account
    assert IMAGE_ACCOUNTS[region].suffix == (suffix[0] if suffix else "amazonaws.com")


def test_accounts_are_twelve_digits_of_text_with_their_leading_zero() -> None:
    accounts = [entry.account for entry in IMAGE_ACCOUNTS.values()]
    assert all(re.fullmatch(r"\d{12}", account) for account in accounts)
    assert len(set(accounts)) == len(accounts)


@pytest.mark.parametrize("region", ["us-gov-east-1", "il-central-1", "ca-west-1", "ap-east-2"])
def test_region_without_the_image_is_absent(region: str) -> None:
    assert region not in IMAGE_ACCOUNTS


def test_uri_has_the_form_of_the_developer_guide() -> None:
    expected = "205585389593.dkr.ecr.us-east-1.amazonaws.com/sagemaker-clarify-processing:1.0"
    assert IMAGE_ACCOUNTS["us-east-1"].image_uri("us-east-1") == expected
