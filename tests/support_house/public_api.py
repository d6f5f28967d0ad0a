"""Everything public, as a text: names and parameters that users' code and settings rely on.

After a change that is meant: ``PYTHONPATH=tests python -m support_house.public_api``. What is gone
or renamed needs a new major version, what is new a minor one. The ids of constructs are in the
texts of templates beside the construct tests.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from clarify_cdk.deployments import SETTINGS
from clarify_contract.config.catalogue import catalogue
from clarify_local.commands import app

TEXT = Path(__file__).with_name("public_api.txt")
COMMAND = "PYTHONPATH=tests python -m support_house.public_api"
PACKAGES = ("clarify_cdk", "clarify_cdk.testing", "clarify_contract")
_PLAIN = (str, int, float, bool, type(None), tuple)


def public_api() -> str:
    """Return the text of what is public now."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in module.__all__:
            yield from _object(f"{package}.{name}", getattr(module, name))
    yield from _commands()
    yield from (f"cdk.json: {name}" for name in SETTINGS)
    yield from (f"finding: {entry.id} ({entry.severity})" for entry in catalogue())


def _object(name: str, given: Any) -> Iterator[str]:
    if not inspect.isclass(given):
        yield f"{name}{_parameters(given) if inspect.isfunction(given) else ''}"
        return
    yield f"{name}{_parameters(given.__init__)}"
    members: dict[str, Any] = {}
    for base in reversed(given.__mro__):
        if base.__module__.startswith("clarify_"):
            members |= {**dict.fromkeys(_attributes(base)), **vars(base)}
    for member, value in sorted(members.items()):
        if not member.startswith("_") and not member.startswith("model_"):
            function = getattr(value, "__func__", value)
            yield f"  .{member}{_parameters(function) if inspect.isfunction(function) else ''}"


def _attributes(given: type) -> Iterator[str]:
    """Yield what a class writes to ``self``."""
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(given)))):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def _parameters(function: Any) -> str:
    """Return names, kinds and plain defaults; types are mypy's to compare."""
    signature = inspect.signature(function)
    plain = [
        each.replace(annotation=each.empty, default=_default(each.default))
        for each in signature.parameters.values()
        if each.name not in ("self", "cls")
    ]
    return str(inspect.Signature(plain))


def _default(value: Any) -> Any:
    return value if value is inspect.Parameter.empty or isinstance(value, _PLAIN) else _Other()


class _Other:
    def __repr__(self) -> str:
        return "…"


def _commands() -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    for name, command in [("", group), *sorted(group.commands.items())]:
        yield f"clarify {name}".rstrip()
        for parameter in command.params:
            yield f"  {' '.join(parameter.opts)}"


if __name__ == "__main__":
    TEXT.write_text(public_api(), encoding="utf-8")
