"""`clarify rehearse`: its options, and what of them goes together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from clarify_contract import AnalysisConfig, Refused
from clarify_local.arguments import DATASET, NamedFiles, named_file
from clarify_local.cli import FAILED, PASSED, REJECTED
from clarify_local.terminal import fail, out, print_findings, refuse, usage


def rehearse(
    config: Annotated[
        Path | None,
        typer.Option(
            help="Your analysis_config.json.", exists=True, dir_okay=False, show_default=False
        ),
    ] = None,
    data: Annotated[Path | None, DATASET] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            help="A model.tar.gz with code/inference.py, for the model or endpoint that the config"
            " names.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    limits: Annotated[
        Path | None,
        typer.Option(
            help='Limits by metric, in a JSON file: {"DI": {"min": 0.8, "max": 1.25}}. A stack of'
            " yours has its own.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            help='Rules, in a JSON file: {"presets": ["four_fifths"]}. A stack of yours has its'
            " own.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    file: NamedFiles = None,
    cdk_app: Annotated[
        str | None,
        typer.Option(
            "--app",
            help="The command of a CDK app of yours, such as 'python app.py'. With --stack alone:"
            " the app of ./cdk.json.",
            show_default=False,
        ),
    ] = None,
    stack: Annotated[
        str | None, typer.Option(help="Which stack of the app.", show_default=False)
    ] = None,
    pipeline: Annotated[
        str | None,
        typer.Option(help="Which pipeline of the stack, by its logical id.", show_default=False),
    ] = None,
    execution_input: Annotated[
        str, typer.Option("--input", help="The execution's input, as JSON.", metavar="JSON")
    ] = "{}",
    output: Annotated[
        Path, typer.Option(help="Where the results go, in a folder for each run.")
    ] = Path("rehearsal"),
) -> None:
    """Deploy a pipeline to an emulated AWS on this machine and run it.

    Without options, an example that comes with the package. With --config, your analysis in a stack
    of this package. With --app or --stack, a stack of yours.

    Synthesises the stack, deploys it, uploads data and model, starts the state machine with
    permissions enforced, and shows the verdict. Needs no AWS account and reaches none.

    Exit codes: 0 passed, 1 rejected, 2 failed.

    For example:

    - `clarify rehearse`
    - `clarify rehearse --config analysis_config.json --data data.csv --model model.tar.gz`
    - `clarify rehearse --app 'python app.py' --stack LoansBias --data data.csv`
    """
    from clarify_local.errors import RehearsalFailed
    from clarify_local.plan import Inputs
    from clarify_local.planning import app_plan, config_plan, example_plan
    from clarify_local.rehearsal import rehearse as run
    from clarify_local.show import Show, show_rehearsal

    given = _json_object(execution_input)
    inputs = Inputs(data, model, dict(map(named_file, file or ())))
    if config is not None and (cdk_app or stack):
        usage("--config is deployed by this package's own app: leave out --app and --stack")
    if (limits is not None or rules is not None) and (cdk_app or stack):
        usage("the stack has its own limits and rules: leave out --limits and --rules")
    if config is None and not (cdk_app or stack) and inputs != Inputs():
        usage("--data, --model and --file go with --config or --app")
    try:
        if config is not None:
            parsed = AnalysisConfig.load(config)
            print_findings(parsed.warnings)
            plan = config_plan(
                config, parsed, inputs, limits=limits, rules=rules, output=output, given=given
            )
        elif cdk_app or stack:
            plan = app_plan(
                cdk_app, inputs, stack=stack, pipeline=pipeline, output=output, given=given
            )
        else:
            plan = example_plan(limits=limits, rules=rules, output=output, given=given)
        with Show(out) as show:
            rehearsal = run(plan, show)
    except Refused as refused:
        refuse(refused)
    except RehearsalFailed as failed:
        fail(str(failed))
    show_rehearsal(out, rehearsal)
    raise typer.Exit(
        {"passed": PASSED, "rejected": REJECTED, "failed": FAILED}[rehearsal.outcome.verdict]
    )


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        usage('--input: write a JSON object, such as \'{"name": "nightly"}\'')
    return value
