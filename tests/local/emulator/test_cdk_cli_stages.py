"""The real CDK CLI over the three stages of the example: deploy, change one, see it, destroy.

Each stage is an account of its own, so an emulator. Apart from the default tests, as
`test_cdk_cli.py` is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from clarify_local.emulator.client import Emulator
from support_emulator.cdk_cli import CdkCli

EXAMPLE = Path(__file__).parents[3] / "examples" / "stages"
STAGES = ("LoansTest", "LoansStaging", "LoansLive")

pytestmark = pytest.mark.registry


@dataclass(frozen=True)
class Stage:
    """One entry of the example's settings, and the account that it is for."""

    name: str
    settings: dict[str, Any]
    emulator: Emulator
    cdk: CdkCli

    def client(self, service: Any) -> Any:
        return self.emulator.session().client(service)

    def deploy(self, assembly: Path) -> dict[str, Any]:
        """Deploy the stage and return its stack."""
        self.cdk.on(assembly, "deploy", self.name, "--require-approval", "never")
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return dict(stack)

    def resources(self) -> list[dict[str, Any]]:
        """Return what is there of the stack; what is not emulated has no type."""
        listed = self.client("cloudformation").describe_stack_resources(StackName=self.name)
        return [each for each in listed["StackResources"] if "ResourceType" in each]

    def physical(self, kind: str, logical: str = "") -> str:
        (found,) = [
            resource["PhysicalResourceId"]
            for resource in self.resources()
            if resource["ResourceType"] == f"AWS::{kind}"
            and resource["LogicalResourceId"].startswith(logical)
        ]
        return str(found)

    def machine(self) -> tuple[str, dict[str, Any]]:
        """Return the pipeline's state machine: its ARN and its states."""
        arn = self.physical("StepFunctions::StateMachine", "Pipeline")
        described = self.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        return arn, json.loads(described["definition"])["States"]

    def job(self) -> dict[str, Any]:
        """Return the request for the processing job."""
        return dict(self.machine()[1]["RunClarifyJob"]["Parameters"])

    def limit(self) -> dict[str, Any]:
        """Return the one limit that runs are judged by."""
        states = self.machine()[1].values()
        (rules,) = [
            payload["rules"]
            for state in states
            if "rules" in (payload := state.get("Parameters", {}).get("Payload", {}))
        ]
        (limit,) = rules["limits"]
        return dict(limit)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The example, to be changed."""
    return Path(copytree(EXAMPLE, tmp_path / "stages"))


def together(do: Callable[[Any], Any], each: Iterable[Any]) -> list[Any]:
    """Do something for several stages at one time: the CLI waits more than it works."""
    with ThreadPoolExecutor(len(STAGES)) as pool:
        return [*pool.map(do, each)]


@pytest.fixture
def stages(app: Path, cdk_command: list[str], tmp_path: Path) -> Iterator[list[Stage]]:
    """The accounts of all stages, bootstrapped."""
    settings = json.loads((app / "cdk.json").read_text("utf-8"))["context"]["clarify"]
    assert tuple(settings) == STAGES

    with ExitStack() as open_ones:

        def account(name: str) -> Stage:
            emulator = Emulator(account=settings[name]["account"], region=settings[name]["region"])
            open_ones.enter_context(emulator)
            emulator.enforce_iam()  # the CLI deploys with the roles that it made
            cdk = CdkCli(cdk_command, emulator, app=app, home=tmp_path / f"home-{name}")
            cdk.bootstrap()
            return Stage(name, settings[name], emulator, cdk)

        yield together(account, STAGES)


def forget_the_vpc(app: Path) -> dict[str, Any]:
    """Have the CLI look the VPC up, and return what the example remembers of it."""
    vpc, path = remembered_vpc(app), app / "cdk.context.json"
    remembered = json.loads(path.read_text("utf-8"))
    kept = {key: value for key, value in remembered.items() if not key.startswith("vpc-provider:")}
    path.write_text(json.dumps(kept), "utf-8")
    return vpc


def remembered_vpc(app: Path) -> dict[str, Any]:
    remembered = json.loads((app / "cdk.context.json").read_text("utf-8"))
    (vpc,) = [value for key, value in remembered.items() if key.startswith("vpc-provider:")]
    return dict(vpc)


def subnets_of(vpc: dict[str, Any]) -> list[dict[str, str]]:
    (group,) = vpc["subnetGroups"]
    return [
        {
            "id": subnet["subnetId"],
            "cidr": subnet["cidr"],
            "zone": subnet["availabilityZone"],
            "table": subnet["routeTableId"],
        }
        for subnet in group["subnets"]
    ]


def push_image(staging: Stage, assembly: Path) -> str:
    """Push what the open engine's image would be built into, which takes Docker; return its tag."""
    assets = json.loads((assembly / f"{staging.name}.assets.json").read_text("utf-8"))
    (image,) = assets["dockerImages"].values()
    (destination,) = image["destinations"].values()
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
    staging.client("ecr").put_image(
        repositoryName=destination["repositoryName"],
        imageTag=destination["imageTag"],
        imageManifest=json.dumps({**manifest, "config": {}, "layers": []}),
    )
    return str(destination["imageTag"])


