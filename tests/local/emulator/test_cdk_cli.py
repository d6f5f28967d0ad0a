"""The real CDK CLI bootstraps, deploys, updates and destroys the app against the emulator.

Apart from the default tests: it takes the CLI from the npm registry, and a minute.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clarify_local.emulator.client import Emulator
from clarify_local.environment import bare_environment
from clarify_local.node import bundled_node

CLI = "aws-cdk@2.1148.1"  # the tag "latest" is 3.0.0, which reads no assembly of today's library
STACK = "ClarifyExample"
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.cdk_cli


def install(folder: Path) -> list[str]:
    """Take the CLI from the npm registry, by this machine's own settings, and return its command.

    Running it is another matter: that gets an environment in which nothing leads out.
    """
    npm, node = shutil.which("npm"), bundled_node() or shutil.which("node")
    assert npm is not None, "the CDK CLI comes by npm, which is not on PATH"
    folder.mkdir()
    done = subprocess.run(
        [npm, "install", "--no-save", "--prefix", str(folder), CLI],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [str(node), str(folder / "node_modules" / "aws-cdk" / "bin" / "cdk")]


class CdkCli:
    """Runs the CLI as a person would who has no other credentials."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self._command = install(folder / "cli")
        self._assembly = str(folder / "cdk.out")
        self._home = folder / "home"  # the CLI remembers accounts by access key there
        self._home.mkdir()
        self._environment = {
            **bare_environment(home=self._home),
            **emulator.environment(),
            "CDK_VALIDATION": "false",
            "JSII_NODE": str(bundled_node() or "node"),
            "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }

    def synth(self) -> None:
        """Run the app, once for all commands that follow."""
        self._run(
            "synth", "--quiet", "--app", f"{sys.executable} app.py", "--output", self._assembly
        )

    def __call__(self, command: str, *arguments: str) -> str:
        return self._run(command, *arguments, "--app", self._assembly, "--ci")

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._command, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        return said


@pytest.fixture
def fresh() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.mark.proves("cli")
def test_the_cli_bootstraps_deploys_and_destroys_the_app(fresh: Emulator, tmp_path: Path) -> None:
    cdk, session = CdkCli(fresh, tmp_path), fresh.session()
    cloudformation = session.client("cloudformation")

    fresh.enforce_iam()  # the CLI deploys with the roles that it made
    cdk.synth()
    cdk("bootstrap", f"aws://{fresh.account}/{fresh.region}")
    cdk("deploy", STACK, "--require-approval", "never")

    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}
    machine = session.client("stepfunctions").describe_state_machine(
        stateMachineArn=outputs["StateMachineArn"]
    )
    assert machine["status"] == "ACTIVE"
    assert "There were no differences" in cdk("diff", STACK)
    cdk("deploy", STACK, "--require-approval", "never")  # nothing changed: nothing is done
    cdk("destroy", STACK, "--force")

    stacks = [item["StackName"] for item in cloudformation.describe_stacks()["Stacks"]]
    assert stacks == ["CDKToolkit"]
    assert session.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert not fresh.log, fresh.log
