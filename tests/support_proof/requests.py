"""Every request of the matrix with the answer that it must get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from support_proof.account import Account, Document
from support_proof.callers import Caller
from support_proof.calls import Call, Context
from support_proof.configurations import CONFIGURATIONS
from support_proof.deployments import callers, deployments
from support_proof.neighbours import Neighbour, neighbours

#: A pipeline's own call, in the words of `Request.kind`.
OWN = "its own calls"
TAKEN_ON, NOT_TAKEN_ON = "the service takes it on", "anybody else takes it on"


@dataclass(frozen=True)
class Request:
    """One request, everything that decides about it, and how it must end.

    Attributes
    ----------
    configuration, title
        Which of whose roles.
    kind
        `OWN`, or one of `neighbours.KINDS`, or `TAKEN_ON` or `NOT_TAKEN_ON`.
    allowed
        Whether it must be allowed.
    principal
        ARN of the role, or the service that wants to take one on.
    owner
        The account of the resource.
    identity, boundary, resource_policy, door
        The policies; None where there is none.
    """

    configuration: str
    title: str
    kind: str
    allowed: bool
    principal: str
    action: str
    resource: str
    owner: str
    context: Context
    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    resource_policy: Document | None = None
    door: Document | None = None
    what: str = field(default="", compare=False)

    def __str__(self) -> str:
        held = ", ".join(f"{key}={'|'.join(values)}" for key, values in self.context.items())
        return (
            f"{self.configuration}: {self.title}: {self.action} on {self.resource}"
            f" ({held or 'no keys'}; {self.kind})"
        )


def requests(configuration: str) -> Iterator[Request]:
    """Yield every request of one configuration."""
    account, roles = deployments()[configuration].account, callers(configuration)
    for caller in roles:
        done = set()
        for call in caller.calls:
            if call.identity not in done:
                done.add(call.identity)
                yield _own(configuration, account, caller, call)
        for neighbour in neighbours(caller, roles):
            yield _neighbour(configuration, account, caller, neighbour)
        yield from _trust(configuration, account, caller)


def all_requests() -> list[Request]:
    """Return the requests of every configuration."""
    return [request for one in CONFIGURATIONS for request in requests(one.name)]


def _own(configuration: str, account: Account, caller: Caller, call: Call) -> Request:
    through = account.doors.get(call.door) if call.door is not None and caller.in_vpc else None
    return _request(configuration, account, caller, call, OWN, allowed=True, door=through)


def _neighbour(
    configuration: str, account: Account, caller: Caller, neighbour: Neighbour
) -> Request:
    # Denied by the role's own policies: endpoints of a VPC are not asked.
    return _request(configuration, account, caller, neighbour.call, neighbour.kind, allowed=False)


def _request(
    configuration: str,
    account: Account,
    caller: Caller,
    call: Call,
    kind: str,
    *,
    allowed: bool,
    door: Document | None = None,
) -> Request:
    role = caller.role
    return Request(
        configuration=configuration,
        title=caller.title,
        kind=kind,
        allowed=allowed,
        principal=role.arn,
        action=call.action,
        resource=call.resource,
        # A stranger's resource counts as the role's own account's: its policies have to say no.
        owner=account.account_of(call.resource) if allowed else account.place.account,
        context=_context(account, call.context),
        identity=role.identity,
        boundary=role.boundary,
        resource_policy=_policy_of(account, call.resource),
        door=door,
        what=call.what,
    )


def _policy_of(account: Account, arn: str) -> Document | None:
    if arn in account.resource_policies:
        return account.resource_policies[arn]
    if ":s3:::" in arn:
        return account.resource_policies.get(arn.partition("/")[0])
    if ":ecr:" in arn and account.account_of(arn) != account.place.account:
        # Whose policy is the other account's: taken to let this one pull.
        root = f"arn:{account.place.partition}:iam::{account.place.account}:root"
        statement = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "ecr:*"}
        return {"Version": "2012-10-17", "Statement": [statement]}
    return None


def _context(account: Account, given: Context) -> Context:
    return {"aws:SecureTransport": ("true",), **given}


def _trust(configuration: str, account: Account, caller: Caller) -> Iterator[Request]:
    """Yield the attempts to take a role on: by its service for its own, and by others."""
    service, arn = caller.assumed.service, caller.assumed.source_arn
    own = account.place.account
    further = {"aws:SourceOrgID": ("o-a1b2c3d4e5",)}
    named = {"aws:SourceAccount": (own,), **further, **({"aws:SourceArn": (arn,)} if arn else {})}
    attempts: list[tuple[str, Mapping[str, tuple[str, ...]], bool]] = [(service, named, True)]
    attempts += [(other, named, False) for other in _SERVICES if other != service]
    if arn is not None:
        foreign = arn.replace(f":{own}:", ":444455556666:")
        attempts += [
            (service, {**named, "aws:SourceAccount": ("444455556666",)}, False),
            (service, {**named, "aws:SourceArn": (foreign,)}, False),
            (service, further, False),
        ]
        if service == "sagemaker.amazonaws.com":
            other = arn.replace(":processing-job/", ":processing-job/other-")
            attempts.append((service, {**named, "aws:SourceArn": (other,)}, False))
    for principal, context, allowed in attempts:
        yield Request(
            configuration=configuration,
            title=caller.title,
            kind=TAKEN_ON if allowed else NOT_TAKEN_ON,
            allowed=allowed,
            principal=principal,
            action="sts:AssumeRole",
            resource=caller.role.arn,
            owner=own,
            context=context,
            resource_policy=caller.role.trust,
        )


_SERVICES = (
    "ec2.amazonaws.com",
    "events.amazonaws.com",
    "lambda.amazonaws.com",
    "sagemaker.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
)
