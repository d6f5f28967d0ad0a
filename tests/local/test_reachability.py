"""The network of a deployed job: whole, and with each one thing missing or too many."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from clarify_contract import Finding
from clarify_local.aws import REGION
from clarify_local.described_network import DescribedNetwork
from clarify_local.network_check import describe_network, network_findings
from clarify_local.reachability import SERVICES, reachability_findings
from support_local.stage import Stage

Change = Callable[["Facts"], None]


@pytest.fixture(scope="module")
def described(stage: Stage) -> DescribedNetwork:
    """The own VPC of a stack whose job asks a model, as the emulated EC2 describes it."""
    found = describe_network(stage.aws, stage.deploy("Passes"))
    assert found is not None
    return found


class Facts:
    """A copy of a described network that a test may spoil."""

    def __init__(self, network: DescribedNetwork) -> None:
        self.network = copy.deepcopy(network)
        self.subnets = list(network.vpc_config["Subnets"])
        (self.job_id,) = network.vpc_config["SecurityGroupIds"]

    @property
    def vpc(self) -> str:
        return str(self.group(self.job_id)["VpcId"])

    def group(self, name: str) -> Any:
        (group,) = (g for g in self.network.security_groups if g["GroupId"] == name)
        return group

    @property
    def job(self) -> Any:
        return self.group(self.job_id)

    def endpoint(self, service: str) -> Any:
        (found,) = (
            endpoint
            for endpoint in self.network.endpoints
            if endpoint["VpcId"] == self.vpc and endpoint["ServiceName"].endswith(f".{service}")
        )
        return found

    @property
    def endpoint_group(self) -> Any:
        return self.group(self.endpoint("sagemaker.api")["Groups"][0]["GroupId"])

    def without(self, *services: str) -> None:
        for service in services:
            self.network.endpoints.remove(self.endpoint(service))  # type: ignore[attr-defined]

    def route(self, destination: str, **target: str) -> None:
        for table in self.network.route_tables:
            if any(entry.get("SubnetId") in self.subnets for entry in table["Associations"]):
                table["Routes"].append({"DestinationCidrBlock": destination, **target})

    def let_out(self, **to: Any) -> None:
        self.job["IpPermissionsEgress"].append(HTTPS | to)

    def other_group(self, *admitted: dict[str, Any]) -> None:
        self.network.security_groups.append(  # type: ignore[attr-defined]
            {
                "GroupId": "sg-database",
                "GroupName": "database",
                "VpcId": self.vpc,
                "IpPermissions": list(admitted),
                "IpPermissionsEgress": [],
            }
        )


HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
ANYWHERE = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def found(
    described: DescribedNetwork, *changes: Change, services: tuple[str, ...] = SERVICES
) -> list[Finding]:
    facts = Facts(described)
    for change in changes:
        change(facts)
    return [*reachability_findings(facts.network, services)]


def ids(findings: list[Finding]) -> list[str]:
    return [finding.id for finding in findings]


@pytest.mark.proves("network-tight")
def test_the_own_vpc_lacks_nothing_and_leads_nowhere_else(
    stage: Stage, described: DescribedNetwork
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
    described: DescribedNetwork, change: Change, expected: list[str]
) -> None:
    missing = found(described, change)
    assert ids(missing) == expected
    assert {finding.severity for finding in missing} == {"error"}


def test_the_subnet_that_lacks_it_is_named(described: DescribedNetwork) -> None:
    (finding,) = found(described, off_one_table)
    named = [subnet in finding.given for subnet in described.vpc_config["Subnets"]]
    assert sorted(named) == [False, True]


def test_a_job_that_asks_no_model_needs_no_sagemaker_endpoint(described: DescribedNetwork) -> None:
    def without(facts: Facts) -> None:
        shut_endpoint(facts)
        facts.without("sagemaker.api", "sagemaker.runtime")

    assert found(described, without, services=("s3",)) == []


def test_an_endpoint_that_no_job_needs_is_one_too_many(described: DescribedNetwork) -> None:
    assert ids(found(described, services=("s3",))) == ["job-reaches-group"]


# --- other ways to the same -----------------------------------------------------------------------


@pytest.mark.parametrize("target", [{"NatGatewayId": "nat-1"}, {"TransitGatewayId": "tgw-1"}])
def test_a_default_route_leads_to_everything_and_that_is_said(
    described: DescribedNetwork, target: dict[str, str]
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
    described: DescribedNetwork,
) -> None:
    def change(facts: Facts) -> None:
        facts.route("0.0.0.0/0", NatGatewayId="nat-1")
        facts.without("sagemaker.api")

    assert ids(found(described, change)) == ["sagemaker-api-unreachable"]


def test_central_endpoints_are_reached_through_the_network_between(
    described: DescribedNetwork,
) -> None:
    def change(facts: Facts) -> None:
        facts.route("10.200.0.0/16", TransitGatewayId="tgw-1")
        facts.let_out(IpRanges=[{"CidrIp": "10.200.1.0/24"}])
        shut_endpoint(facts)
        facts.without("sagemaker.api", "sagemaker.runtime")

    assert ids(found(described, change)) == ["job-reaches-outside"]


def test_fips_endpoints_serve_as_well(described: DescribedNetwork) -> None:
    def change(facts: Facts) -> None:
        for service in ("sagemaker.api", "sagemaker.runtime"):
            facts.endpoint(service)["ServiceName"] += "-fips"

    assert found(described, change) == []


def test_a_subnet_without_a_table_of_its_own_has_the_main_one(described: DescribedNetwork) -> None:
    def change(facts: Facts) -> None:
        for table in facts.network.route_tables:
            for entry in table["Associations"]:
                entry.pop("SubnetId", None)

    assert ids(found(described, change)) == ["s3-unreachable"]


def test_a_vpc_that_the_account_does_not_have_is_not_judged(described: DescribedNetwork) -> None:
    def change(facts: Facts) -> None:
        facts.network.vpc_config["Subnets"][0] = "subnet-elsewhere"  # type: ignore[index]

    assert found(described, change) == []


# --- one thing too many ---------------------------------------------------------------------------


def to_a_group(facts: Facts) -> None:
    facts.other_group(HTTPS | {"UserIdGroupPairs": [{"GroupId": facts.job_id}]})
    facts.let_out(UserIdGroupPairs=[{"GroupId": "sg-database"}])


def to_all_of_the_vpc(facts: Facts) -> None:
    facts.other_group(HTTPS | {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]})
    facts.let_out(**ANYWHERE)


@pytest.mark.parametrize("change", [to_a_group, to_all_of_the_vpc])
def test_whoever_else_the_job_reaches_is_named(described: DescribedNetwork, change: Change) -> None:
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
    described: DescribedNetwork, change: Change
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
    described: DescribedNetwork, source: dict[str, Any], named: str
) -> None:
    (finding,) = found(described, lambda facts: facts.job["IpPermissions"].append(HTTPS | source))
    assert (finding.id, finding.severity) == ("job-is-reached", "warning")
    assert named in finding.given
