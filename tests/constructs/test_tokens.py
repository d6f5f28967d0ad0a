"""A stack that knows nothing before deployment is as tight as one that knows everything.

One app is synthesised twice: with known environments and literal names, and with neither. Then
CloudFormation's functions are evaluated with the same names: every resource has to be the same,
except where a warning says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_scheduler as scheduler
from aws_cdk.cx_api import CloudFormationStackArtifact

from clarify_cdk import ClarifyStack, Existing
from support_constructs import unknown
from support_constructs.configs import with_model
from support_constructs.deployed import Deployment
from support_constructs.names import ACCOUNT, REGION, Names

ZONES = {
    f"availability-zones:account={ACCOUNT}:region={REGION}": [f"{REGION}{zone}" for zone in "abc"]
}
KINDS: dict[str, Callable[[Names], None]] = {
    "Everything": unknown.everything,
    "Given": unknown.given,
    "HandedOver": unknown.handed_over,
    "WholeUris": unknown.whole_uris,
}
S3_ANYWHERE, NAME_CASE, LISTED = "s3-prefix-list-missing", "name-case-unknown", "s3-key-unknown"
A_WEEK_AND_AN_HOUR = (7 * 24 + 1) * 3600


@dataclass(frozen=True)
class Made:
    """One stack as CloudFormation would make it, and which construct warned of what."""

    resources: dict[str, Any]
    outputs: dict[str, Any]
    warnings: set[tuple[str, str]]


def made(artifact: CloudFormationStackArtifact, names: Names | None) -> Made:
    told = names.told if names is not None else {}
    text = json.dumps(artifact.template["Resources"])
    unused = {name for name in told if f'"{name}"' not in text}
    assert unused <= {"Zones"}, "what nothing uses proves nothing"
    deployment = Deployment(artifact.template, account=ACCOUNT, region=REGION, told=told)
    warnings = {
        (message.id.rpartition("/")[2], warning)
        for message in artifact.messages
        for warning in re.findall(r"\[ack: clarify-cdk:([\w-]+)\]", str(message.entry.data))
    }
    return Made(
        dict(by_content(deployment)),
        {name: comparable(value) for name, value in deployment.outputs().items()},
        warnings,
    )


def by_content(deployment: Deployment) -> Iterator[tuple[str, Any]]:
    """Yield resources by logical id; a rule of a group, whose id tells its peer, by itself."""
    for name, (kind, properties) in deployment.resources().items():
        value = comparable(properties)
        is_rule = kind.startswith("AWS::EC2::SecurityGroup") and "GroupId" in properties
        yield f"{kind} {json.dumps(value, sort_keys=True)}" if is_rule else name, value


def comparable(value: Any) -> Any:
    """Return what a value means: definitions and policies unfolded, what is a set in order."""
    if isinstance(value, str) and value.startswith(('{"StartAt":', '{"Statement":')):
        return comparable(json.loads(value))
    if isinstance(value, list):
        return [comparable(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    found = {key: comparable(entry) for key, entry in value.items()}
    if "Effect" in found:
        for key in found.keys() & {"Action", "Resource"}:
            found[key] = sorted({found[key]} if isinstance(found[key], str) else set(found[key]))
    if split := re.fullmatch(r"States.StringSplit\('(.*)', ','\)", str(found.get("Subnets.$"))):
        del found["Subnets.$"]
        found["Subnets"] = split[1].split(",")
    return found


@pytest.fixture(scope="module")
def synthesised() -> dict[bool, dict[str, Made]]:
    """The app of all stacks, by whether its names are known."""
    return {known: synthesise(known=known) for known in (True, False)}


def synthesise(*, known: bool) -> dict[str, Made]:
    app = cdk.App(analytics_reporting=False, context=ZONES)
    place = cdk.Environment(account=ACCOUNT, region=REGION) if known else None
    names = {}
    for name, build in KINDS.items():
        names[name] = Names(cdk.Stack(app, name, env=place), known=known)
        build(names[name])
    ClarifyStack(
        app,
        "Whole",
        env=place,
        config=with_model(),
        functions_in_vpc=True,
        s3_prefix_list="pl-6ea54007",
        schedule=scheduler.ScheduleExpression.expression("rate(1 day)"),
        publish_metrics=True,
        existing=Existing(permissions_boundary="team-boundary"),
    )
    assembly = app.synth()
    return {
        name: made(assembly.get_stack_by_name(name), names.get(name)) for name in (*KINDS, "Whole")
    }


@pytest.fixture
def pair(
    request: pytest.FixtureRequest, synthesised: dict[bool, dict[str, Made]]
) -> tuple[Made, Made]:
    """One stack with known names, and with unknown ones."""
    return synthesised[True][request.param], synthesised[False][request.param]


@pytest.mark.proves("tokens")
@pytest.mark.parametrize("pair", ["Whole", "HandedOver"], indirect=True)
def test_what_only_deployment_knows_changes_nothing(pair: tuple[Made, Made]) -> None:
    known, unknown = pair
    assert unknown == known


@pytest.mark.parametrize("pair", ["Everything"], indirect=True)
def test_only_the_patience_with_a_job_of_unknown_length_differs(pair: tuple[Made, Made]) -> None:
    known, unknown = pair
    jobs = [
        made.resources["PipelineStateMachine1814BD05"]["DefinitionString"]["States"][
            "RunClarifyJob"
        ]
        for made in deepcopy(pair)
    ]
    assert [job["Parameters"]["StoppingCondition"] for job in jobs] == [
        {"MaxRuntimeInSeconds": 3600}
    ] * 2
    assert [job["TimeoutSeconds"] for job in jobs] == [2 * 3600, A_WEEK_AND_AN_HOUR]
    assert without(unknown.resources, "TimeoutSeconds") == without(
        known.resources, "TimeoutSeconds"
    )
    assert unknown.outputs == known.outputs
    assert unknown.warnings - known.warnings == {("JobRole", NAME_CASE)}


@pytest.mark.parametrize("pair", ["Given"], indirect=True)
def test_without_a_known_place_s3_is_any_address_and_that_is_told(pair: tuple[Made, Made]) -> None:
    known, unknown = pair
    assert "0.0.0.0/0" not in json.dumps(known.resources)
    assert json.dumps(unknown.resources).count("0.0.0.0/0") == 2  # of the job, of the functions
    assert without_way_to_s3(unknown.resources) == without_way_to_s3(known.resources)
    assert unknown.warnings - known.warnings == {
        ("Network", S3_ANYWHERE),
        ("Pipeline", NAME_CASE),
    }


@pytest.mark.parametrize("pair", ["WholeUris"], indirect=True)
def test_of_a_uri_without_a_known_key_the_bucket_is_listed_and_that_is_told(
    pair: tuple[Made, Made],
) -> None:
    known, unknown = pair
    assert listed_whole(known.resources) == set()
    assert listed_whole(unknown.resources) == {"arn:aws:s3:::lake", "arn:aws:s3:::evidence"}
    assert without(unknown.resources, "Condition") == without(known.resources, "Condition")
    assert unknown.warnings - known.warnings == {("JobRole", LISTED), ("Check", LISTED)}


def without(value: Any, key: str) -> Any:
    """Return a value without the entries of a name, at any depth."""
    if isinstance(value, list):
        return [without(entry, key) for entry in value]
    if isinstance(value, dict):
        return {name: without(entry, key) for name, entry in value.items() if name != key}
    return value


def without_way_to_s3(resources: Mapping[str, Any]) -> dict[str, Any]:
    """Return resources without the rules that lead to a prefix list or to addresses."""
    kept = {
        name: value for name, value in resources.items() if "DestinationPrefixListId" not in name
    }
    return without(kept, "SecurityGroupEgress")  # type: ignore[no-any-return]


def listed_whole(resources: Mapping[str, Any]) -> set[str]:
    """Return the buckets of which roles may list every key."""
    return {
        bucket
        for properties in resources.values()
        if "Roles" in properties
        for statement in properties["PolicyDocument"]["Statement"]
        if "s3:ListBucket" in statement["Action"] and "Condition" not in statement
        for bucket in statement["Resource"]
    }
