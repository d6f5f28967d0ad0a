"""IAM roles in CloudFormation: moto drops their managed policies, and nearly all of an update."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import Role, iam_backends

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import PARTITION, World


def install(world: World) -> None:
    """Let roles have what their templates say."""

    def create(
        cls: Any,
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Any:
        role = moto_create(resource_name, cloudformation_json, account_id, region_name, **kwargs)
        _attach(role, cloudformation_json["Properties"], account_id)
        return role

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
        role = original_resource
        role.assume_role_policy_document = json.dumps(properties["AssumeRolePolicyDocument"])
        role.description = properties.get("Description", "")
        role.max_session_duration = properties.get("MaxSessionDuration", 3600)
        # Policies of resources of their own stay: only those that the role itself names are its.
        for name in role.__dict__.pop("clarify_inline", ()):
            role.policies.pop(name, None)
        for policy in list(role.managed_policies.values()):
            policy.detach_from(role)
        _attach(role, properties, account_id)
        return role

    moto_create = replace(Role, "create_from_cloudformation_json", classmethod(create))
    replace(Role, "update_from_cloudformation_json", classmethod(update))


def _attach(role: Any, properties: Any, account_id: str) -> None:
    backend = iam_backends[account_id][PARTITION]
    for arn in properties.get("ManagedPolicyArns", []):
        backend.attach_role_policy(arn, role.name)
    inline = properties.get("Policies", [])
    for policy in inline:  # moto keeps the object, and shows Python's text of it
        role.put_policy(policy["PolicyName"], json.dumps(policy["PolicyDocument"]))
    role.clarify_inline = [policy["PolicyName"] for policy in inline]
