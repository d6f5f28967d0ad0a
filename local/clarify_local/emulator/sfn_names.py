"""Executions that are started without a name: moto takes them all for one and the same."""

from __future__ import annotations

import uuid
from typing import Any

from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Give each of them a name of its own, as Step Functions does."""

    def start_execution(
        self: Any, state_machine_arn: str, name: str | None = None, *rest: Any, **more: Any
    ) -> Any:
        return moto_start_execution(
            self, state_machine_arn, name or str(uuid.uuid4()), *rest, **more
        )

    moto_start_execution = replace(StepFunctionsParserBackend, "start_execution", start_execution)
