"""Network ACLs around the subnets of a deployed job: what they stop, and what they let pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clarify_local.network_acls import stopped
from support_local.networks import Described, Facts, found, ids


def entry(number: int, action: str, egress: bool, cidr: str, *ports: int) -> dict[str, Any]:
    given: dict[str, Any] = {
        "RuleNumber": number,
        "RuleAction": action,
        "Egress": egress,
        "CidrBlock": cidr,
        "Protocol": "6" if ports else "-1",
    }
    return given | ({"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {})


ALL = "0.0.0.0/0"
OUT, BACK_IN = (
    entry(100, "allow", True, ALL, 443, 443),
    entry(100, "allow", False, ALL, 1024, 65535),
)
#: The endpoints' interfaces stand in the subnets of the job.
IN, BACK_OUT = entry(90, "allow", False, "10.0.0.0/16"), entry(90, "allow", True, "10.0.0.0/16")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([OUT, BACK_IN, IN, BACK_OUT], []),
        (
            [
                OUT,
                BACK_IN,
                entry(120, "allow", False, ALL, 443, 443),
                entry(120, "allow", True, ALL, 1024, 65535),
            ],
            [],
        ),
        ([BACK_IN, IN, BACK_OUT], ["s3-unreachable"]),
        ([OUT, IN, BACK_OUT], ["s3-unreachable"]),
        # Half of the ports that an answer may come to are shut.
        ([OUT, IN, BACK_OUT, entry(100, "allow", False, ALL, 1024, 49151)], ["s3-unreachable"]),
        ([OUT, BACK_IN, IN, BACK_OUT, entry(10, "deny", True, ALL, 443, 443)], ["s3-unreachable"]),
        # What follows the first rule that names an address says nothing about it.
        ([OUT, BACK_IN, IN, BACK_OUT, entry(200, "deny", True, ALL, 443, 443)], []),
        ([OUT, BACK_IN, IN, BACK_OUT, entry(10, "deny", True, "10.0.0.0/9")], []),
    ],
)
def test_a_network_acl_stops_requests_or_their_answers(
    described: Described, entries: list[dict[str, Any]], expected: list[str]
) -> None:
    missing = found(described, lambda facts: facts.acl(*entries), services=("s3", "sagemaker.api"))
    assert [name for name in ids(missing) if name != "job-reaches-group"] == expected
    if missing:
        assert "network ACL acl-" in missing[0].given


def test_fellows_in_other_subnets_need_every_port_where_there_are_several(
    described: Described,
) -> None:
    def only_https(facts: Facts) -> None:
        facts.acl(OUT, BACK_IN, entry(120, "allow", False, ALL, 443, 443), BACK_OUT)

    def several(facts: Facts) -> None:
        facts.tenant = replace(facts.tenant, instances=2)

    assert ids(found(described, only_https)) == []
    assert ids(found(described, several)) == []
    one_way, other_way = found(described, several, only_https)
    assert one_way.id == other_way.id == "fellows-unreachable"
    assert "does not let ports 0-65535 in" in one_way.given


HERE, OTHER = (
    {"SubnetId": "subnet-a", "CidrBlock": "10.0.1.0/24"},
    {"SubnetId": "subnet-b", "CidrBlock": "10.0.2.0/24"},
)


@pytest.mark.parametrize(
    ("entries", "way"),
    [
        ([OUT, BACK_IN], "port 443 in (10.0.1.0/24)"),
        ([OUT, BACK_IN, entry(110, "allow", False, ALL, 443, 443)], "ports 32768-60999 back out"),
        ([OUT, BACK_IN, entry(110, "allow", False, ALL, 443, 443), BACK_OUT], None),
    ],
)
def test_between_subnets_both_acls_are_asked(
    entries: list[dict[str, Any]], way: str | None
) -> None:
    acls = [
        {
            "NetworkAclId": "acl-a",
            "Associations": [{"SubnetId": "subnet-a"}],
            "Entries": [OUT, BACK_IN],
        },
        {"NetworkAclId": "acl-b", "Associations": [{"SubnetId": "subnet-b"}], "Entries": entries},
    ]
    said = stopped(acls, HERE, OTHER["CidrBlock"], OTHER)
    assert said is None if way is None else said is not None and "acl-b" in said and way in said
    # Within a subnet nothing is asked.
    assert stopped([acls[1] | {"Entries": []}], OTHER, OTHER["CidrBlock"], OTHER) is None
