"""Functions in CloudFormation: moto drops where they log to, and their tracing.

The ARN that it gives of a log group has no ``:*`` at its end, so that a right to that ARN, as CDK
grants it, allowed nothing in the group's streams.
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.logs.models import LogGroup

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Let functions keep what moto drops."""

    def create(
        cls: Any, /, resource_name: str, cloudformation_json: Any, *rest: Any, **kwargs: Any
    ) -> Any:
        function = moto_create(resource_name, cloudformation_json, *rest, **kwargs)
        return _complete(function, cloudformation_json["Properties"])

    def update(
        cls: Any,
        /,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Any:
        function = moto_update(
            original_resource, new_resource_name, cloudformation_json, account_id, region_name
        )
        return _complete(function, cloudformation_json["Properties"])

    def get_cfn_attribute(self: Any, attribute_name: str) -> str:
        value = str(moto_get_cfn_attribute(self, attribute_name))
        return f"{value}:*" if attribute_name == "Arn" else value

    moto_get_cfn_attribute = replace(LogGroup, "get_cfn_attribute", get_cfn_attribute)
    moto_create = replace(LambdaFunction, "create_from_cloudformation_json", classmethod(create))
    moto_update = replace(LambdaFunction, "update_from_cloudformation_json", classmethod(update))


def _complete(function: Any, properties: dict[str, Any]) -> Any:
    group = properties.get("LoggingConfig", {}).get("LogGroup")
    function.logs_group_name = group or f"/aws/lambda/{function.function_name}"
    function.tracing_config = properties.get("TracingConfig", {"Mode": "PassThrough"})
    return function
