"""The commands of `clarify` and their options."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from clarify_contract import AnalysisConfig, Finding, Refused
from clarify_local.cli import FAILED, PASSED, REJECTED

app = typer.Typer(
    name="clarify",
    help="SageMaker Clarify analyses: check, run and rehearse them on this machine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
_out = Console()
_err = Console(stderr=True)

Config = Annotated[
    Path, typer.Argument(help="An analysis_config.json.", metavar="CONFIG", show_default=False)
]
Data = Annotated[
    Path | None,
    typer.Option(
        help="The dataset: a file, or a folder of files.", exists=True, show_default=False
    ),
]


@app.command()
def rehearse(
    config: Annotated[
        Path | None,
        typer.Option(
            help="Your analysis_config.json.", exists=True, dir_okay=False, show_default=False
        ),
    ] = None,
    data: Data = None,
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
            help='Limits by metric, with --config: {"DI": {"min": 0.8, "max": 1.25}}.',
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        list[str] | None,
        typer.Option(
            help="A file or folder that the config names by URI; can be repeated.",
            metavar="s3://BUCKET/KEY=PATH",
            show_default=False,
        ),
    ] = None,
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

    Synthesises the stack, deploys it, uploads data and model, starts the state machine with
    permissions enforced, and shows the verdict. Needs no AWS account and reaches none.

    Exit codes: 0 passed, 1 rejected, 2 failed.

    For example:

    - `clarify rehearse`
    - `clarify rehearse --config analysis_config.json --data data.csv --model model.tar.gz`

    - `clarify rehearse --app 'python app.py' --stack LoansBias --data data.csv`
    """
    from clarify_local.errors import RehearsalFailed
    from clarify_local.rehearsal import rehearse as run
    from clarify_local.show import Show, show_rehearsal

    try:
        plan = _plan(
            config,
            data,
            model,
            limits,
            file or (),
            cdk_app,
            stack,
            pipeline,
            execution_input,
            output,
        )
        with Show(_out) as show:
            rehearsal = run(plan, show)
    except Refused as refused:
        _refuse(refused)
    except RehearsalFailed as failed:
        _fail(str(failed))
    show_rehearsal(_out, rehearsal)
    raise typer.Exit(
        {"passed": PASSED, "rejected": REJECTED, "failed": FAILED}[rehearsal.outcome.verdict]
    )


@app.command()
def validate(config: Config, data: Data = None) -> None:
    """Check a config, and whether it fits the data, without running anything.

    Prints every finding: id, place, what was given, what is allowed, what to do. Exit code 2 if
    one of them is an error.

    For example:

    - `clarify validate analysis_config.json`
    - `clarify validate analysis_config.json --data data.csv`
    """
    try:
        parsed = AnalysisConfig.load(_existing(config))
        findings = [*parsed.warnings]
        if data is not None:
            findings += _of_data(parsed, data)
    except Refused as refused:
        _refuse(refused)
    _print_findings(findings)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FAILED)
    _out.print(f"[green]✓[/] {escape(str(config))} is valid", highlight=False, soft_wrap=True)


@app.command()
def analyze(
    config: Config,
    data: Annotated[
        Path | None,
        typer.Option(
            help="The dataset: a file, or a folder of files. Without it: the config's dataset_uri.",
            exists=True,
            show_default=False,
        ),
    ] = None,
    output: Annotated[Path, typer.Option(help="Where analysis.json goes.")] = Path("analysis"),
) -> None:
    """Run an analysis with the open engine, without a pipeline around it.

    A model or endpoint that the config names is asked in your own AWS account.

    For example:

    - `clarify analyze analysis_config.json --data data.csv --output results`
    """
    from clarify_engine.errors import AnalysisError
    from clarify_engine.run import analyze as run
    from clarify_local.results import metric_rows
    from clarify_local.show import AnalysisProgress, show_metrics

    try:
        parsed = AnalysisConfig.load(_existing(config))
        with AnalysisProgress(_err) as progress:
            analysis = run(parsed, data, output, progress=progress)
    except Refused as refused:
        _refuse(refused)
    except AnalysisError as error:
        _fail_analysis(error.message, error.findings)
    _print_findings(analysis.warnings)
    show_metrics(_out, metric_rows(analysis.document, None))
    _out.print(f"results: {escape(str(output))}", highlight=False, soft_wrap=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of analysis_config.json, for editors.

    For example:

    - `clarify schema > analysis_config.schema.json`
    """
    typer.echo(json.dumps(AnalysisConfig.model_json_schema(by_alias=True), indent=2))


def _of_data(config: AnalysisConfig, data: Path) -> Sequence[Finding]:
    from clarify_engine.errors import AnalysisError
    from clarify_local.checking import data_findings

    try:
        return data_findings(config, data)
    except AnalysisError as error:
        _fail_analysis(error.message, error.findings)


def _plan(
    config: Path | None,
    data: Path | None,
    model: Path | None,
    limits: Path | None,
    files: Sequence[str],
    cdk_app: str | None,
    stack: str | None,
    pipeline: str | None,
    execution_input: str,
    output: Path,
) -> Any:
    from clarify_local.plan import Inputs
    from clarify_local.planning import app_plan, config_plan, example_plan

    given = _json_object(execution_input)
    inputs = Inputs(data, model, dict(map(_file, files)))
    if config is not None and (cdk_app or stack):
        _usage("--config is deployed by this package's own app: leave out --app and --stack")
    if limits is not None and config is None:
        _usage("--limits goes with --config")
    if cdk_app or stack:
        return app_plan(cdk_app, inputs, stack=stack, pipeline=pipeline, output=output, given=given)
    if config is not None:
        _print_findings(AnalysisConfig.load(config).warnings)
        return config_plan(config, inputs, limits=limits, output=output, given=given)
    if inputs != Inputs():
        _usage("--data, --model and --file go with --config or --app")
    return example_plan(output=output, given=given)


def _file(text: str) -> tuple[str, Path]:
    uri, separator, path = text.partition("=")
    if not uri.startswith("s3://") or not separator or not Path(path).exists():
        _usage(f"--file {text}: write s3://bucket/key=PATH, with a path that exists")
    return uri, Path(path)


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        _usage('--input: write a JSON object, such as \'{"name": "nightly"}\'')
    return value


def _existing(config: Path) -> Path:
    if not config.is_file():
        _usage(f"there is no file {config}")
    return config


def _print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        mark = "[red]✗[/]" if finding.severity == "error" else "[yellow]![/]"
        _err.print(f"{mark} {escape(str(finding))}", highlight=False, soft_wrap=True)


def _refuse(refused: Refused) -> NoReturn:
    _print_findings(refused.findings)
    count = len(refused.findings)
    _fail(f"refused: {count} finding{'s' if count != 1 else ''}")


def _fail_analysis(message: str, findings: Sequence[Finding]) -> NoReturn:
    _print_findings(findings)
    _fail(message)


def _fail(message: str) -> NoReturn:
    _err.print(f"[bold red]✗[/] {escape(message)}", highlight=False, soft_wrap=True)
    raise typer.Exit(FAILED)


def _usage(message: str) -> NoReturn:
    raise typer.BadParameter(message)
