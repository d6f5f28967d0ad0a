"""What a shell completes: commands and options by what they say, files by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints


def leave_files_to_the_shell(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command whose arguments and options that are paths are completed by the shell.

    Typer answers with what has been typed so far, which shells take for the only file there is;
    where it has no answer, they look for files themselves.
    """
    for hint in get_type_hints(command, include_extras=True).values():
        kind, *told = get_args(hint) or (None,)
        if Path in (kind, *get_args(kind)):
            for each in told:
                each.autocompletion = _nothing
    return command


def topics(incomplete: str) -> list[str]:
    """Return what `clarify explain` may go on with: metrics, and findings on configs."""
    from clarify_contract import METRICS
    from clarify_contract.config.catalogue import catalogue

    names = dict.fromkeys([*METRICS, *(entry.id for entry in catalogue())])
    return [name for name in names if name.startswith(incomplete)]


def _nothing() -> list[str]:
    return []
