"""EventBridge: what AWS's own services tell it, and state machines as what its rules start.

moto sends hardly any such event, and its rules do not know state machines as targets.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import utcnow
from moto.events.models import Rule, events_backends

from clarify_local.emulator.identities import NotTrusted, assume_as_service, client
from clarify_local.emulator.world import World

_SERVICE = "events.amazonaws.com"
_NAME = re.compile(r"<([^<>]+)>")
_TEXT_OR_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]+>')


def send(
    world: World,
    *,
    source: str,
    detail_type: str,
    resources: Sequence[str],
    detail: Mapping[str, Any],
    region: str,
) -> None:
    """Send an event of a service to every rule of the default bus that asks for it."""
    event: Any = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": world.options.account,
        "time": utcnow().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": list(resources),
        "detail": dict(detail),
    }
    buses = events_backends[world.options.account][region].event_buses
    for rule in list(buses["default"].rules.values()):
        pattern = rule.event_pattern
        if rule.state == "ENABLED" and pattern.get_pattern() and pattern.matches_event(event):
            for target in rule.targets:
                start_target(world, rule, target, event)


def target_input(target: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Return what a target gets: a text of its own, a filled template, the event or a part of it.

    A name in a template stands for a value as JSON, or inside of a text for its characters.
    """
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_at(event, target["InputPath"]))
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(event)
    paths: Mapping[str, str] = transformer.get("InputPathsMap", {})

    def filled(match: re.Match[str]) -> str:
        if not match[0].startswith('"'):
            return json.dumps(_at(event, paths[match[0][1:-1]]))
        return _NAME.sub(lambda name: str(_at(event, paths[name[1]])), match[0])

    return _TEXT_OR_NAME.sub(filled, transformer["InputTemplate"])


def _at(event: Mapping[str, Any], path: str) -> Any:
    keys = path.split(".")[1:]  # "$" itself stands for the whole event
    return reduce(lambda found, key: found[key], keys, event)


def start_target(
    world: World, rule: Rule, target: Mapping[str, Any], event: Mapping[str, Any]
) -> None:
    """Start a state machine as the target's role.

    What cannot be started is told: EventBridge would try again for a day, without a word.
    """
    if ":states:" not in target["Arn"]:
        world.controls.note(f"the rule {rule.name} has a target that gets no events here")
        return
    try:
        keys = assume_as_service(world, target["RoleArn"], _SERVICE, event["region"], [rule.arn])
        client(world, "stepfunctions", event["region"], keys).start_execution(
            stateMachineArn=target["Arn"], input=target_input(target, event)
        )
    except (ClientError, NotTrusted) as error:
        world.controls.note(f"the rule {rule.name} could not start its target: {error}")
