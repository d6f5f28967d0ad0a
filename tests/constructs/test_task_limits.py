"""What the service would refuse is refused at synthesis; what only CloudFormation knows passes."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from clarify_contract import AnalysisConfig, Refused
from support_constructs.configs import BIAS
from support_constructs.task import state, task


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Alone")


ALLOWED: dict[str, dict[str, Any]] = {
    "a name of 63": {"job_name": "a" * 63},
    "a name known later": {"job_name": cdk.Fn.import_value("name")},
    "seven days": {"max_runtime": cdk.Duration.days(7)},
    "one second": {"max_runtime": cdk.Duration.seconds(1)},
    "a volume of 16 TiB": {"volume_size": cdk.Size.gibibytes(16384)},
    "100 variables": {"environment": {f"V{number}": "x" * 256 for number in range(100)}},
    "50 tags": {"tags": {f"t{number}": "" for number in range(50)}},
    "a long tag": {"tags": {"k" * 128: "v" * 256}},
    "a key for a volume that is no local disk": {"volume_key": "a key"},
    "a local disk without a key": {"instance_type": "ml.m5d.xlarge"},
    "16 subnets and 5 groups": {"subnets": 16, "security_groups": 5},
    "a long address": {"output_uri": "s3://results/".ljust(1024, "x")},
    "an address known later": {"config_uri": cdk.Fn.import_value("config")},
    "two instances": {
        "instance_count": 2,
        "config": AnalysisConfig(
            **BIAS,
            joinsource_name_or_index="id",
            methods={"pre_training_bias": {"methods": ["CI"]}},
        ),
    },
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a name of 64": ({"job_name": "a" * 64}, "job-name"),
    "a name with an underscore": ({"job_name": "a_b"}, "job-name"),
    "a name with a hyphen at its end": ({"job_name": "a-"}, "job-name"),
    "seven days and a second": ({"max_runtime": cdk.Duration.seconds(604801)}, "max-runtime-range"),
    "no time": ({"max_runtime": cdk.Duration.seconds(0)}, "max-runtime-range"),
    "no volume": ({"volume_size": cdk.Size.gibibytes(0)}, "volume-size-range"),
    "a volume above 16 TiB": ({"volume_size": cdk.Size.gibibytes(16385)}, "volume-size-range"),
    "101 variables": ({"environment": {f"V{n}": "" for n in range(101)}}, "environment-count"),
    "a variable with a hyphen": ({"environment": {"A-B": ""}}, "environment-key"),
    "a long value": ({"environment": {"A": "x" * 257}}, "text-too-long"),
    "51 tags": ({"tags": {f"t{number}": "" for number in range(51)}}, "tags-count"),
    "a long key of a tag": ({"tags": {"k" * 129: ""}}, "text-too-long"),
    "a key for a local disk": (
        {"volume_key": "a key", "instance_type": "ml.m5d.xlarge"},
        "volume-key-on-local-disk",
    ),
    "a key for the local disk of an accelerator": (
        {"volume_key": "a key", "instance_type": "ml.g4dn.xlarge"},
        "volume-key-on-local-disk",
    ),
    "17 subnets": ({"subnets": 17, "security_groups": 1}, "subnets-count"),
    "6 groups": ({"subnets": 1, "security_groups": 6}, "security-groups-count"),
    "subnets without a group": ({"subnets": 1}, "vpc-half"),
    "a group without subnets": ({"security_groups": 1}, "vpc-half"),
    "an address too long": ({"output_uri": "s3://results/".ljust(1025, "x")}, "text-too-long"),
    "an address of the web": ({"dataset_uri": "https://data/loans.csv"}, "s3-uri"),
    "no instance": ({"instance_count": 0}, "instance-count"),
    "two instances without a join column": ({"instance_count": 2}, "X14"),
    "no dataset": ({"dataset_uri": None}, "dataset-missing"),
}


def arguments_of(stack: cdk.Stack, given: dict[str, Any]) -> dict[str, Any]:
    """Make the constructs that a case asks for: they need a stack."""
    arguments = dict(given)
    if "volume_key" in given:
        arguments["volume_key"] = kms.Key(stack, "Key")
    if "subnets" in given:
        arguments["subnets"] = [
            ec2.Subnet.from_subnet_id(stack, f"Subnet{number}", f"subnet-{number}")
            for number in range(given["subnets"])
        ]
    if "security_groups" in given:
        arguments["security_groups"] = [
            ec2.SecurityGroup.from_security_group_id(stack, f"Group{number}", f"sg-{number}")
            for number in range(given["security_groups"])
        ]
    return arguments


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_service_takes_is_taken(stack: cdk.Stack, name: str) -> None:
    assert state(stack, **arguments_of(stack, ALLOWED[name]))["Type"] == "Task"


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_service_refuses_is_refused_at_synthesis(stack: cdk.Stack, name: str) -> None:
    arguments, expected = REFUSED[name]
    with pytest.raises(Refused) as refused:
        task(stack, **arguments_of(stack, arguments))
    assert [finding.id for finding in refused.value.findings] == [expected]


def test_all_limits_are_reported_at_once(stack: cdk.Stack) -> None:
    with pytest.raises(Refused) as refused:
        task(
            stack,
            job_name="a_b",
            volume_size=cdk.Size.gibibytes(0),
            max_runtime=cdk.Duration.days(8),
        )
    assert {finding.id for finding in refused.value.findings} == {
        "job-name",
        "max-runtime-range",
        "volume-size-range",
    }
