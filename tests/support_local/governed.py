"""Stacks whose pipelines start by themselves, on the shared stage, and their executions."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from clarify_local.deploy import DeployedStack, deploy_all
from clarify_local.plan import Inputs, Plan
from clarify_local.preparing import synthesise_with_lookups
from support_emulator.account import wait_until
from support_local.stage import Stage, example_config, read_stacks

APP = Path(__file__).with_name("governed_app.py")
CONFIGS = {
    "bias.json": example_config(
        predictor=None,
        excluded_columns=None,
        methods={"pre_training_bias": {"methods": "all"}},
    ),
    "model.json": example_config(
        methods={"post_training_bias": {"methods": ["DI"]}, "report": {"name": "report"}}
    ),
}


def synthesise_app(folder: Path) -> Path:
    """Synthesise the app in an empty folder, and return its assembly."""
    for name, config in CONFIGS.items():
        (folder / name).write_text(json.dumps(config))
    plan = Plan(
        app=[sys.executable, "-P", str(APP)],
        context={},
        folder=folder,
        inputs=lambda scratch: Inputs(),
    )
    (folder / "scratch").mkdir()
    return synthesise_with_lookups(plan, folder / "scratch")


def deploy_app(stage: Stage, assembly: Path) -> dict[str, DeployedStack]:
    """Deploy the stacks of the app's assembly; return them by name."""
    stacks = read_stacks(assembly)
    renamed = [replace(stack, name=f"governed-{name}") for name, stack in stacks.items()]
    return {
        name.removeprefix("governed-"): deployed
        for name, deployed in deploy_all(stage.aws, renamed).items()
    }


def physical(stack: DeployedStack, resource_type: str, logical: str = "") -> str:
    """Return the name in the account of the one resource whose logical id begins so."""
    (found,) = [r for r in stack.of_type(resource_type) if r.logical_id.startswith(logical)]
    return found.physical_id


def executions(stage: Stage, machine_arn: str) -> list[dict[str, Any]]:
    """Return the descriptions of a state machine's executions, once none runs any more."""
    states = stage.aws.client("stepfunctions")

    def ended() -> list[dict[str, Any]] | None:
        listed = states.list_executions(stateMachineArn=machine_arn)["executions"]
        if any(execution["status"] == "RUNNING" for execution in listed):
            return None
        return [states.describe_execution(executionArn=e["executionArn"]) for e in listed] or None

    found: list[dict[str, Any]] = wait_until(ended, 180)
    return found
