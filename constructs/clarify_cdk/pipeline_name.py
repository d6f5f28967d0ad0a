"""The name by which people and metrics know a pipeline: its stack's, and its path within."""

from __future__ import annotations

import re

from aws_cdk import Stack, Token
from constructs import Construct

_OTHER = re.compile(r"[^A-Za-z0-9 ._/-]")


def pipeline_name(pipeline: Construct) -> str:
    """Return ``<stack name>/<path in the stack>``: no other pipeline of the Region has it.

    It holds ASCII only, and nothing that needs an escape in a message, a metric or a search.
    """
    stack = Stack.of(pipeline)
    # CloudFormation makes up the name of a nested stack.
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    first = stack.node.path if Token.is_unresolved(stack.stack_name) else stack.stack_name
    inner = pipeline.node.path.removeprefix(f"{stack.node.path}/")
    return _OTHER.sub("-", f"{first}/{inner}")
