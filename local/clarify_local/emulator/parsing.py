"""Templates and definitions, parsed as fast as may be: moto takes most of a deployment for it.

It reads a template as YAML, in Python, also where it is JSON. It parses a state machine's
definition when that is checked, when the machine is made, and each time it is started.
"""

from __future__ import annotations

import json
from typing import Any

from moto.cloudformation.models import ChangeSet, Stack
from moto.stepfunctions.parser.asl.antlr.runtime.ASLParser import ASLParser

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Read JSON as JSON, and parse each definition once."""
    _install_templates()
    _install_definitions()


def _install_templates() -> None:
    def parse_template(template: str) -> Any:
        try:
            return json.loads(template)
        except ValueError:
            return moto_parse_template(template)

    def parse_own_template(self: Any) -> None:
        self.template_dict = parse_template(self.template)

    moto_parse_template = replace(Stack, "parse_template", staticmethod(parse_template))
    replace(ChangeSet, "_parse_template", parse_own_template)


def _install_definitions() -> None:
    trees: dict[str, Any] = {}

    def state_machine(self: Any) -> Any:
        """Return the syntax tree, which is only read: what is executed is made of it anew."""
        definition = self.getTokenStream().tokenSource.inputStream.strdata
        if (known := trees.get(definition)) is not None:
            return known
        tree = moto_state_machine(self)
        if not self.getNumberOfSyntaxErrors():  # they are told to this parser's listener only
            trees[definition] = tree
        return tree

    moto_state_machine = replace(ASLParser, "state_machine", state_machine)
