"""The real CDK CLI bootstraps, deploys, updates and destroys the app against the emulator.

Apart from the default tests: it takes the CLI from the npm registry, and a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clarify_local.emulator.client import Emulator
from support_emulator.cdk_cli import CdkCli

STACK = "ClarifyExample"
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.registry


@pytest.fixture
def fresh() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.mark.proves("cli")
def test_the_cli_bootstraps_deploys_and_destroys_the_app(
    fresh: Emulator, cdk_command: list[str], tmp_path: Path
) -> None:
    cdk = CdkCli(cdk_command, fresh, app=ROOT, home=tmp_path / "home")
    session, assembly = fresh.session(), tmp_path / "cdk.out"
    cloudformation = session.client("cloudformation")

    fresh.enforce_iam()  # the CLI deploys with the roles that it made
    cdk.synth(assembly, "app.py")
    cdk.on(assembly, "bootstrap", f"aws://{fresh.account}/{fresh.region}")
    cdk.on(assembly, "deploy", STACK, "--require-approval", "never")

    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}
    machine = session.client("stepfunctions").describe_state_machine(
        stateMachineArn=outputs["StateMachineArn"]
    )
    assert machine["status"] == "ACTIVE"
    assert "There were no differences" in cdk.on(assembly, "diff", STACK)
    cdk.on(assembly, "deploy", STACK, "--require-approval", "never")  # nothing changed or done
    cdk.on(assembly, "destroy", STACK, "--force")

    stacks = [item["StackName"] for item in cloudformation.describe_stacks()["Stacks"]]
    assert stacks == ["CDKToolkit"]
    assert session.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert not fresh.log, fresh.log
