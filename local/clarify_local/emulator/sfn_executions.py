"""Executions that tasks and rules start: moto takes those without a name for one and the same.

Its task ``states:startExecution`` does not know how boto3 writes what the task's parameters name.
It gives whole histories only, from their start. EventBridge does not hear how an execution ends. An
aborted one whose last task fails later on counts as failed.
"""

from __future__ import annotations

import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (  # noqa: E501
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from clarify_local.emulator import events
from clarify_local.emulator.json_values import first_capital, first_small, plain
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Give each execution a name of its own, let tasks start them, and tell how they end."""

    def start_execution(
        self: Any, state_machine_arn: str, name: str | None = None, *rest: Any, **more: Any
    ) -> Any:
        return moto_start_execution(
            self, state_machine_arn, name or str(uuid.uuid4()), *rest, **more
        )

    def eval_service_task(
        self: Any, env: Any, *, normalised_parameters: dict[str, Any], **more: Any
    ) -> None:
        given = first_small(normalised_parameters)
        moto_eval_service_task(self, env, normalised_parameters=given, **more)
        env.stack.append(first_capital(plain(env.stack.pop())))

    def get_execution_history(self: Any) -> ActionResult:
        arn = self._get_param("executionArn")
        found = list(self.stepfunction_backend.get_execution_history(arn)["events"])
        if self._get_param("reverseOrder"):
            found.reverse()
        # Where there are more, AWS gives a token besides; nothing here asks for the rest.
        return ActionResult({"events": found[: self._get_param("maxResults") or len(found)]})

    def set_error(self: Any, error: Any) -> None:
        if not isinstance(self.program_state(), ProgramStopped):
            moto_set_error(self, error)

    def terminated(self: Any) -> None:
        moto_terminated(self)
        _tell_end(world, self.execution)

    moto_start_execution = replace(StepFunctionsParserBackend, "start_execution", start_execution)
    moto_eval_service_task = replace(StateTaskServiceSfn, "_eval_service_task", eval_service_task)
    replace(StepFunctionResponse, "get_execution_history", get_execution_history)
    moto_set_error = replace(Environment, "set_error", set_error)
    moto_terminated = replace(BaseExecutionWorkerCommunication, "terminated", terminated)


def _tell_end(world: World, execution: Any) -> None:
    described = plain(dict(execution.to_describe_output()))
    events.send(
        world,
        source="aws.states",
        detail_type="Step Functions Execution Status Change",
        resources=[execution.exec_arn],
        detail={"output": None, "error": None, "cause": None, **described},
        region=execution.region_name,
    )
