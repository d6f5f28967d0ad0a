"""State machines in CloudFormation: moto makes them where nothing runs, without settings."""

from __future__ import annotations

import json
from typing import Any

from moto.stepfunctions import models
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Let state machines run, with logging, tracing and type as the template says."""

    def create(
        cls: Any,
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Any:
        properties = cloudformation_json["Properties"]
        backend = stepfunctions_parser_backends[account_id][region_name]
        return backend.create_state_machine(
            name=properties.get("StateMachineName", resource_name),
            definition=_definition(properties),
            roleArn=properties["RoleArn"],
            tags=[{"key": tag["Key"], "value": tag["Value"]} for tag in properties.get("Tags", [])],
            sm_type=properties.get("StateMachineType"),
            **_settings(properties),
        )

    def update(
        cls: Any,
        /,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Any:
        properties = cloudformation_json["Properties"]
        backend = stepfunctions_parser_backends[account_id][region_name]
        settings = _settings(properties)
        return backend.update_state_machine(
            original_resource.arn,
            definition=_definition(properties),
            role_arn=properties["RoleArn"],
            logging_configuration=settings["loggingConfiguration"],
            tracing_configuration=settings["tracingConfiguration"],
        )

    replace(models, "stepfunctions_backends", stepfunctions_parser_backends)
    replace(StateMachine, "create_from_cloudformation_json", classmethod(create))
    replace(StateMachine, "update_from_cloudformation_json", classmethod(update))


def _definition(properties: dict[str, Any]) -> str:
    if "DefinitionString" in properties:
        text = properties["DefinitionString"]
    elif "Definition" in properties:
        text = json.dumps(properties["Definition"])
    else:
        raise ValueError("not emulated: a state machine's DefinitionS3Location")
    for name, value in properties.get("DefinitionSubstitutions", {}).items():
        text = text.replace(f"${{{name}}}", str(value))
    return str(text)


def _settings(properties: dict[str, Any]) -> dict[str, Any]:
    logging = properties.get("LoggingConfiguration")
    tracing = properties.get("TracingConfiguration")
    return {
        "loggingConfiguration": _api_names(logging) if logging else {"level": "OFF"},
        "tracingConfiguration": _api_names(tracing) if tracing else {"enabled": False},
    }


def _api_names(value: Any) -> Any:
    """Return a template's structure with the API's names, which start in lower case."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _api_names(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_api_names(item) for item in value]
    return value
