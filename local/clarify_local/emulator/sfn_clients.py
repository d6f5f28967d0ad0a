"""Tasks of a state machine call services with the state machine's role; moto's use made-up keys."""

from __future__ import annotations

from typing import Any

import moto.stepfunctions.parser.models  # noqa: F401 - loads every module that is changed below
from moto.stepfunctions.parser.asl.utils import boto_client

from clarify_local.emulator.identities import assume_as_service, client
from clarify_local.emulator.patching import replace_imported
from clarify_local.emulator.world import World

SERVICE = "states.amazonaws.com"


def install(world: World) -> None:
    """Put clients of the role in the place of moto's clients."""

    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        if state_credentials is None:
            raise ValueError(f"not emulated: a call of {service} without the state machine's role")
        credentials = assume_as_service(
            world, state_credentials.role_arn, SERVICE, "StepFunctions", region
        )
        return client(world, service, region, credentials, validate=False)

    replace_imported(
        "moto.stepfunctions.parser",
        "boto_client_for",
        boto_client.boto_client_for,
        boto_client_for,
    )
