"""What `clarify init` asks a person on a terminal; elsewhere it asks nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from clarify_local.starter.choices import MOST_GROUPS, positive_label
from clarify_local.starter.columns import Data
from clarify_local.starter.undecided import Undecided


def on_a_terminal() -> bool:
    """Tell whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def asked_label(columns: Sequence[str]) -> str:
    """Ask for the label's column, until it exists."""
    typer.echo(f"Columns: {', '.join(columns)}")
    while True:
        text: str = typer.prompt("Which column is the outcome (label)")
        if text in columns:
            return text
        typer.echo(f"No column is called {text}.")


def asked_facets(columns: Sequence[str]) -> list[str]:
    """Ask for the facets' columns, until each of them exists."""
    while True:
        text: str = typer.prompt("Which columns name groups of people (facets; comma between)")
        named = [name.strip() for name in text.split(",") if name.strip()]
        unknown = [name for name in named if name not in columns]
        if named and not unknown:
            return named
        typer.echo(f"No column is called {', '.join(unknown) or 'so'}.")


def asked_positive(data: Data, label: str, *, always: bool) -> list[str]:
    """Ask which value of the label is positive; offer what the data suggest, if they do.

    Parameters
    ----------
    data, label
        The label is one of the data's columns.
    always
        Ask too where the data suggest it; otherwise nothing is asked then.
    """
    (column,) = data.columns([label])
    if len(column.values) < 2:
        return []  # the choice will say what is wrong
    try:
        offered: str | None = str(positive_label(column).values[0])
    except Undecided:
        offered = None
    if offered is not None and not always:
        return []
    if column.continuous:
        question = f"Above which number of {label!r} is the outcome positive"
    else:
        few = (
            f" of {', '.join(map(str, column.values))},"
            if len(column.values) <= MOST_GROUPS
            else ""
        )
        question = f"Which value of {label!r},{few} is the positive outcome"
    text: str = typer.prompt(question, default=offered)
    return [text]
