"""`clarify estimate`: what one run would ask, take and cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from clarify_contract import AnalysisConfig, Finding, Refused, check_instance_count
from clarify_contract.container import INSTANCE_TYPE_DEFAULT
from clarify_local.arguments import DATASET, ConfigFile, NamedFiles, named_file
from clarify_local.terminal import fail_analysis, out, print_findings, refuse, say


def estimate(
    config: ConfigFile,
    data: Annotated[Path, DATASET],
    file: NamedFiles = None,
    region: Annotated[str, typer.Option(help="The Region whose prices count.")] = "us-east-1",
    instance_type: Annotated[
        str, typer.Option(help="Instance type of the job.")
    ] = INSTANCE_TYPE_DEFAULT,
    instances: Annotated[int, typer.Option(help="Instances of the job.", min=1)] = 1,
    rate: Annotated[
        float | None,
        typer.Option(
            help="Predictions a second that your model gives to each instance of the job. By"
            " default what one public job had.",
            min=0.001,
            show_default=False,
        ),
    ] = None,
    price: Annotated[
        float | None,
        typer.Option(
            help="US dollars an hour for an instance of the job; by default from a table.",
            min=0,
            show_default=False,
        ),
    ] = None,
    endpoint_price: Annotated[
        float | None,
        typer.Option(
            help="US dollars an hour for an instance of the shadow endpoint.",
            min=0,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Estimate predictions, minutes and cost of one run; no model is asked, and nothing started.

    The data are read whole. Predictions are counted as the open engine asks them, and for the
    managed image as the developer guide says. Minutes and money are rough: what they rest on is
    printed, with the date and source of each price.

    For example:

    - `clarify estimate analysis_config.json --data data.csv`
    - `clarify estimate analysis_config.json --data data.csv --rate 200 --instance-type ml.m5.large`
    - `clarify estimate analysis_config.json --data data.csv --region eu-central-1 --price 0.3`
    """
    from clarify_engine.data.files import files_of
    from clarify_engine.errors import AnalysisError
    from clarify_engine.unsupported import unsupported
    from clarify_lambda.prepare.preflight.estimate import RATE
    from clarify_local.estimating.advice import advice
    from clarify_local.estimating.counting import count_predictions
    from clarify_local.estimating.prices import Price, Use, price_of
    from clarify_local.estimating.run import Job, shadow_instances
    from clarify_local.estimating.show import show_estimate, show_grounds

    def priced(kind: str, use: Use, given: float | None) -> Price | None:
        return (
            price_of(region, kind, use) if given is None else Price(region, kind, use, given, None)
        )

    try:
        parsed = AnalysisConfig.load(config)
        print_findings(parsed.warnings)
        if wrong := [*check_instance_count(parsed, instances), *_not_counted(parsed)]:
            refuse(Refused(wrong))
        asked = count_predictions(parsed, data, _fetch(dict(map(named_file, file or ()))))
    except Refused as refused:
        refuse(refused)
    except AnalysisError as error:
        fail_analysis(error.message, error.findings)
    predictor = parsed.predictor
    hosted = shadow_instances(predictor) if asked.asks else 0
    hosting = (predictor.instance_type if predictor is not None else None) or ""
    job = Job(
        instances=instances,
        rate=rate or RATE,
        price=priced(instance_type, "Processing", price),
        endpoint_instances=hosted,
        endpoint_price=priced(hosting, "Hosting", endpoint_price) if hosted else None,
    )
    not_run = unsupported(parsed, instances)
    show_estimate(out, asked, job, engine=not not_run)
    for finding in not_run:
        say(f"- The open engine does not run this: {escape(finding.given)}.")
    show_grounds(out, asked, job, owned=asked.asks and not hosted)
    size = sum(path.stat().st_size for path, _ in files_of(data))
    for line in advice(parsed, asked, job, size):
        say(f"[bold]→[/] {escape(line)}")


def _not_counted(config: AnalysisConfig) -> Iterator[Finding]:
    """Yield why the predictions of a config cannot be counted."""
    shap = config.methods.shap
    if shap is not None and (shap.text_config is not None or shap.image_config is not None):
        yield Finding(
            "estimate-parts-unknown",
            "$.methods.shap",
            "texts or images",
            "columns of a table: into how many parts the managed image cuts texts and images is "
            "not known beforehand",
            "Run a few rows, and multiply.",
        )


def _fetch(files: dict[str, Path]) -> Callable[[str], Path]:
    from clarify_engine.errors import AnalysisError

    def fetch(uri: str) -> Path:
        if uri in files:
            return files[uri]
        raise AnalysisError(
            "The config reads more than the dataset.",
            [
                Finding(
                    "estimate-file-missing",
                    uri,
                    "an S3 URI, and no file for it",
                    "a file or folder on this machine",
                    f"Pass --file {uri}=PATH.",
                )
            ],
        )

    return fetch
