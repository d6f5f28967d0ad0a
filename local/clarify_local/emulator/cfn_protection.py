"""Termination protection of stacks, which moto neither sets nor heeds.

The CDK CLI sets it after the deployment, in a call of its own.
"""

from __future__ import annotations

from typing import Any

from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult

from clarify_local.emulator.errors import ServiceError
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Let stacks be protected, and refuse to delete those that are."""

    def update_termination_protection(self: Any) -> ActionResult:
        stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
        stack.enable_termination_protection = self._get_bool_param("EnableTerminationProtection")
        return ActionResult({"StackId": stack.stack_id})

    def delete_stack(self: Any, name_or_stack_id: str) -> None:
        for stack in self.stacks.values():
            if name_or_stack_id in (stack.name, stack.stack_id):
                _refuse_if_protected(stack)
        moto_delete_stack(self, name_or_stack_id)

    # New to moto: there is nothing to replace.
    CloudFormationResponse.update_termination_protection = (  # type: ignore[attr-defined]
        update_termination_protection
    )
    moto_delete_stack = replace(CloudFormationBackend, "delete_stack", delete_stack)


def _refuse_if_protected(stack: Any) -> None:
    if stack.enable_termination_protection:
        raise ServiceError(
            "ValidationError",
            f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled",
        )
