"""What a rehearsal needs before anything is deployed: all of it made at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from clarify_local.assembly import StackArtifact, read_assembly, select
from clarify_local.aws import ACCOUNT, REGION
from clarify_local.emulator.client import Emulator
from clarify_local.lookups import answers, commonly_asked
from clarify_local.phases import Phases
from clarify_local.plan import Inputs, Plan
from clarify_local.planning import CONTEXT_KEY
from clarify_local.synthesis import synthesise


@dataclass(frozen=True)
class Prepared:
    """A running emulator, the app's stacks, which of them to rehearse, and the inputs."""

    emulator: Emulator
    stacks: list[StackArtifact]
    chosen: StackArtifact
    inputs: Inputs


def prepare(plan: Plan, scratch: Path, phases: Phases, closing: ExitStack) -> Prepared:
    """Start the emulator, synthesise the app and make the inputs, side by side.

    Parameters
    ----------
    scratch
        An existing, empty folder.
    closing
        Ends the emulator.

    Raises
    ------
    RehearsalFailed
        The app, the example or the choice of a stack.
    EmulatorFailed
        The emulator did not start.
    """

    def start() -> Emulator:
        account, region = _place_told(plan)
        with phases("emulator"):
            return closing.enter_context(Emulator(account=account, region=region))

    def synthesised() -> None:
        with phases("synthesise"):
            synthesise_with_lookups(plan, scratch)

    def made() -> Inputs:
        with phases("inputs"):
            return plan.inputs(scratch / "inputs")

    with ThreadPoolExecutor(max_workers=3) as pool:
        starting: Future[Emulator] = pool.submit(start)
        synthesising = pool.submit(synthesised)
        making = pool.submit(made)
    synthesising.result()
    inputs, emulator = making.result(), starting.result()
    stacks = read_assembly(scratch / "cdk.out", account=ACCOUNT, region=REGION)
    chosen = select(stacks, plan.stack)
    account, region = chosen.account or ACCOUNT, chosen.region or REGION
    if (account, region) != (emulator.account, emulator.region):
        emulator.stop()
        with phases("emulator"):
            emulator = closing.enter_context(Emulator(account=account, region=region))
        stacks = read_assembly(scratch / "cdk.out", account=account, region=region)
        chosen = select(stacks, plan.stack)
    return Prepared(emulator, stacks, chosen, inputs)


def _place_told(plan: Plan) -> tuple[str, str]:
    """Return account and Region of the stack, if its entry tells them; else the rehearsal's own.

    Synthesis alone knows for certain: an emulator that is elsewhere is started a second time.
    """
    entries = plan.context.get(CONTEXT_KEY)
    entry = entries.get(plan.stack) if isinstance(entries, Mapping) else None
    told = entry if isinstance(entry, Mapping) else {}
    account, region = str(told.get("account")), str(told.get("region"))
    if re.fullmatch(r"\d{12}", account) and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
        return account, region
    return ACCOUNT, REGION


def synthesise_with_lookups(plan: Plan, scratch: Path) -> Path:
    """Synthesise as the CLI does, again as long as look-ups give more; return the assembly."""
    (scratch / "home").mkdir()
    assembly = scratch / "cdk.out"
    context = {**commonly_asked(ACCOUNT, REGION), **plan.context}
    while True:
        synthesise(
            plan.app,
            assembly,
            context=context,
            folder=plan.folder,
            home=scratch / "home",
            account=ACCOUNT,
            region=REGION,
        )
        found = answers(assembly)
        if found.keys() <= context.keys():
            return assembly
        context |= found
