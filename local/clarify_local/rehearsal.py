"""One rehearsal, start to finish: synthesise, deploy, run, judge, all on this machine."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from clarify_local.assembly import StackArtifact, read_assembly, select, with_needed
from clarify_local.aws import ACCOUNT, REGION, EmulatedAws, isolated
from clarify_local.deploy import deploy_all
from clarify_local.deployed import Pipeline, find_pipeline
from clarify_local.emulator.client import Emulator
from clarify_local.endpoints import EndpointWatch
from clarify_local.errors import RehearsalFailed
from clarify_local.execution import Execution, run_execution
from clarify_local.lookups import answers, zones
from clarify_local.phases import PhaseListener, Phases
from clarify_local.results import MetricRow, download, download_logs, metric_rows, read_json
from clarify_local.seeding import provide_model, upload_data
from clarify_local.synthesis import synthesise

Verdict = Literal["passed", "rejected", "failed"]


@dataclass(frozen=True)
class Inputs:
    """The person's side: a dataset (file or folder), a model artifact, other files by S3 URI."""

    data: Path | None = None
    model: Path | None = None
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to rehearse.

    Attributes
    ----------
    app, context, folder
        The CDK app: its command, its context, and the folder it runs in.
    stack, pipeline
        Which stack, and which of its pipelines; None where there is only one.
    inputs
        Makes or finds the data and the model; is given a scratch folder.
    given
        The execution's input.
    output
        Where the results go, in a folder for each run.
    """

    app: Sequence[str]
    context: Mapping[str, Any]
    folder: Path
    inputs: Callable[[Path], Inputs]
    stack: str | None = None
    pipeline: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    output: Path = Path("rehearsal")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How it ended.

    Attributes
    ----------
    verdict
        ``failed``: there is no analysis that could be judged.
    reason
        One line, or more where the run was refused for several reasons.
    folder
        Where the results are.
    execution
        The execution, step by step.
    metrics
        The results' metrics.
    endpoints
        What became of endpoints, in words.
    seconds
        Wall clock by phase, and ``total``.
    left_out
        What the emulator met and does not do.
    """

    verdict: Verdict
    reason: str
    folder: Path
    execution: Execution
    metrics: tuple[MetricRow, ...]
    endpoints: str
    seconds: Mapping[str, float]
    left_out: tuple[str, ...]


class Listener(PhaseListener, Protocol):
    """What shows a rehearsal while it runs."""

    def execution(self, pipeline: Pipeline, execution: Execution) -> None:
        """Take note of how far the execution has come."""


def rehearse(plan: Plan, listener: Listener) -> Outcome:
    """Carry out one rehearsal.

    Nothing of the person's environment reaches it, and it reaches nothing but this machine.

    Raises
    ------
    RehearsalFailed
        Before an execution could be started: the app, the deployment, the data or the model.
    """
    phases = Phases(listener)
    with (
        isolated(),
        tempfile.TemporaryDirectory(prefix="clarify-rehearsal-") as scratch_name,
        ExitStack() as stack,
    ):
        scratch = Path(scratch_name)
        emulator, stacks, inputs = _prepare(plan, scratch, phases, stack)
        aws = EmulatedAws(emulator.endpoint, emulator.session(), emulator.region, emulator.account)
        with phases("deploy"):
            chosen = select(stacks, plan.stack)
            deployed = deploy_all(aws, with_needed(stacks, chosen))
            pipeline = find_pipeline(aws, deployed[chosen.name], plan.pipeline)
        with phases("data and model"):
            _seed(aws, pipeline, plan.given, inputs)
        emulator.enforce_iam()
        with phases("run"):
            watch = EndpointWatch(aws)

            def progress(execution: Execution) -> None:
                watch.look()
                listener.execution(pipeline, execution)

            execution = run_execution(
                aws,
                pipeline.state_machine_arn,
                name=f"rehearsal-{secrets.token_hex(4)}",
                given=plan.given,
                prepare=pipeline.prepare,
                watch=progress,
            )
        with phases("results"):
            return _outcome(plan, aws, emulator, execution, watch, phases)


