"""Asks, before moto answers a request, whether its caller may make it.

Keys that this emulator did not give out are refused always. Permissions are judged once
``enforce_iam`` is on. Signatures are not verified: whoever reaches the port could read the keys.
CloudFormation makes resources without asking for the permissions of its role.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import ActionResult
from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import S3AccessDeniedError, S3InvalidAccessKeyIdError
from moto.s3.models import FakeBucket
from werkzeug.exceptions import HTTPException

from clarify_local.emulator.errors import ServiceError
from clarify_local.emulator.identities import Caller, find_caller, find_role, trusts
from clarify_local.emulator.network_paths import Service, missing_path
from clarify_local.emulator.patching import replace
from clarify_local.emulator.permissions import Call, permissions
from clarify_local.emulator.permissions_s3 import (
    bucket_policy_says,
    hides_missing_key,
    s3_permissions,
)
from clarify_local.emulator.permissions_sagemaker import Permission
from clarify_local.emulator.policy import Request
from clarify_local.emulator.world import World

_DENIED_CODES = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
_QUERY_SERVICES = ("cloudformation", "iam", "sts", "elasticloadbalancing", "autoscaling")


class Refusal(HTTPException):
    """An answer in the called service's own protocol that ends a request."""

    def __init__(self, response: Any, code: str, message: str) -> None:
        status, _, body = response.serialized(ActionResult(ServiceError(code, message)))
        super().__init__(description=body.decode() if isinstance(body, bytes) else body)
        self.code = 403 if status < 400 or code in _DENIED_CODES.values() else status


def install(world: World) -> None:
    """Put our judgement in the place of moto's."""

    def authorize(self: Any, resource: str = "*") -> None:
        service = _service(self)
        caller = find_caller(world, self.access_key)
        if caller is None:
            code = (
                "UnrecognizedClientException" if _speaks_json(service) else "InvalidClientTokenId"
            )
            raise Refusal(self, code, "The security token included in the request is invalid.")
        action = self._get_action()
        if service == "sagemaker":
            _check_network(world, self.access_key, self.region, action)
        if not world.controls.enforce_iam:
            return
        call = Call(
            service, action, _parameters(self), self.path, self.region, self.current_account
        )
        if (service, call.action) == ("sts", "GetCallerIdentity"):
            return  # nobody can be denied this
        for permission in permissions(call):
            if not caller.may(world, as_request(world, permission, call.region)):
                raise Refusal(self, _denied_code(service), denial(caller, permission))
        if call.action == "AssumeRole":
            _check_trust(world, self, caller, str(call.parameters.get("RoleArn")))

    def authorize_s3(
        self: Any, bucket_name: str | None = None, key_name: str | None = None
    ) -> None:
        caller = find_caller(world, self.access_key)
        if caller is None:
            raise S3InvalidAccessKeyIdError()
        if not world.controls.enforce_iam:
            return
        action = str(self._get_action())
        needed = s3_permissions(world, action, bucket_name, key_name, self)
        if action == "GetObject" and (extra := hides_missing_key(world, bucket_name, key_name)):
            needed.append(extra)
        for permission in needed:
            request = as_request(world, permission, self.region)
            said = bucket_policy_says(world, bucket_name, caller, request)
            if said == "denied" or (said == "silent" and not caller.may(world, request)):
                raise S3AccessDeniedError()

    replace(ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action", authorize)
    replace(ActionAuthenticatorMixin, "_authenticate_and_authorize_s3_action", authorize_s3)
    # moto asks bucket policies a second time, and takes a TLS-only one for a denial of all.
    replace(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)


def as_request(world: World, permission: Permission, region: str) -> Request:
    """Complete a permission with the condition keys that every request has.

    Loopback counts as TLS: a real client would have used it.
    """
    account = world.options.account
    context = {
        "aws:securetransport": ("true",),
        "aws:requestedregion": (region,),
        "aws:principalaccount": (account,),
        "aws:resourceaccount": (account,),
        "aws:calledvia": (),
        "iam:passedtoservice": (),
        **permission.context,
    }
    return Request(permission.action, permission.resource, context)


def denial(caller: Caller, permission: Permission) -> str:
    """Return AWS's words for a missing permission."""
    return (
        f"User: {caller.arn} is not authorized to perform: {permission.action} on resource:"
        f" {permission.resource} because no identity-based policy allows the"
        f" {permission.action} action"
    )


def _check_trust(world: World, response: Any, caller: Caller, role_arn: str) -> None:
    role = find_role(world, role_arn)
    account = world.options.account
    principals = {caller.arn, account, f"arn:aws:iam::{account}:root"}
    if caller.role is not None:
        principals.add(caller.role.arn)
    if not trusts(world, role, "AWS", principals):
        permission = Permission("sts:AssumeRole", role_arn)
        raise Refusal(response, "AccessDenied", denial(caller, permission))


def _check_network(world: World, access_key: str, region: str, action: str) -> None:
    network = world.networks.get(access_key)
    service: Service = "sagemaker.runtime" if "InvokeEndpoint" in action else "sagemaker.api"
    if missing := missing_path(world, network, region, service):
        world.controls.note(missing)
        raise ConnectionAbortedError(missing)


def _service(response: Any) -> str:
    """Return the service's prefix in IAM actions."""
    scope = str(response.headers.get("Authorization", "")).partition("Credential=")[2].split("/")
    return scope[3] if len(scope) > 4 else str(response.service_name)


def _speaks_json(service: str) -> bool:
    return service not in (*_QUERY_SERVICES, "ec2", "sns")


def _denied_code(service: str) -> str:
    if service in _DENIED_CODES:
        return _DENIED_CODES[service]
    return "AccessDeniedException" if _speaks_json(service) else "AccessDenied"


def _parameters(response: Any) -> dict[str, Any]:
    text = response.body
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    if text and text.lstrip().startswith("{"):
        try:
            parsed = json.loads(text)
        except ValueError:  # not the service's own JSON, such as the body of InvokeEndpoint
            parsed = None
        if isinstance(parsed, dict):
            return parsed
    return {name: values[0] for name, values in (response.querystring or {}).items() if values}
