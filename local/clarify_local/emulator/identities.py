"""Who calls, what its policies say, and how a service takes on a role."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from moto.iam.exceptions import NotFoundException
from moto.iam.models import Policy, Role, iam_backends
from moto.sts.models import sts_backends

from clarify_local.emulator.policy import Request, Statement, as_list, judge
from clarify_local.emulator.world import PARTITION, World

_session = boto3.Session()  # botocore's loaders are shared; making clients of it is not thread-safe
_making_clients = threading.Lock()


class NotTrusted(Exception):  # noqa: N818 - it reads as what happened
    """A role does not let this principal take it on, or there is no such role."""


@dataclass(frozen=True)
class Caller:
    """Who signed a request: the administrator, who may do everything, or a session of a role."""

    arn: str
    role: Role | None = None

    def may(self, world: World, request: Request) -> bool:
        """Tell whether the caller's own policies allow a request."""
        if self.role is None:
            return True
        return role_allows(world, self.role, request)


@dataclass(frozen=True)
class Credentials:
    """The keys of one session of a role."""

    access_key: str
    secret_key: str
    token: str

    def environment(self) -> dict[str, str]:
        """Return them as the variables that AWS SDKs read."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_SESSION_TOKEN": self.token,
        }


def find_caller(world: World, access_key: str) -> Caller | None:
    """Return whose access key it is; None if this emulator did not give it out."""
    if access_key == world.options.access_key:
        return Caller(f"arn:{PARTITION}:iam::{world.options.account}:user/administrator")
    session = sts_backends[world.options.account][PARTITION].get_assumed_role_from_access_key(
        access_key
    )
    if session is None:
        return None
    return Caller(session.arn, find_role(world, session.role_arn))


def find_role(world: World, role_arn: str) -> Role:
    """Return a role.

    Raises
    ------
    NotTrusted
        There is no such role.
    """
    try:
        return iam_backends[world.options.account][PARTITION].get_role_by_arn(role_arn)
    except NotFoundException as error:
        raise NotTrusted(f"there is no role {role_arn}") from error


def role_allows(world: World, role: Role, request: Request) -> bool:
    """Tell whether a role's inline and managed policies, and its boundary, allow a request."""
    note = world.controls.note
    world.controls.ask(role.arn, request.action, request.resource)
    documents = [*role.policies.values(), *map(_document, role.managed_policies.values())]
    if judge(_statements(documents), request, ignored=note) != "allowed":
        return False
    if not role.permissions_boundary_arn:
        return True
    policies = iam_backends[world.options.account][PARTITION].managed_policies
    boundary = policies.get(role.permissions_boundary_arn)
    if boundary is None:
        # moto takes any ARN. A stack names the boundary by an account's rule, and it is not here.
        note(f"the permissions boundary {role.permissions_boundary_arn}, which is not known here")
        return True
    return judge(_statements([_document(boundary)]), request, ignored=note) == "allowed"


def trusts(
    world: World, role: Role, kind: str, principals: set[str], source_arns: Sequence[str] = ()
) -> bool:
    """Tell whether a role's trust policy admits one of some principals of a kind (Service, AWS).

    ``source_arns`` are the resources that a service acts for; any of them may be the one.
    """
    context = {
        "aws:sourceaccount": (world.options.account,),
        "aws:principalaccount": (world.options.account,),
        "aws:sourcearn": tuple(source_arns),
        "sts:externalid": (),
    }
    statements = [
        statement
        for statement in _statements([role.assume_role_policy_document])
        if _names(statement.get("Principal", {}), kind) & (principals | {"*"})
    ]
    request = Request("sts:AssumeRole", role.arn, context)
    return judge(statements, request, ignored=world.controls.note) == "allowed"


def assume_as_service(
    world: World,
    role_arn: str,
    service: str,
    region: str,
    source_arns: Sequence[str],
) -> Credentials:
    """Do what AWS does when a service takes on a role: check its trust, hand out a session.

    Parameters
    ----------
    service
        Such as ``sagemaker.amazonaws.com``.
    source_arns
        What the service does it for, such as a job: the trust policy may name it.

    Raises
    ------
    NotTrusted
        There is no such role, or it does not name the service as a trusted principal.
    """
    role = find_role(world, role_arn)
    if not trusts(world, role, "Service", {service}, source_arns):
        raise NotTrusted(f"{service} may not assume {role_arn}")
    session = sts_backends[world.options.account][PARTITION].assume_role(
        region_name=region,
        role_session_name=service.partition(".")[0],
        role_arn=role_arn,
        policy="",
        duration=3600,
        external_id="",
    )
    return Credentials(session.access_key_id, session.secret_access_key, session.session_token)


def client(
    world: World, service: str, region: str, credentials: Credentials, *, validate: bool = True
) -> Any:
    """Return a boto3 client of this emulator that acts as a role. It never retries."""
    make_config: Any = Config  # the stubs do not know every setting
    config = make_config(
        retries={"total_max_attempts": 1},
        parameter_validation=validate,
        read_timeout=3600,
        s3={"addressing_style": "path"},
        # The client's own address and proxies stay out of it.
        ignore_configured_endpoint_urls=True,
        proxies={},
    )
    make: Any = _session.client  # the stubs want a literal for the service's name
    with _making_clients:
        return make(
            service,
            region_name=region,
            endpoint_url=world.endpoint,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.token,
            config=config,
        )


def _document(policy: Policy) -> Any:
    return next(version.document for version in policy.versions if version.is_default)


def _statements(documents: list[Any]) -> list[Statement]:
    parsed = [json.loads(doc) if isinstance(doc, (str, bytes)) else doc for doc in documents]
    return [statement for doc in parsed for statement in as_list(doc["Statement"])]


def _names(principal: Any, kind: str) -> set[str]:
    if principal == "*":
        return {"*"}
    return set(as_list(principal.get(kind, [])))
