"""State machines that wait less: a retry after a minute need not take a minute here."""

from __future__ import annotations

import time
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (
    WaitFunction,
)

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World

_LOOK_SECONDS = 0.1


def install(world: World) -> None:
    """Let retries and Wait states take ``Controls.waiting_factor`` of their time."""

    class Clock:
        def sleep(self, seconds: float) -> None:
            time.sleep(seconds * world.controls.waiting_factor)

    def wait_interval(self: Any, env: Any, wait_seconds: float) -> None:
        end = time.monotonic() + wait_seconds * world.controls.waiting_factor
        while env.is_running() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_SECONDS))

    replace(retrier_decl, "time", Clock())
    replace(WaitFunction, "_wait_interval", wait_interval)
