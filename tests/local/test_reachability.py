"""The network of a deployed job and of functions: whole, and with one thing missing or too many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clarify_local.aws import REGION
from clarify_local.network_check import network_findings
from support_local.networks import ANYWHERE, HTTPS, Change, Described, Facts, found, ids
from support_local.stage import Stage


@pytest.mark.proves("network-tight")
def test_the_own_vpc_lacks_nothing_and_leads_nowhere_else(
    stage: Stage, described: Described
) -> None:
    assert found(described) == []
    assert network_findings(stage.aws, stage.deploy("Passes")) == []


def test_outside_a_vpc_there_is_nothing_to_judge(stage: Stage) -> None:
    assert network_findings(stage.aws, stage.deploy("NoModel")) == []


# --- one thing missing ----------------------------------------------------------------------------


def off_one_table(facts: Facts) -> None:
    facts.endpoint("s3")["RouteTableIds"].pop()


def no_egress_to_s3(facts: Facts) -> None:
    for rule in facts.job["IpPermissionsEgress"]:
        rule["PrefixListIds"] = []


def other_prefix_list(facts: Facts) -> None:
    (dynamodb,) = (
        entry["PrefixListId"]
        for entry in facts.network.prefix_lists
        if entry["PrefixListName"] == f"com.amazonaws.{REGION}.dynamodb"
    )
    for rule in facts.job["IpPermissionsEgress"]:
        rule["PrefixListIds"] = [{"PrefixListId": dynamodb}] if rule["PrefixListIds"] else []


def internet_gateway_instead(facts: Facts) -> None:
    facts.without("s3")
    facts.route("0.0.0.0/0", GatewayId="igw-1")
    facts.let_out(**ANYWHERE)


def other_endpoint_port(facts: Facts) -> None:
    for rule in facts.endpoint_group["IpPermissions"]:
        rule["FromPort"] = rule["ToPort"] = 8443


def no_private_dns(facts: Facts) -> None:
    facts.endpoint("sagemaker.runtime")["PrivateDnsEnabled"] = False


def shut_endpoint(facts: Facts) -> None:
    facts.endpoint_group["IpPermissions"] = []


def no_egress_to_endpoints(facts: Facts) -> None:
    for rule in facts.job["IpPermissionsEgress"]:
        if rule["IpProtocol"] == "tcp":
            rule["UserIdGroupPairs"] = []


def fellows_cannot_leave(facts: Facts) -> None:
    facts.job["IpPermissionsEgress"] = [
        rule for rule in facts.job["IpPermissionsEgress"] if rule["IpProtocol"] != "-1"
    ]


def fellows_cannot_enter(facts: Facts) -> None:
    facts.job["IpPermissions"] = []


def fellows_enter_on_one_port(facts: Facts) -> None:
    for rule in facts.job["IpPermissions"]:
        rule.update(HTTPS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda facts: facts.without("s3"), ["s3-unreachable"]),
        (off_one_table, ["s3-unreachable"]),
        (no_egress_to_s3, ["s3-unreachable"]),
        (other_prefix_list, ["s3-unreachable"]),
        (internet_gateway_instead, ["s3-unreachable"]),
        (lambda facts: facts.without("sagemaker.api"), ["sagemaker-api-unreachable"]),
        (lambda facts: facts.without("sagemaker.runtime"), ["sagemaker-runtime-unreachable"]),
        (no_private_dns, ["sagemaker-runtime-unreachable"]),
        (shut_endpoint, ["sagemaker-api-unreachable", "sagemaker-runtime-unreachable"]),
        (other_endpoint_port, ["sagemaker-api-unreachable", "sagemaker-runtime-unreachable"]),
        (no_egress_to_endpoints, ["sagemaker-api-unreachable", "sagemaker-runtime-unreachable"]),
        (fellows_cannot_leave, ["fellows-unreachable"]),
        (fellows_cannot_enter, ["fellows-unreachable"]),
        (fellows_enter_on_one_port, ["fellows-unreachable"]),
    ],
)
def test_a_network_that_lacks_one_thing_is_told_what(
    described: Described, change: Change, expected: list[str]
) -> None:
    missing = found(described, change)
    assert ids(missing) == expected
    assert {finding.severity for finding in missing} == {"error"}


def test_the_subnet_that_lacks_it_is_named(described: Described) -> None:
    (finding,) = found(described, off_one_table)
    named = [subnet in finding.given for subnet in described.tenant.subnet_ids]
    assert sorted(named) == [False, True]


def test_a_job_that_asks_no_model_needs_no_sagemaker_endpoint(described: Described) -> None:
    def without(facts: Facts) -> None:
        shut_endpoint(facts)
        facts.without("sagemaker.api", "sagemaker.runtime")

    assert found(described, without, services=("s3",)) == []


def test_an_endpoint_that_no_job_needs_is_one_too_many(described: Described) -> None:
    assert ids(found(described, services=("s3",))) == ["job-reaches-group"]


# --- other ways to the same -----------------------------------------------------------------------


@pytest.mark.parametrize("target", [{"NatGatewayId": "nat-1"}, {"TransitGatewayId": "tgw-1"}])
def test_a_default_route_leads_to_everything_and_that_is_said(
    described: Described, target: dict[str, str]
) -> None:
    def change(facts: Facts) -> None:
        facts.route("0.0.0.0/0", **target)
        facts.let_out(**ANYWHERE)
        shut_endpoint(facts)
        facts.without("s3", "sagemaker.api", "sagemaker.runtime")

    (finding,) = found(described, change)
    assert (finding.id, finding.severity) == ("job-reaches-outside", "warning")
    assert f"0.0.0.0/0, through {next(iter(target.values()))}" in finding.given


def test_a_default_route_that_the_group_does_not_let_out_to_is_no_way(
    described: Described,
) -> None:
    def change(facts: Facts) -> None:
        facts.route("0.0.0.0/0", NatGatewayId="nat-1")
        facts.without("sagemaker.api")

    assert ids(found(described, change)) == ["sagemaker-api-unreachable"]


def test_central_endpoints_are_reached_through_the_network_between(
    described: Described,
) -> None:
    def change(facts: Facts) -> None:
        facts.route("10.200.0.0/16", TransitGatewayId="tgw-1")
        facts.let_out(IpRanges=[{"CidrIp": "10.200.1.0/24"}])
        shut_endpoint(facts)
        facts.without("sagemaker.api", "sagemaker.runtime")

    assert ids(found(described, change)) == ["job-reaches-outside"]


def test_fips_endpoints_serve_as_well(described: Described) -> None:
    def change(facts: Facts) -> None:
        for service in ("sagemaker.api", "sagemaker.runtime"):
            facts.endpoint(service)["ServiceName"] += "-fips"

    assert found(described, change) == []


def test_a_subnet_without_a_table_of_its_own_has_the_main_one(described: Described) -> None:
    def change(facts: Facts) -> None:
        for table in facts.network.route_tables:
            for entry in table["Associations"]:
                entry.pop("SubnetId", None)

    assert ids(found(described, change)) == ["s3-unreachable"]


def test_a_vpc_that_the_account_does_not_have_is_not_judged(described: Described) -> None:
    def change(facts: Facts) -> None:
        facts.tenant = replace(facts.tenant, subnet_ids=["subnet-elsewhere"])

    assert found(described, change) == []


# --- one thing too many ---------------------------------------------------------------------------


def to_a_group(facts: Facts) -> None:
    facts.other_group(HTTPS | {"UserIdGroupPairs": [{"GroupId": facts.job_id}]})
    facts.let_out(UserIdGroupPairs=[{"GroupId": "sg-database"}])


def to_all_of_the_vpc(facts: Facts) -> None:
    facts.other_group(HTTPS | {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]})
    facts.let_out(**ANYWHERE)


@pytest.mark.parametrize("change", [to_a_group, to_all_of_the_vpc])
def test_whoever_else_the_job_reaches_is_named(described: Described, change: Change) -> None:
    (finding,) = found(described, change)
    assert (finding.id, finding.severity) == ("job-reaches-group", "warning")
    assert "sg-database (database)" in finding.given


def on_another_port(facts: Facts) -> None:
    to_a_group(facts)
    for rule in facts.group("sg-database")["IpPermissions"]:
        rule["FromPort"] = rule["ToPort"] = 5432


def shut(facts: Facts) -> None:
    facts.other_group()
    facts.let_out(**ANYWHERE)


@pytest.mark.parametrize("change", [on_another_port, shut])
def test_a_group_that_lets_the_job_in_nowhere_is_not_reached(
    described: Described, change: Change
) -> None:
    assert found(described, change) == []


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ({"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}, "10.0.0.0/16"),
        ({"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}, "::/0"),
        ({"UserIdGroupPairs": [{"GroupId": "sg-notebook"}]}, "sg-notebook"),
        ({"PrefixListIds": [{"PrefixListId": "pl-office"}]}, "pl-office"),
    ],
)
@pytest.mark.proves("network-tight")
def test_whoever_reaches_the_job_is_named(
    described: Described, source: dict[str, Any], named: str
) -> None:
    (finding,) = found(described, lambda facts: facts.job["IpPermissions"].append(HTTPS | source))
    assert (finding.id, finding.severity) == ("job-is-reached", "warning")
    assert named in finding.given


# --- functions ------------------------------------------------------------------------------------


def test_functions_in_the_same_place_are_judged_together(
    stage: Stage, functions: Described
) -> None:
    assert functions.tenant.kind == "function"
    assert functions.tenant.name == "the functions of Prepare, ExplainFailure, CheckResults"
    assert functions.tenant.services == ("s3", "sagemaker.api")
    assert found(functions) == []
    assert network_findings(stage.aws, stage.deploy("Endpoint")) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda facts: facts.without("s3"), ["s3-unreachable"]),
        (shut_endpoint, ["sagemaker-api-unreachable"]),
        (lambda facts: facts.without("sagemaker.runtime"), []),
        (
            lambda facts: facts.job["IpPermissionsEgress"].clear(),
            ["s3-unreachable", "sagemaker-api-unreachable"],
        ),
    ],
)
def test_functions_ask_s3_and_describe_endpoints(
    functions: Described, change: Change, expected: list[str]
) -> None:
    missing = found(functions, change)
    assert ids(missing) == expected
    assert {finding.path for finding in missing} <= {
        "network of the functions of Prepare, ExplainFailure, CheckResults"
    }


def test_nobody_is_let_in_to_a_function_not_even_a_function(functions: Described) -> None:
    def change(facts: Facts) -> None:
        facts.job["IpPermissions"].append(HTTPS | {"UserIdGroupPairs": [{"GroupId": facts.job_id}]})

    assert ids(found(functions, change)) == ["function-is-reached"]
