"""From what a person asks for on the command line to the plan of a rehearsal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clarify_contract import AnalysisConfig
from clarify_local.aws import ACCOUNT, REGION
from clarify_local.errors import RehearsalFailed
from clarify_local.example import STACK as EXAMPLE_STACK
from clarify_local.example import find_example
from clarify_local.plan import Inputs, Plan
from clarify_local.synthesis import BUILT_IN_APP, project_app, project_context

STACK = "Rehearsal"
CONTEXT_KEY = "clarify"
_PINNED = {"account": ACCOUNT, "region": REGION}


def example_plan(
    *,
    output: Path,
    given: Mapping[str, Any],
    limits: Path | None = None,
    rules: Path | None = None,
) -> Plan:
    """Plan the example that comes with this package, by its own limits unless others are given."""
    example = find_example()

    def inputs(scratch: Path) -> Inputs:
        data, model = example.make(scratch)
        return Inputs(data, model)

    entry = {"config": str(example.config), "limits": str((limits or example.limits).resolve())}
    if rules is not None:
        entry["rules"] = str(rules.resolve())
    return _built_in(EXAMPLE_STACK, entry, inputs=inputs, output=output, given=given)


def config_plan(
    config: Path,
    parsed: AnalysisConfig,
    inputs: Inputs,
    *,
    limits: Path | None,
    rules: Path | None,
    output: Path,
    given: Mapping[str, Any],
) -> Plan:
    """Plan an analysis of one's own, deployed by this package's app.

    Parameters
    ----------
    config, parsed
        The config's file, which the app reads, and what it holds.

    Raises
    ------
    RehearsalFailed
        The data or the model that it needs was not given.
    """
    if inputs.data is None and not (parsed.dataset_uri and inputs.files):
        raise RehearsalFailed("no data: pass --data with a file or a folder")
    if parsed.predictor is not None and inputs.model is None:
        named = parsed.predictor.model_name or parsed.predictor.endpoint_name
        raise RehearsalFailed(
            f"the config asks {named!r} for predictions: pass its model.tar.gz with --model"
        )
    entry = {"config": str(config.resolve())}
    if limits is not None:
        entry["limits"] = str(limits.resolve())
    if rules is not None:
        entry["rules"] = str(rules.resolve())
    return _built_in(STACK, entry, inputs=lambda scratch: inputs, output=output, given=given)


def app_plan(
    app: str | None,
    inputs: Inputs,
    *,
    stack: str | None,
    pipeline: str | None,
    output: Path,
    given: Mapping[str, Any],
) -> Plan:
    """Plan a stack of a CDK app of one's own, in the current folder.

    Raises
    ------
    RehearsalFailed
        No app was named, here or in ``cdk.json``.
    """
    folder = Path.cwd()
    command = shlex.split(app) if app else project_app(folder)
    if not command:
        raise RehearsalFailed("no app: pass --app 'python app.py', or name it in cdk.json")
    context = project_context(folder)
    entries = context.get(CONTEXT_KEY)
    if isinstance(entries, Mapping):
        # Other stages may ask for what only their accounts know; nobody rehearses them here.
        chosen = {stack: entries[stack]} if stack in entries else entries
        context[CONTEXT_KEY] = {
            # A VPC that was looked up stands in cdk.context.json under account and Region.
            name: entry
            if not isinstance(entry, Mapping) or "vpc_id" in entry
            else {**entry, **_PINNED}
            for name, entry in chosen.items()
        }
    return Plan(
        app=command,
        context=context,
        folder=folder,
        inputs=lambda scratch: inputs,
        stack=stack,
        pipeline=pipeline,
        given=given,
        output=output,
    )


def _built_in(stack: str, entry: Mapping[str, str], **rest: Any) -> Plan:
    """Plan a stack of this package's own app, under the feature flags of the project around it."""
    context = project_context(Path.cwd()) | {CONTEXT_KEY: {stack: {**entry, **_PINNED}}}
    return Plan(app=BUILT_IN_APP, context=context, folder=Path.cwd(), stack=stack, **rest)
