"""What Step Functions checks of a definition when a state machine is made, and moto does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from clarify_local.emulator.errors import ServiceError
from clarify_local.emulator.patching import replace
from clarify_local.emulator.sfn_rights import (
    EXECUTION_RULE,
    JOB_RULE,
    missing_log_right,
    missing_rule_right,
)
from clarify_local.emulator.shapes import input_shape
from clarify_local.emulator.world import World

_JOB = "states:::sagemaker:createProcessingJob"
_RULES = {
    f"{_JOB}.sync": JOB_RULE,
    "states:::states:startExecution.sync": EXECUTION_RULE,
    "states:::states:startExecution.sync:2": EXECUTION_RULE,
}


def install(world: World) -> None:
    """Check definitions and the rights of their roles."""

    def check(backend: Any, definition: str | None, role_arn: str, logging: Any) -> None:
        logs = (logging or {}).get("level", "OFF") != "OFF"
        if logs and (denied := missing_log_right(world, role_arn, backend.region_name)):
            raise ServiceError("AccessDeniedException", denied)
        if definition is None:
            return
        states = list(_states(json.loads(definition)))
        problems = [problem for path, state in states for problem in _problems(path, state)]
        if problems:
            raise ServiceError(
                "InvalidDefinition", f"Invalid State Machine Definition: '{', '.join(problems)}'"
            )
        resources = [str(state.get("Resource", "")) for _, state in states]
        for waiting, rule in _RULES.items():
            if not any(resource.endswith(waiting) for resource in resources):
                continue
            if denied := missing_rule_right(world, role_arn, backend.region_name, rule):
                raise ServiceError("AccessDeniedException", denied)

    def create(self: Any, name: str, definition: str, roleArn: str, **rest: Any) -> Any:  # noqa: N803
        moto_validate(definition=definition)
        check(self, definition, roleArn, rest.get("loggingConfiguration"))
        return moto_create(self, name=name, definition=definition, roleArn=roleArn, **rest)

    def update(
        self: Any, arn: str, definition: Any = None, role_arn: Any = None, **rest: Any
    ) -> Any:
        if definition is not None:
            moto_validate(definition=definition)
        role = role_arn or self.describe_state_machine(arn).roleArn
        check(self, definition, role, rest.get("logging_configuration"))
        return moto_update(self, arn, definition, role_arn, **rest)

    moto_validate = StepFunctionsParserBackend._validate_definition
    moto_create = replace(StepFunctionsParserBackend, "create_state_machine", create)
    moto_update = replace(StepFunctionsParserBackend, "update_state_machine", update)


def _states(machine: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each state with its path, those of Parallel and Map included."""
    states = machine.get("States", {})
    for name, state in states.items():
        here = f"{path}/States/{name}"
        yield here, {**state, "_siblings": set(states)}
        inner = [*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")]
        for part in inner:
            if part:
                yield from _states(part, here)


def _problems(path: str, state: dict[str, Any]) -> Iterator[str]:
    targets = [state.get("Next"), state.get("Default")]
    targets += [rule.get("Next") for rule in (*state.get("Choices", ()), *state.get("Catch", ()))]
    for target in targets:
        if target is not None and target not in state["_siblings"]:
            yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {path}"
    resource = str(state.get("Resource", ""))
    if _JOB not in resource:
        return
    if resource.endswith(".waitForTaskToken"):
        yield f"SCHEMA_VALIDATION_FAILED: {resource} is not supported at {path}/Resource"
    shape = input_shape("sagemaker", "CreateProcessingJob")
    block = "Parameters" if "Parameters" in state else "Arguments"
    for field in _unknown_fields(shape, state.get(block, {}), f"{path}/{block}"):
        yield f"SCHEMA_VALIDATION_FAILED: {field}"


def _unknown_fields(shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, item in value.items():
            name = key.removesuffix(".$")
            if name not in shape.members:
                yield f"The field '{name}' is not supported by Step Functions at {path}"
            elif not key.endswith(".$"):
                yield from _unknown_fields(shape.members[name], item, f"{path}/{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown_fields(shape.member, item, f"{path}[{index}]")
