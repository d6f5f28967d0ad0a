"""The templates of an example's stacks, from its own app."""

from __future__ import annotations

import contextlib
import runpy
from pathlib import Path

from clarify_cdk.testing.readable import readable
from support_constructs.templates import Template


def example_templates(folder: Path) -> dict[str, Template]:
    """Run the app of an example in this process, and return the template of each stack."""
    with contextlib.chdir(folder):
        app = runpy.run_path("app.py")["app"]
    return {stack.stack_name: Template(readable(stack.template)) for stack in app.synth().stacks}
