"""EventBridge hears of a job's changes: ``SageMaker Processing Job State Change``.

moto sends no such event, and its rules do not know state machines as targets.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from functools import reduce
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import utcnow
from moto.events.models import Rule, events_backends

from clarify_local.emulator.identities import NotTrusted, assume_as_service, client
from clarify_local.emulator.json_values import plain
from clarify_local.emulator.world import World

DETAIL_TYPE = "SageMaker Processing Job State Change"
_SERVICE = "events.amazonaws.com"
_NAME = re.compile(r"<([^<>]+)>")
_TEXT_OR_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]+>')


def send(world: World, job: Any, status: str, region: str) -> None:
    """Send a job's new status to every rule of the default bus that asks for it.

    Parameters
    ----------
    job
        moto's record; all but its status is as it shall be told.
    """
    event: Any = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": DETAIL_TYPE,
        "source": "aws.sagemaker",
        "account": world.options.account,
        "time": utcnow().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [job.arn],
        "detail": {**plain(job.response_object), "ProcessingJobStatus": status},
    }
    buses = events_backends[world.options.account][region].event_buses
    for rule in list(buses["default"].rules.values()):
        pattern = rule.event_pattern
        if rule.state == "ENABLED" and pattern.get_pattern() and pattern.matches_event(event):
            for target in rule.targets:
                _start(world, rule, target, event)


def target_input(target: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Return what a target gets: a text of its own, a filled template, or the event.

    A name in a template stands for a value as JSON, or inside of a text for its characters.
    """
    if "Input" in target:
        return str(target["Input"])
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(event)
    paths: Mapping[str, str] = transformer.get("InputPathsMap", {})

    def value(name: str) -> Any:
        keys = paths[name].removeprefix("$.").split(".")
        return reduce(lambda found, key: found[key], keys, event)

    def filled(match: re.Match[str]) -> str:
        if not match[0].startswith('"'):
            return json.dumps(value(match[0][1:-1]))
        return _NAME.sub(lambda name: str(value(name[1])), match[0])

    return _TEXT_OR_NAME.sub(filled, transformer["InputTemplate"])


def _start(world: World, rule: Rule, target: Mapping[str, Any], event: Mapping[str, Any]) -> None:
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
