"""The task ``states:startExecution`` with ``.sync`` or ``.sync:2``: it waits for another execution.

moto does so too, but writes names as boto3 does, cannot show the times of a failure, and lets the
other execution go on when the one that waits is aborted; Step Functions stops it then.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (  # noqa: E501
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped

from clarify_local.emulator.identities import client
from clarify_local.emulator.json_values import plain
from clarify_local.emulator.patching import replace
from clarify_local.emulator.sfn_clients import task_credentials
from clarify_local.emulator.world import World

Resolver = Callable[[], dict[str, Any] | None]


def install(world: World) -> None:
    """Put our waiting in the place of moto's."""

    def resolver(*, parse: bool) -> Callable[..., Resolver]:
        def build(
            self: Any, env: Any, resource_runtime_part: Any, state_credentials: Any, **_: Any
        ) -> Resolver:
            started, region = env.stack.pop()["ExecutionArn"], resource_runtime_part.region
            keys = task_credentials(world, state_credentials.role_arn, region)
            states = client(world, "stepfunctions", region, keys)
            self.stop_execution = lambda: states.stop_execution(executionArn=started)

            def resolve() -> dict[str, Any] | None:
                answer = states.describe_execution(executionArn=started)
                if answer["status"] == "RUNNING":
                    return None
                described = _described(answer, parse=parse)
                if answer["status"] != "SUCCEEDED":
                    raise FailureEventException(_failed(self, env, json.dumps(described)))
                return described

            return resolve

        return build

    def eval_sync(self: Any, env: Any, *args: Any, **kwargs: Any) -> Any:
        result = moto_eval_sync(self, env, *args, **kwargs)
        if isinstance(env.program_state(), ProgramStopped):
            try:
                self.stop_execution()
            except ClientError as error:  # a best effort, as AWS says
                world.controls.note(f"an execution was aborted, but not what it ran: {error}")
        return result

    moto_eval_sync = StateTaskServiceCallback._eval_sync
    StateTaskServiceSfn._eval_sync = eval_sync  # type: ignore[method-assign]
    replace(StateTaskServiceSfn, "_build_sync_resolver", resolver(parse=False))
    replace(StateTaskServiceSfn, "_build_sync2_resolver", resolver(parse=True))


def _described(answer: dict[str, Any], *, parse: bool) -> dict[str, Any]:
    """Return a description as the task's output; with ``.sync:2``, its texts of JSON are JSON."""
    described = {key[:1].upper() + key[1:]: item for key, item in plain(answer).items()}
    texts = [key for key in ("Input", "Output") if parse and key in described]
    return described | {key: json.loads(described[key]) for key in texts}


def _failed(task: Any, env: Any, cause: str) -> FailureEvent:
    error = StatesErrorNameType.StatesTaskFailed
    details: Any = {
        "taskFailedEventDetails": TaskFailedEventDetails(
            error=error.to_name(),
            cause=cause,
            resource=task._get_sfn_resource(),
            resourceType=task._get_sfn_resource_type(),
        )
    }
    return FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=error),
        event_type=HistoryEventType.TaskFailed,
        event_details=details,
    )
