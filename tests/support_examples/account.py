"""An emulated account in which an example is deployed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clarify_local.assembly import read_assembly
from clarify_local.aws import EmulatedAws, isolated
from clarify_local.deploy import DeployedStack, deploy_all
from clarify_local.emulator.client import Emulator
from clarify_local.plan import Inputs, Plan
from clarify_local.preparing import synthesise_with_lookups
from clarify_local.synthesis import project_app
from support_local.stage import WAITING_FACTOR


@dataclass(frozen=True)
class Account:
    """The account, with permissions enforced, and its stacks by name.

    Attributes
    ----------
    environment
        What makes an AWS tool one of this account's administrator.
    """

    aws: EmulatedAws
    stacks: dict[str, DeployedStack]
    environment: dict[str, str]


@contextmanager
def deployed_example(folder: Path, scratch: Path) -> Iterator[Account]:
    """Deploy all stacks of an example; nothing of the caller's AWS settings is left meanwhile."""
    plan = Plan(
        app=project_app(folder) or [],
        context={},
        folder=folder,
        inputs=lambda scratch: Inputs(),
    )
    scratch.mkdir()
    assembly = synthesise_with_lookups(plan, scratch)
    with isolated(), Emulator() as emulator:
        aws = EmulatedAws(emulator.endpoint, emulator.session())
        deployed = deploy_all(aws, read_assembly(assembly, account=aws.account, region=aws.region))
        emulator.creating_seconds(0.5)
        emulator.waiting_factor(WAITING_FACTOR)
        emulator.enforce_iam()
        yield Account(aws, deployed, emulator.environment())
