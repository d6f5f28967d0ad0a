"""The commands of `clarify` and their options."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from clarify_contract import AnalysisConfig, Finding, Refused
from clarify_local.arguments import DATASET, ConfigFile
from clarify_local.check_command import check
from clarify_local.cli import FAILED
from clarify_local.compare_command import compare
from clarify_local.completion import leave_files_to_the_shell
from clarify_local.estimate_command import estimate
from clarify_local.explain_command import explain
from clarify_local.init_command import init
from clarify_local.policy_command import policy
from clarify_local.rehearse_command import rehearse
from clarify_local.report_command import report
from clarify_local.terminal import err, fail_analysis, out, print_findings, refuse, say

app = typer.Typer(
    name="clarify",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


class Estimator(StrEnum):
    """How Shapley values are computed; `clarify_engine.shap.Estimator`, without its imports."""

    AUTO = "auto"
    EXACT = "exact"
    INTERPOLATION = "interpolation"
    LEAST_SQUARES = "least_squares"
    PERMUTATION = "permutation"


def validate(config: ConfigFile, data: Annotated[Path | None, DATASET] = None) -> None:
    """Check a config, and whether it fits the data, without running anything.

    Prints every finding: id, place, what was given, what is allowed, what to do. Exit code 2 if
    one of them is an error.

    For example:

    - `clarify validate analysis_config.json`
    - `clarify validate analysis_config.json --data data.csv`
    """
    try:
        parsed = AnalysisConfig.load(config)
        findings = [*parsed.warnings]
        if data is not None:
            findings += _of_data(parsed, data)
    except Refused as refused:
        refuse(refused)
    print_findings(findings)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FAILED)
    say(f"[green]✓[/] {escape(str(config))} is valid")


def analyze(
    config: ConfigFile,
    data: Annotated[
        Path | None,
        typer.Option(
            help="The dataset: a file, or a folder of files. Without it: the config's dataset_uri.",
            exists=True,
            show_default=False,
        ),
    ] = None,
    output: Annotated[Path, typer.Option(help="Where the results go.")] = Path("analysis"),
    model: Annotated[
        str | None,
        typer.Option(
            help="A model to ask in place of the config's: a model.tar.gz, module:callable (found"
            " from here, given an array of rows), or a URL that takes POST as an endpoint does.",
            metavar="MODEL",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Requests under way at once, and processes of a model on this machine. By"
            " default 4, but no more processes than processors.",
            min=1,
            show_default=False,
        ),
    ] = None,
    estimator: Annotated[
        Estimator,
        typer.Option(
            help="How Shapley values are computed. `auto`: exactly where all coalitions of features"
            " fit into num_samples, else by an estimator that provenance.json names."
        ),
    ] = Estimator.AUTO,
) -> None:
    """Run an analysis with the open engine, without a pipeline around it.

    A model or endpoint that the config names is asked in your own AWS account, unless you give a
    model of your own.

    For example:

    - `clarify analyze analysis_config.json --data data.csv --output results`
    - `clarify analyze analysis_config.json --data data.csv --model model.tar.gz`
    - `clarify analyze analysis_config.json --data data.csv --model my_module:predict_proba`
    - `clarify analyze analysis_config.json --data data.csv --model http://localhost:8080/invocations`
    """
    from clarify_engine.errors import AnalysisError
    from clarify_engine.interruption import Interrupted
    from clarify_engine.run import analyze as run
    from clarify_local.analysis_progress import AnalysisProgress
    from clarify_local.models import default_workers, open_model
    from clarify_local.results import metric_rows
    from clarify_local.show import show_metrics
    from clarify_local.show_explanations import show_explanations, show_report

    workers = workers or default_workers(model)
    try:
        parsed = AnalysisConfig.load(config)
        with ExitStack() as ending:
            opened = ending.enter_context(open_model(model, workers)) if model else None
            analysis = run(
                parsed,
                data,
                output,
                progress=ending.enter_context(AnalysisProgress(err)),
                model=opened,
                workers=workers,
                estimator=estimator.value,
            )
    except Refused as refused:
        refuse(refused)
    except AnalysisError as error:
        fail_analysis(error.message, error.findings)
    except Interrupted as stopped:
        err.print(f"stopped by signal {stopped.number}", highlight=False)
        raise typer.Exit(128 + stopped.number) from None
    print_findings(analysis.warnings)
    show_metrics(out, metric_rows(analysis.document, None))
    show_explanations(out, analysis.document)
    show_report(out, output)
    say(f"results: {escape(str(output))}")


def schema() -> None:
    """Print the JSON Schema of analysis_config.json, for editors.

    For example:

    - `clarify schema > analysis_config.schema.json`
    """
    typer.echo(json.dumps(AnalysisConfig.model_json_schema(by_alias=True), indent=2))


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(version("clarify-cdk"))
        raise typer.Exit


@app.callback()
def clarify(
    _: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and end.", callback=_say_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Check, run, judge and rehearse SageMaker Clarify analyses, on this machine.

    `clarify rehearse` alone runs an example; `clarify init --data data.csv` begins with data of
    yours. No command needs an AWS account, but `analyze` where it is to read data or ask a model
    there.

    Exit codes: 0 done, or passed; 1 rejected, or different; 2 it could not be done. Whatever is
    wrong is told with a command that explains it, such as `clarify explain X16`.

    `clarify --install-completion` has your shell complete commands and options.
    """


#: What each command is for, in the order of their use.
_COMMANDS: Final = {
    "Begin": (init, validate, estimate),
    "Analyse and judge": (analyze, report, check, compare),
    "Towards a deployment": (rehearse, policy),
    "Look up": (explain, schema),
}
for _panel, _functions in _COMMANDS.items():
    for _function in _functions:
        app.command(rich_help_panel=_panel)(leave_files_to_the_shell(_function))


def _of_data(config: AnalysisConfig, data: Path) -> Sequence[Finding]:
    from clarify_engine.errors import AnalysisError
    from clarify_local.checking import data_findings

    try:
        return data_findings(config, data)
    except AnalysisError as error:
        fail_analysis(error.message, error.findings)
