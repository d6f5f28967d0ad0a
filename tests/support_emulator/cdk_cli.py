"""The real CDK CLI, as a person would run it whose only credentials lead to an emulator."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from clarify_local.emulator.client import Emulator
from clarify_local.environment import bare_environment
from clarify_local.node import bundled_node
from support_house.npm import node, npm_install

CLI = "aws-cdk@2.1148.1"  # the tag "latest" is 3.0.0, which reads no assembly of today's library


def install(folder: Path) -> list[str]:
    """Take the CLI from the npm registry, and return its command."""
    folder.mkdir(exist_ok=True)
    return [node(), str(npm_install(folder, CLI) / "aws-cdk" / "bin" / "cdk")]


class CdkCli:
    """Runs the CLI against one emulator.

    Parameters
    ----------
    command
        What `install` returned.
    app
        The folder of the app, with its ``cdk.json``.
    home
        A folder to be made: the CLI remembers accounts by access key there.
    """

    def __init__(self, command: list[str], emulator: Emulator, *, app: Path, home: Path) -> None:
        home.mkdir()
        self._command, self._app, self._home = command, app, home
        self._environment_of = f"aws://{emulator.account}/{emulator.region}"
        self._environment = {
            **bare_environment(home=home),
            **emulator.environment(),
            "CDK_VALIDATION": "false",
            "JSII_NODE": str(bundled_node() or "node"),
            "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }

    def bootstrap(self) -> None:
        """Make what every deployment needs, once per account and Region."""
        # Where no app is: it would be run for this too.
        self._succeed(self._run(self._home, "bootstrap", self._environment_of))

    def synth(self, assembly: Path, *app: str) -> str:
        """Run the app (``python`` arguments) once for all commands that follow."""
        program = " ".join([sys.executable, *app])
        return self("synth", "--quiet", "--app", program, "--output", str(assembly))

    def on(self, assembly: Path, command: str, *arguments: str) -> str:
        """Run a command over a synthesised app and return what it says."""
        return self(command, *arguments, "--app", str(assembly), "--ci")

    def __call__(self, *arguments: str) -> str:
        """Run any command in the app's folder and return what it says."""
        return self._succeed(self.run(*arguments))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run any command in the app's folder, which may fail."""
        return self._run(self._app, *arguments)

    def _run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._command, *arguments],
            cwd=folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def _succeed(self, done: subprocess.CompletedProcess[str]) -> str:
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        return said
