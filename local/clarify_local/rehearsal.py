"""One rehearsal, start to finish: synthesise, deploy, run, judge, all on this machine."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from clarify_contract import Finding
from clarify_local.assembly import StackArtifact, with_needed
from clarify_local.aws import EmulatedAws, isolated
from clarify_local.deploy import deploy_all
from clarify_local.deployed import Pipeline, find_pipeline
from clarify_local.emulator.client import Emulator, EmulatorFailed
from clarify_local.endpoints import EndpointWatch
from clarify_local.errors import RehearsalFailed
from clarify_local.execution import Execution, run_execution
from clarify_local.given_networks import given_networks
from clarify_local.given_role import stand_in_role
from clarify_local.network_check import network_findings
from clarify_local.outcome import Outcome, collect
from clarify_local.phases import PhaseListener, Phases
from clarify_local.plan import Plan
from clarify_local.preparing import prepare
from clarify_local.seeding import seed

WAITING_FACTOR = 0.05
"""A minute between two tries, or between two looks of the clean-up, takes three seconds here."""


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal that came to its end.

    Attributes
    ----------
    outcome
        How it ended.
    seconds
        Wall clock by phase, and ``total``; the phases before ``deploy`` overlap.
    left_out
        What the emulator met and does not do, and what of the account something stood in for.
    network
        What job and functions reach, or are reached by, beside what they need.
    """

    outcome: Outcome
    seconds: Mapping[str, float]
    left_out: tuple[str, ...]
    network: tuple[Finding, ...] = ()


class Listener(PhaseListener, Protocol):
    """What shows a rehearsal while it runs."""

    def execution(self, pipeline: Pipeline, execution: Execution) -> None:
        """Take note of how far the execution has come."""


def rehearse(plan: Plan, listener: Listener) -> Rehearsal:
    """Carry out one rehearsal.

    Nothing of the user's environment reaches it, and it reaches nothing but this machine.

    Raises
    ------
    RehearsalFailed
        Before an execution could be started: the app, the deployment, the data, the model, or a
        network in which job or functions would wait in vain.
    """
    with isolated(), tempfile.TemporaryDirectory(prefix="clarify-rehearsal-") as scratch:
        try:
            return _rehearse(plan, Path(scratch), listener)
        except (BotoCoreError, ClientError, EmulatorFailed) as error:
            raise RehearsalFailed(f"the emulated AWS: {error}") from error


def _rehearse(plan: Plan, scratch: Path, listener: Listener) -> Rehearsal:
    phases = Phases(listener)
    with ExitStack() as closing:
        ready = prepare(plan, scratch, phases, closing)
        emulator = ready.emulator
        aws = EmulatedAws(emulator.endpoint, emulator.session(), emulator.region, emulator.account)
        with phases("deploy"):
            stacks = with_needed(ready.stacks, ready.chosen)
            templates = [stack.template.read_text(encoding="utf-8") for stack in stacks]
            given = [*given_networks(plan.context, templates, account=emulator.account)]
            for known in given:
                emulator.give_network(known)
            deployed = deploy_all(aws, stacks)
            tell_images(emulator, stacks)
            stack = deployed[ready.chosen.name]
            pipeline = find_pipeline(aws, stack, plan.pipeline)
            role = stand_in_role(aws, stack, pipeline)
            network = network_findings(aws, pipeline, unknown=[known["vpc"] for known in given])
            if missing := [str(finding) for finding in network if finding.severity == "error"]:
                raise RehearsalFailed("\n".join(missing))
        with phases("data and model"):
            seed(aws, pipeline, plan.given, ready.inputs)
        emulator.enforce_iam()
        emulator.waiting_factor(WAITING_FACTOR)
        with phases("run"):
            execution, watch = run(
                aws, pipeline, plan.given, lambda now: listener.execution(pipeline, now)
            )
        with phases("results"):
            outcome = collect(aws, execution, watch, plan.output)
            (outcome.folder / "logs" / "emulator.log").write_text(emulator.log, encoding="utf-8")
        return Rehearsal(
            outcome,
            {**phases.seconds, "total": phases.total},
            (*emulator.notes(), *([role] if role is not None else ())),
            tuple(network),
        )


def tell_images(emulator: Emulator, stacks: Sequence[StackArtifact]) -> None:
    """Tell the emulator what the images of these stacks are built from."""
    for image in dict.fromkeys(image for stack in stacks for image in stack.images):
        emulator.build_context(image.uri, image.context)


def run(
    aws: EmulatedAws,
    pipeline: Pipeline,
    given: Mapping[str, Any],
    tell: Callable[[Execution], None] = lambda execution: None,
) -> tuple[Execution, EndpointWatch]:
    """Execute a deployed pipeline once, and watch which endpoints come and go."""
    watch = EndpointWatch(aws)

    def look(execution: Execution) -> None:
        watch.look()
        tell(execution)

    execution = run_execution(
        aws,
        pipeline.state_machine_arn,
        name=f"rehearsal-{secrets.token_hex(4)}",
        given=given,
        prepare=pipeline.prepare,
        watch=look,
    )
    return execution, watch