def change(app: Path, **settings: Any) -> None:
    """Change settings of the last stage, and leave it alone in the app."""
    document = json.loads((app / "cdk.json").read_text("utf-8"))
    live = document["context"]["clarify"]["LoansLive"] | settings
    document["context"]["clarify"] = {"LoansLive": live}
    (app / "cdk.json").write_text(json.dumps(document), "utf-8")


@pytest.mark.proves("stages")
def test_three_differing_stages_are_deployed_changed_and_destroyed(
    stages: list[Stage], app: Path, tmp_path: Path
) -> None:
    test, staging, live = stages
    first, second = tmp_path / "first", tmp_path / "second"

    vpc = forget_the_vpc(app)
    there = {"vpc": vpc["vpcId"], "cidr": vpc["vpcCidrBlock"], "subnets": subnets_of(vpc)}
    live.emulator.give_network({"region": live.emulator.region, "groups": [], **there})
    live.cdk.synth(first, "-m", "clarify_cdk")
    assert subnets_of(remembered_vpc(app)) == there["subnets"]
    tag = push_image(staging, first)
    deployed = together(lambda stage: stage.deploy(first), stages)

    assert [stack["StackStatus"] for stack in deployed] == ["CREATE_COMPLETE"] * 3
    assert [stack["EnableTerminationProtection"] for stack in deployed] == [False, False, True]
    assert network_of(test) == {}
    assert network_of(staging) == {"VPC": 1, "Subnet": 2, "VPCEndpoint": 1, "SecurityGroup": 1}
    assert network_of(live) == {"SecurityGroup": 1}

    assert "VpcConfig" not in test.job()["NetworkConfig"]
    assert staging.job()["AppSpecification"]["ImageUri"].endswith(f":{tag}")
    boundary = f"arn:aws:iam::{staging.emulator.account}:policy/team-boundary"
    assert boundaries(staging) == {boundary}
    assert boundaries(test) == boundaries(live) == set()

    job = live.job()
    assert job["NetworkConfig"]["VpcConfig"]["Subnets"] == [s["id"] for s in there["subnets"]]
    (group,) = job["NetworkConfig"]["VpcConfig"]["SecurityGroupIds"]
    assert place_and_way_out(live, group) == (there["vpc"], live.settings["s3_prefix_list"])
    assert job["RoleArn"] == live.settings["job_role"]
    volume = job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"]
    assert volume == live.settings["volume_key"]
    assert [stage.limit()["min"] for stage in stages] == [-0.1, -0.1, -0.05]

    before, _ = live.machine()
    change(app, limits={"DPL": {"min": -0.03, "max": 0.03}}, termination_protection=False)
    live.cdk.synth(second, "-m", "clarify_cdk")
    said = live.cdk.on(second, "diff", live.name, "--no-color")
    assert "[~] AWS::StepFunctions::StateMachine" in said, said
    assert "-0.03" in said
    assert said.count("[~] AWS::") == 1, said
    changed = live.deploy(second)
    assert changed["StackStatus"] == "UPDATE_COMPLETE"
    assert live.machine()[0] == before
    limit = live.limit()
    assert (limit["min"], limit["max"]) == (-0.03, 0.03)

    last = {test.name: first, staging.name: first, live.name: second}
    together(lambda s: s.cdk.on(last[s.name], "destroy", s.name, "--force"), stages)
    for stage in stages:
        stacks = stage.client("cloudformation").describe_stacks()["Stacks"]
        assert [stack["StackName"] for stack in stacks] == ["CDKToolkit"]
        assert stage.client("stepfunctions").list_state_machines()["stateMachines"] == []
        kept = [bucket["Name"] for bucket in stage.client("s3").list_buckets()["Buckets"]]
        assert len([name for name in kept if name.startswith(stage.name.lower())]) == 2
        assert not stage.emulator.log, stage.emulator.log


def network_of(stage: Stage) -> dict[str, int]:
    """Count the parts of a stack's network, without tables and rules."""
    made = Counter(resource["ResourceType"] for resource in stage.resources())
    kinds = ("VPC", "Subnet", "VPCEndpoint", "SecurityGroup")
    return {kind: made[f"AWS::EC2::{kind}"] for kind in kinds if f"AWS::EC2::{kind}" in made}


def boundaries(stage: Stage) -> set[str]:
    """Return the permissions boundaries of all roles of a stack."""
    iam = stage.client("iam")
    roles = [
        iam.get_role(RoleName=resource["PhysicalResourceId"])["Role"]
        for resource in stage.resources()
        if resource["ResourceType"] == "AWS::IAM::Role"
    ]
    assert roles
    found = {role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") for role in roles}
    return {arn for arn in found if arn is not None}


def place_and_way_out(stage: Stage, group: str) -> tuple[str, str]:
    """Return the VPC of a security group, and the one prefix list that it leads to."""
    (described,) = stage.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    (prefix_list,) = [
        entry["PrefixListId"]
        for rule in described["IpPermissionsEgress"]
        for entry in rule["PrefixListIds"]
    ]
    return described["VpcId"], prefix_list
