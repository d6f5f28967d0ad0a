"""Runs a CDK app as the CDK CLI would, in a child process that holds nothing of the user's."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from clarify_local.environment import bare_environment
from clarify_local.errors import RehearsalFailed
from clarify_local.node import bundled_node

BUILT_IN_APP = (sys.executable, "-P", "-m", "clarify_cdk")
"""The app of this package: it makes one stack for each entry of the context key `clarify`."""


class SynthesisFailed(RehearsalFailed):
    """The app ended with an error; the message holds what it printed last."""


def synthesise(
    app: Sequence[str],
    out: Path,
    *,
    context: Mapping[str, Any],
    folder: Path,
    home: Path,
    account: str,
    region: str,
    seconds: float = 600,
) -> None:
    """Run an app until it has written its cloud assembly.

    Parameters
    ----------
    app
        The command, as a list of words.
    out
        Where the assembly goes.
    context
        The app's context, as ``cdk.json`` holds it.
    folder
        The folder the app runs in.
    home
        A home of the child's own.
    account, region
        What the app finds as the CLI's account and region.

    Raises
    ------
    SynthesisFailed
        The command cannot be started, fails, writes no assembly, or takes too long.
    """
    environment = bare_environment(home=home) | {
        "CDK_OUTDIR": str(out),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_DEFAULT_ACCOUNT": account,
        "CDK_DEFAULT_REGION": region,
        # CloudFormation's own validation costs about ten seconds; `cdk synth` runs it.
        "CDK_VALIDATION": "false",
        # The app's packages are unpacked once for all runs, not anew into each home.
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(jsii_cache()),
        # `python` means this environment's, also where it was not activated.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    if (node := bundled_node()) is not None:
        environment["JSII_NODE"] = str(node)
    try:
        ended = subprocess.run(
            list(app),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except OSError as error:
        raise SynthesisFailed(f"the app {shlex.join(app)} did not start: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise SynthesisFailed(f"the app was not done after {seconds:g} seconds") from error
    if ended.returncode != 0:
        said = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-25:])
        raise SynthesisFailed(f"the app ended with exit code {ended.returncode}:\n{said}")
    if not (out / "manifest.json").is_file():
        raise SynthesisFailed("the app ended without an assembly: does it call app.synth()?")


def project_context(folder: Path) -> dict[str, Any]:
    """Return the context of a CDK project, as the CLI gives it to the app."""
    context: dict[str, Any] = _json(folder / "cdk.json").get("context", {})
    return context | _json(folder / "cdk.context.json")


def project_app(folder: Path) -> list[str] | None:
    """Return the app command of a CDK project as words, or None where there is none."""
    command = _json(folder / "cdk.json").get("app")
    return shlex.split(command) if isinstance(command, str) else command


def jsii_cache() -> Path:
    """Return where jsii keeps the packages it has unpacked: its own default for this system."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))
        return Path(local) / "AWS" / "jsii" / "package-cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "com.amazonaws.jsii" / "package-cache"
    return Path.home() / ".cache" / "aws" / "jsii" / "package-cache"


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
