"""A state machine: Standard, traced, and logged without what it carries."""

from __future__ import annotations

from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct


def standard_machine(scope: Construct, comment: str, first: sfn.IChainable) -> sfn.StateMachine:
    """Return the state machine whose first state is given, with everything behind it.

    Parameters
    ----------
    scope
        The construct that it belongs to; it gets ``StateMachine`` and ``LogGroup``.
    comment
        One line, the first of its definition.
    first
        The first state.
    """
    return sfn.StateMachine(
        scope,
        "StateMachine",
        comment=comment,
        definition_body=sfn.DefinitionBody.from_chainable(first),
        state_machine_type=sfn.StateMachineType.STANDARD,
        tracing_enabled=True,
        logs=sfn.LogOptions(
            destination=logs.LogGroup(scope, "LogGroup", retention=logs.RetentionDays.THREE_MONTHS),
            level=sfn.LogLevel.ALL,
            # It holds what is not ours to write down: a config, whose baselines are rows of data,
            # or the description of a job or a package.
            include_execution_data=False,
        ),
    )
