"""Events that a program puts onto a bus reach state machines too, and disabled rules hear nothing.

moto fails the whole call where a rule has a state machine as its target, does not ask whether a
rule is enabled, and gives no name to a bus of a stack.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.events.models import EventBus, Rule

from clarify_local.emulator.events import start_target
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Send each target what it asks for, in a way of its own."""

    def send_to_targets(self: Any, event: Mapping[str, Any], transform_input: bool = True) -> None:
        if self.state != "ENABLED" or not self.event_pattern.matches_event(event):
            return
        for target in self.targets:
            if ":states:" in target["Arn"]:
                start_target(world, self, target, _as_sent(event))
            else:
                alone = copy.copy(self)
                alone.targets = [target]
                moto_send_to_targets(alone, copy.deepcopy(event), transform_input)

    moto_send_to_targets = replace(Rule, "send_to_targets", send_to_targets)
    # Read where there is one; moto has none for buses.
    EventBus.physical_resource_id = property(lambda self: self.name)  # type: ignore[attr-defined]


def _as_sent(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return moto's record as EventBridge sends it."""
    sent = {key: value for key, value in event.items() if key != "ingestion-time"}
    moment = datetime.fromtimestamp(float(event["time"]), UTC)
    return {**sent, "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
