"""`clarify init`: a project to start from, made by looking at data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from clarify_contract import Refused
from clarify_local.terminal import fail, fail_analysis, print_findings, refuse, say, usage


def init(
    data: Annotated[
        Path,
        typer.Option(
            help="The dataset: a CSV or Parquet file, or a folder of them.",
            exists=True,
            show_default=False,
        ),
    ],
    label: Annotated[
        str | None,
        typer.Option(
            help="The column of the outcome. Asked for on a terminal.",
            metavar="COLUMN",
            show_default=False,
        ),
    ] = None,
    facet: Annotated[
        list[str] | None,
        typer.Option(
            help="A column that names groups of people, and if you like the group that you ask"
            " about, or a threshold above which people belong to it; can be repeated. Asked for"
            " on a terminal.",
            metavar="COLUMN[=VALUE,…]",
            show_default=False,
        ),
    ] = None,
    positive: Annotated[
        list[str] | None,
        typer.Option(
            help="A value of the label that is the positive outcome, or a threshold above which it"
            " is; can be repeated. By default the data decide.",
            metavar="VALUE",
            show_default=False,
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            help="A column within whose groups people are compared too.",
            metavar="COLUMN",
            show_default=False,
        ),
    ] = None,
    predicted: Annotated[
        str | None,
        typer.Option(
            help="A column of labels that a model has predicted: measures the model too.",
            metavar="COLUMN",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option(help="The project's folder; made if it is missing.", file_okay=False)
    ] = Path(),
) -> None:
    """Look at data, and write a config, rules, a CDK app and a test to start from.

    What it writes passes with today's data, and fails when they get worse: limits that today's
    data do not meet are widened to what is there, and analysis_config.md says so, with the reason
    of every other choice. Nothing that is there already is overwritten.

    For example:

    - `clarify init --data loans.csv`
    - `clarify init --data loans.csv --label approved --facet sex --output bias`
    - `clarify init --data loans.csv --label approved --positive yes --facet sex=f --facet age=40
      --group region --predicted predicted`
    """
    from clarify_engine.errors import AnalysisError
    from clarify_local.starter import asking
    from clarify_local.starter.answers import Answers, facets_of
    from clarify_local.starter.columns import Data
    from clarify_local.starter.project import NAMES, WHY, project_files
    from clarify_local.starter.starting import start
    from clarify_local.starter.undecided import Undecided
    from clarify_local.starter.writing import refuse_existing, write_new

    asks = asking.on_a_terminal()
    if not asks and (label is None or not facet):
        usage("pass --label and --facet: there is no terminal to ask on")
    named = [label, group, predicted, *(text.partition("=")[0] for text in facet or ())]
    try:
        refuse_existing(output, NAMES)
        opened = Data(data, [name for name in named if name is not None])
        chosen = label or asking.asked_label(opened.names)
        facet = facet or asking.asked_facets(opened.names)
        if asks and not positive and chosen in opened.names:
            positive = asking.asked_positive(opened, chosen, always=label is None)
        answers = Answers(
            label=chosen,
            facets=facets_of(facet, opened.names),
            positive=positive or (),
            group=group,
            predicted=predicted,
        )
        begun = start(data, opened, answers)
        if any(finding.severity == "error" for finding in begun.findings):
            fail("the data do not allow this analysis: nothing was written", begun.findings)
        print_findings(begun.findings)
        files = project_files(
            begun.config,
            begun.rules,
            reasons=begun.reasons,
            rule_reasons=begun.rule_reasons,
            data=Path(os.path.relpath(data, output)).as_posix(),
        )
        write_new(output, files)
    except Undecided as undecided:
        fail(str(undecided))
    except Refused as refused:
        refuse(refused)
    except AnalysisError as error:
        fail_analysis(error.message, error.findings)
    for key, why in (begun.reasons | begun.rule_reasons).items():
        say(f"[bold]{escape(key)}[/]: {escape(why)}")
    for reason in begun.unmet:
        say(f"[yellow]![/] a run of these data is rejected: {escape(reason)}")
    if begun.unmet:
        say("If that is as it should be, the rules can accept it: see accepted_zeros.")
    say(f"[green]✓[/] wrote {escape(', '.join(files))} to {escape(str(output))}")
    say(f"next: {WHY} says why, and what comes next")
