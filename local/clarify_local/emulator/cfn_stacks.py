"""CloudFormation: what moto gets wrong with stacks and change sets as the CDK CLI uses them.

Stacks made through a change set had no outputs, and neither made nor saw exports; change sets were
found by their name alone, and the CLI names all of its alike; a failure inside was a bare 500 that
left the stack half-made; resource types that moto does not know were skipped without a word.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet, CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult

from clarify_local.emulator.errors import ServiceError
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World

_METADATA = "AWS::CDK::Metadata"


def install(world: World) -> None:
    """Mend change sets, outputs, failures and updates."""
    _install_change_sets()
    _install_execution(world)
    _install_resources(world)


def _install_change_sets() -> None:
    def find(self: Any) -> str | None:
        name, stack = self._get_param("ChangeSetName"), self._get_param("StackName")
        found = [
            change_set_id
            for change_set_id, change_set in self.cloudformation_backend.change_sets.items()
            if name in (change_set_id, change_set.change_set_name)
            and (not stack or stack in (change_set.stack.name, change_set.stack.stack_id))
        ]
        return found[-1] if found else None

    def required(self: Any) -> str:
        found = find(self)
        if found is None:
            raise ServiceError(
                "ChangeSetNotFound",
                f"ChangeSet [{self._get_param('ChangeSetName')}] does not exist",
            )
        return found

    def delete_change_set(self: Any) -> EmptyResult:
        if found := find(self):
            self.cloudformation_backend.delete_change_set(found)
        return EmptyResult()

    def describe_change_set(self: Any) -> ActionResult:
        return ActionResult(self.cloudformation_backend.describe_change_set(required(self)))

    def execute_change_set(self: Any) -> EmptyResult:
        self.cloudformation_backend.execute_change_set(
            change_set_name=required(self), stack_name=self._get_param("StackName")
        )
        return EmptyResult()

    replace(CloudFormationResponse, "delete_change_set", delete_change_set)
    replace(CloudFormationResponse, "describe_change_set", describe_change_set)
    replace(CloudFormationResponse, "execute_change_set", execute_change_set)


def _install_execution(world: World) -> None:
    def apply(self: Any) -> None:
        self.stack.template = self.template
        self.stack._parse_template()
        moto_apply(self)
        self.stack.output_map = self.stack._create_output_map()

    def execute_change_set(self: Any, change_set_name: str, stack_name: str | None = None) -> None:
        change_set = self.change_sets[change_set_name]
        stack = self.stacks[change_set.stack_id]
        stack.cross_stack_resources = stack.resource_map.cross_stack_resources = self.exports
        try:
            moto_execute(self, change_set_name, stack_name)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            _fail(stack, change_set, _reason(error))
        else:
            self.exports.update({export.name: export for export in stack.exports})

    def create_stack(self: Any, *args: Any, **kwargs: Any) -> Any:
        with _explained():
            return moto_create_stack(self, *args, **kwargs)

    def delete_stack(self: Any, name_or_stack_id: str) -> None:
        with _explained():
            moto_delete_stack(self, name_or_stack_id)

    moto_apply = replace(ChangeSet, "apply", apply)
    moto_execute = replace(CloudFormationBackend, "execute_change_set", execute_change_set)
    moto_create_stack = replace(CloudFormationBackend, "create_stack", create_stack)
    moto_delete_stack = replace(CloudFormationBackend, "delete_stack", delete_stack)


def _fail(stack: Any, change_set: Any, reason: str) -> None:
    """Leave a stack as CloudFormation leaves one whose creation or update failed."""
    change_set.execution_status = "EXECUTE_FAILED"
    created = change_set.change_set_type == "CREATE"
    stack._add_stack_event("CREATE_FAILED" if created else "UPDATE_FAILED", reason)
    stack.stack_status_reason = reason
    if not created:  # what was there before is not restored here
        stack.status = "UPDATE_ROLLBACK_FAILED"
    else:
        try:
            stack.resource_map.delete()
            stack.status = "ROLLBACK_COMPLETE"
        except Exception:
            traceback.print_exc(file=sys.stderr)
            stack.status = "ROLLBACK_FAILED"
    stack._add_stack_event(stack.status, reason)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn a failure inside into an answer that says what failed."""
    try:
        yield
    except ServiceException:
        raise
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        raise ServiceError("ValidationError", _reason(error)) from error


