"""The reference of the command `clarify`, from its own help."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, Final

from typer.main import get_command

from clarify_local.commands import app
from clarify_local.explaining.markdown import plain
from support_docs.markdown import table

_INTRODUCTION: Final = """\
# The command clarify

`pip install 'clarify-cdk[local]'` brings it. `clarify --help` and `clarify COMMAND --help` print
the same as this page.
"""


def commands_page() -> str:
    """Return the page."""
    group: Any = get_command(app)
    lines = [_INTRODUCTION, cleandoc(group.help), ""]
    for command in group.commands.values():
        lines += _of(command)
    return "\n".join(lines)


def _of(command: Any) -> Iterator[str]:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    names = " ".join(each.metavar or each.name.upper() for each in arguments)
    yield f"## clarify {command.name} {{#{command.name}}}"
    yield ""
    usage = f"clarify {command.name} {names} [OPTIONS]" if options else f"clarify {command.name}"
    yield f"`{' '.join(usage.split())}`"
    yield ""
    yield cleandoc(command.help or "")
    yield ""
    rows = [[f"`{each.metavar or each.name.upper()}`", plain(each.help)] for each in arguments]
    rows += [[_option(each), plain(each.help) + _default(each)] for each in options]
    if rows:
        yield from table(["", "what it is"], rows)


def _option(option: Any) -> str:
    value = "" if option.is_flag else f" {option.metavar or 'VALUE'}"
    return f"`{option.opts[0]}{value}`" + (" (required)" if option.required else "")


def _default(option: Any) -> str:
    default = option.default
    if option.is_flag or default is None or option.show_default is False:
        return ""
    return f" Default: `{getattr(default, 'value', default)}`."