def _prepare(
    plan: Plan, scratch: Path, phases: Phases, stack: ExitStack
) -> tuple[Emulator, list[StackArtifact], Inputs]:
    """Start the emulator, synthesise and make the inputs, all at once."""

    def start() -> Emulator:
        with phases("emulator"):
            return stack.enter_context(Emulator())

    def synth() -> None:
        with phases("synthesise"):
            _synthesise(plan, scratch)

    def inputs() -> Inputs:
        with phases("inputs"):
            return plan.inputs(scratch / "inputs")

    with ThreadPoolExecutor(max_workers=3) as pool:
        emulator: Future[Emulator] = pool.submit(start)
        synthesised = pool.submit(synth)
        made = pool.submit(inputs)
        synthesised.result()
        found = made.result()
        running = emulator.result()
    stacks = read_assembly(scratch / "cdk.out", account=ACCOUNT, region=REGION)
    chosen = select(stacks, plan.stack)
    account, region = chosen.account or ACCOUNT, chosen.region or REGION
    if (account, region) != (running.account, running.region):
        running.stop()
        with phases("emulator"):
            running = stack.enter_context(Emulator(account=account, region=region))
        stacks = read_assembly(scratch / "cdk.out", account=account, region=region)
    return running, stacks, found


def _synthesise(plan: Plan, scratch: Path) -> None:
    """Synthesise as the CLI does: once more, with what was looked up, as long as that is more."""
    (scratch / "home").mkdir()
    context = {**zones(ACCOUNT, REGION), **plan.context}
    while True:
        synthesise(
            plan.app,
            scratch / "cdk.out",
            context=context,
            folder=plan.folder,
            home=scratch / "home",
            account=ACCOUNT,
            region=REGION,
        )
        found = answers(scratch / "cdk.out")
        if found.keys() <= context.keys():
            return
        context |= found


def _seed(aws: EmulatedAws, pipeline: Pipeline, given: Mapping[str, Any], inputs: Inputs) -> None:
    if inputs.data is not None:
        uri = given.get("dataset_uri") or pipeline.config.get("dataset_uri") or pipeline.dataset_uri
        if uri is None:
            raise RehearsalFailed("the deployed pipeline names no place for its dataset")
        upload_data(aws, inputs.data, uri)
    for uri, path in inputs.files.items():
        upload_data(aws, path, uri)
    if inputs.model is not None:
        named = {k: given[k] for k in ("model_name", "endpoint_name") if k in given}
        predictor = named or pipeline.config.get("predictor") or {}
        provide_model(aws, predictor, inputs.model)


def _outcome(
    plan: Plan,
    aws: EmulatedAws,
    emulator: Emulator,
    execution: Execution,
    watch: EndpointWatch,
    phases: Phases,
) -> Outcome:
    folder = plan.output / (execution.run.get("job_name") or execution.arn.rsplit(":", 1)[-1])
    folder.mkdir(parents=True, exist_ok=True)
    if "run_uri" in execution.run:
        download(aws, execution.run["run_uri"], folder)
    download_logs(aws, folder / "logs")
    judged = read_json(folder / "verdict.json")
    analysis = read_json(folder / "output" / "analysis.json")
    verdict, reason = _verdict(execution, judged)
    left = watch.left()
    if left:
        verdict, reason = "failed", f"endpoints were left behind: {', '.join(left)}. {reason}"
    return Outcome(
        verdict=verdict,
        reason=reason,
        folder=folder,
        execution=execution,
        metrics=tuple(metric_rows(analysis, judged)) if analysis else (),
        endpoints=watch.story(),
        seconds={**phases.seconds, "total": phases.total},
        left_out=tuple(emulator.notes()),
    )


def _verdict(execution: Execution, judged: Mapping[str, Any] | None) -> tuple[Verdict, str]:
    """Believe the execution; take the words from the verdict's file."""
    if execution.status == "SUCCEEDED" and judged and judged["verdict"] == "passed":
        return "passed", judged["summary"]
    if execution.error == "ClarifyRejected":
        return "rejected", execution.cause or (judged or {}).get("summary", "")
    if execution.status == "SUCCEEDED":
        return "failed", "the execution succeeded without a verdict that says passed"
    return "failed", ": ".join(text for text in (execution.error, execution.cause) if text)
