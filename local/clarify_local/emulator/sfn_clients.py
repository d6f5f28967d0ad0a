"""Tasks of a state machine call services with the state machine's role; moto's use made-up keys."""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from clarify_local.emulator.identities import Credentials, assume_as_service, client
from clarify_local.emulator.patching import replace_imported
from clarify_local.emulator.world import World

SERVICE = "states.amazonaws.com"


def task_credentials(world: World, role_arn: str, region: str) -> Credentials:
    """Take on the role of a state machine, for its tasks."""
    machines = stepfunctions_parser_backends[world.options.account][region].state_machines
    using = [machine.arn for machine in machines if machine.roleArn == role_arn]
    return assume_as_service(world, role_arn, SERVICE, region, using)


def install(world: World) -> None:
    """Put clients of the role in the place of moto's clients."""

    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        if state_credentials is None:
            raise ValueError(f"not emulated: a call of {service} without the state machine's role")
        credentials = task_credentials(world, state_credentials.role_arn, region)
        return client(world, service, region, credentials, validate=False)

    replace_imported(
        "moto.stepfunctions.parser",
        "boto_client_for",
        boto_client.boto_client_for,
        boto_client_for,
    )
