"""How the commands talk: findings as a readable list, one exit code for bad input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from clarify_contract import Finding, Refused
from clarify_contract.findings import read_on
from clarify_local.cli import FAILED
from clarify_local.explaining.topics import topics_of

out = Console()
err = Console(stderr=True)

#: Parts of the page of messages, by their anchors.
JOB, REJECTION, RUN, THIS_MACHINE = (
    "messages-of-a-job",
    "results-that-look-wrong",
    "an-execution-failed",
    "on-this-machine",
)


def say(text: str) -> None:
    """Print markup to standard output, as it is: nothing is coloured or broken by itself."""
    out.print(text, highlight=False, soft_wrap=True)


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings to standard error, one line each, and where to read on about them."""
    show_findings(err, findings)
    point(err, [finding.id for finding in findings])


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print findings, one line each."""
    for finding in findings:
        mark = "[red]✗[/]" if finding.severity == "error" else "[yellow]![/]"
        console.print(f"{mark} {escape(str(finding))}", highlight=False, soft_wrap=True)


def point(console: Console, topics: Sequence[str]) -> None:
    """Print where to read on about topics of `clarify explain`, if there are any."""
    if topics:
        console.print(f"[dim]{escape(read_on(*topics))}[/]", highlight=False, soft_wrap=True)


def refuse(refused: Refused) -> NoReturn:
    """Print every finding and end with the exit code for bad input."""
    count = len(refused.findings)
    fail(f"refused: {count} finding{'s' if count != 1 else ''}", refused.findings)


def fail_analysis(message: str, findings: Sequence[Finding]) -> NoReturn:
    """Print why an analysis cannot be, and end."""
    fail(message, findings, otherwise=JOB)


def fail(
    message: str, findings: Sequence[Finding] = (), *, otherwise: str = THIS_MACHINE
) -> NoReturn:
    """Print findings, one message and where to read on; end with the exit code for bad input."""
    show_findings(err, findings)
    err.print(f"[bold red]✗[/] {escape(message)}", highlight=False, soft_wrap=True)
    point(err, [*(finding.id for finding in findings), *topics_of(message)] or [otherwise])
    raise typer.Exit(FAILED)


def usage(message: str) -> NoReturn:
    """Say that options do not go together, with a hint at --help."""
    raise typer.BadParameter(message)
