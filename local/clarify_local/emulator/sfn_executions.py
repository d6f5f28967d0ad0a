"""Executions that tasks and rules start: moto takes those without a name for one and the same.

Its task ``states:startExecution`` does not know how boto3 writes what the task's parameters name.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (  # noqa: E501
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from clarify_local.emulator.json_values import plain
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Give each execution a name of its own, as Step Functions does, and let tasks start them."""

    def start_execution(
        self: Any, state_machine_arn: str, name: str | None = None, *rest: Any, **more: Any
    ) -> Any:
        return moto_start_execution(
            self, state_machine_arn, name or str(uuid.uuid4()), *rest, **more
        )

    def eval_service_task(
        self: Any, env: Any, *, normalised_parameters: dict[str, Any], **more: Any
    ) -> None:
        given = {key[0].lower() + key[1:]: item for key, item in normalised_parameters.items()}
        moto_eval_service_task(self, env, normalised_parameters=given, **more)
        answer = plain(env.stack.pop())
        env.stack.append({key[0].upper() + key[1:]: item for key, item in answer.items()})

    moto_start_execution = replace(StepFunctionsParserBackend, "start_execution", start_execution)
    moto_eval_service_task = replace(StateTaskServiceSfn, "_eval_service_task", eval_service_task)