def _reason(error: Exception) -> str:
    text = getattr(error, "message", None) or getattr(error, "description", None) or str(error)
    return "; ".join([f"{type(error).__name__}: {text}", *getattr(error, "__notes__", ())])


def _install_resources(world: World) -> None:
    def find_class(resource_type: str) -> Any:
        if resource_type == _METADATA:
            return None
        known = (*parsing.get_model_map(), *parsing.NULL_MODELS)
        if resource_type not in known and not resource_type.startswith("Custom::"):
            # Not asked of moto, which would also warn in the log: that is for failures.
            world.controls.note(f"resource type {resource_type} is not emulated")
            return None
        return moto_find_class(resource_type)

    def parse(resource_json: dict[str, Any], resources_map: Any) -> Any:
        if find_class(resource_json["Type"]) is None:
            return None  # moto would also warn, on a stream that nobody reads
        return moto_parse(resource_json, resources_map)

    def create(logical_id: str, resource_json: dict[str, Any], *rest: Any, **named: Any) -> Any:
        try:
            return moto_create(logical_id, resource_json, *rest, **named)
        except Exception as error:
            error.add_note(f"creating {logical_id} ({resource_json['Type']})")
            raise

    def update(
        logical_id: str, resource_json: dict[str, Any], resources_map: Any, **named: Any
    ) -> Any:
        before = resources_map._parsed_resources.get(logical_id)
        if before is None:  # of a type that is not emulated
            return None
        after = moto_update(logical_id, resource_json, resources_map, **named)
        if after is None:  # moto would forget the resource
            world.controls.note(f"updating {resource_json['Type']} is not emulated")
            return before
        return after

    def diff(self: Any, other_template: dict[str, Any], parameters: Any = None) -> Any:
        names = moto_diff(self, other_template, parameters)
        names["Add"] = _in_order(names["Add"], other_template["Resources"])
        return names

    def clean(part: Any, resources_map: Any) -> Any:
        cleaned = moto_clean(part, resources_map)
        if isinstance(part, list):  # AWS::NoValue takes an item out of its list
            return [item for item in cleaned if item is not None]
        return cleaned

    def parse_ssm_parameter(self: Any, value: str, value_type: str) -> Any:
        try:
            return moto_parse_ssm(self, value, value_type)
        except AttributeError:  # UsePreviousValue hands in what was looked up before
            return value

    moto_find_class = replace(parsing, "resource_class_from_type", parsing.resource_class_from_type)
    moto_parse = replace(parsing, "parse_resource", parse)
    moto_create = replace(parsing, "parse_and_create_resource", create)
    moto_update = replace(parsing, "parse_and_update_resource", update)
    moto_diff = replace(ResourceMap, "build_resource_diff", diff)
    moto_clean = replace(parsing, "clean_json", clean)
    moto_parse_ssm = replace(ResourceMap, "parse_ssm_parameter", parse_ssm_parameter)
    replace(parsing, "resource_class_from_type", find_class)


def _in_order(names: list[str], resources: dict[str, Any]) -> list[str]:
    """Return names so that each comes after those it depends on by DependsOn."""
    ordered: dict[str, None] = {}

    def add(name: str) -> None:
        if name in ordered or name not in names:
            return
        depends = resources[name].get("DependsOn", [])
        for other in [depends] if isinstance(depends, str) else depends:
            add(other)
        ordered[name] = None

    for name in names:
        add(name)
    return list(ordered)
