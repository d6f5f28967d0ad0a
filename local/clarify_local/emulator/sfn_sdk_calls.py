"""The tasks ``aws-sdk:…``: moto leaves times in their answers, which no execution can show then.

Nor does it know that Step Functions writes every name with a capital, also where boto3 does not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk as sdk,
)

from clarify_local.emulator.json_values import first_capital, first_small, plain
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Let answers be JSON, and errors have the service's name."""

    def eval_service_task(
        self: Any, env: Any, *, normalised_parameters: dict[str, Any], **more: Any
    ) -> None:
        small = self.resource.api_name.lower() == "sfn"
        given = first_small(normalised_parameters) if small else normalised_parameters
        moto_eval_service_task(self, env, normalised_parameters=given, **more)
        answer = plain(env.stack.pop(), time=_iso)
        env.stack.append(first_capital(answer) if small else answer)

    moto_eval_service_task = replace(
        sdk.StateTaskServiceAwsSdk, "_eval_service_task", eval_service_task
    )
    sdk._SERVICE_ERROR_NAMES["sagemaker"] = "SageMaker"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
