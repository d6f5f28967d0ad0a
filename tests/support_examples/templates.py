"""The template of an example's stack, from its own app."""

from __future__ import annotations

import contextlib
import runpy
from pathlib import Path

from support_constructs.templates import Template, template_of


def example_template(folder: Path, stack: str) -> Template:
    """Run the app of an example in this process, and return the template of a stack."""
    with contextlib.chdir(folder):
        app = runpy.run_path("app.py")["app"]
        return template_of(app.node.find_child(stack))
