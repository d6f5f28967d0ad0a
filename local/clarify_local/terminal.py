"""How the commands talk: findings as a readable list, one exit code for bad input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from clarify_contract import Finding, Refused
from clarify_local.cli import FAILED

out = Console()
err = Console(stderr=True)


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings to standard error, one line each."""
    show_findings(err, findings)


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print findings, one line each."""
    for finding in findings:
        mark = "[red]✗[/]" if finding.severity == "error" else "[yellow]![/]"
        console.print(f"{mark} {escape(str(finding))}", highlight=False, soft_wrap=True)


def refuse(refused: Refused) -> NoReturn:
    """Print every finding and end with the exit code for bad input."""
    print_findings(refused.findings)
    count = len(refused.findings)
    fail(f"refused: {count} finding{'s' if count != 1 else ''}")


def fail_analysis(message: str, findings: Sequence[Finding]) -> NoReturn:
    """Print why an analysis cannot be, and end."""
    print_findings(findings)
    fail(message)


def fail(message: str) -> NoReturn:
    """Print one message and end with the exit code for bad input."""
    err.print(f"[bold red]✗[/] {escape(message)}", highlight=False, soft_wrap=True)
    raise typer.Exit(FAILED)


def usage(message: str) -> NoReturn:
    """Say that options do not go together, with a hint at --help."""
    raise typer.BadParameter(message)
