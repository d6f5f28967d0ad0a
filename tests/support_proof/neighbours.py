"""What lies next to each call and must not be allowed: other names, other verbs, others' work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from support_proof.callers import Caller
from support_proof.calls import Call

STRANGER, ELSEWHERE = "444455556666", "us-east-2"


@dataclass(frozen=True)
class Neighbour:
    """A call that a role must not be able to make.

    Attributes
    ----------
    kind
        In which way it differs from what the role does; one of `KINDS`.
    """

    call: Call
    kind: str


KINDS = (
    "another name",
    "another bucket",
    "another prefix",
    "another account's",
    "another Region's",
    "another service, role, model or namespace in the request",
    "more than is needed of the same resource",
    "what another role of the pipeline does",
    "what no role of the pipeline does",
    "the function's own code, where Lambda needs the right",
)
_NAME, _BUCKET, _PREFIX, _ACCOUNT, _REGION, _REQUEST, _MORE, _OTHERS, _NOBODYS, _CODE = KINDS
#: Other actions on a resource, by the kind that its ARN names.
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "s3 object": (
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:PutObject",
        "s3:PutObjectAcl",
    ),
    "s3 bucket": ("s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"),
    "ecr:repository": ("ecr:DeleteRepository", "ecr:PutImage"),
    "events:event-bus": ("events:DeleteEventBus", "events:UpdateEventBus"),
    "events:rule": ("events:DeleteRule", "events:DisableRule", "events:RemoveTargets"),
    "iam:role": (
        "iam:AttachRolePolicy",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "sts:AssumeRole",
    ),
    "kms:key": (
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DisableKey",
        "kms:Encrypt",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
    ),
    "lambda:function": ("lambda:DeleteFunction", "lambda:UpdateFunctionCode"),
    "logs:log-group": ("logs:DeleteLogGroup", "logs:PutRetentionPolicy"),
    "sagemaker:endpoint": (
        "sagemaker:DeleteEndpoint",
        "sagemaker:InvokeEndpoint",
        "sagemaker:UpdateEndpoint",
    ),
    "sagemaker:endpoint-config": ("sagemaker:CreateEndpointConfig",),
    "sagemaker:model": ("sagemaker:CreateModel", "sagemaker:DeleteModel"),
    "sagemaker:model-package": ("sagemaker:DeleteModelPackage", "sagemaker:UpdateModelPackage"),
    "sagemaker:processing-job": (
        "sagemaker:CreateProcessingJob",
        "sagemaker:DeleteTags",
        "sagemaker:StopProcessingJob",
    ),
    "sns:": ("sns:DeleteTopic", "sns:Subscribe"),
    "states:execution": ("states:StopExecution",),
    "states:stateMachine": ("states:DeleteStateMachine", "states:UpdateStateMachine"),
}


def neighbours(caller: Caller, all_callers: Sequence[Caller]) -> Iterator[Neighbour]:
    """Yield what a role must not be able to do, each once, and nothing that it does itself.

    Parameters
    ----------
    caller
        The role.
    all_callers
        Every role of the configuration.
    """
    own = {(call.action, call.resource) for call in caller.calls}
    seen = {call.identity for call in caller.calls}
    for found in (
        *_next_to(caller.calls),
        *_further_actions(caller.calls),
        *_of_others(caller, all_callers),
        *_of_nobody(caller.role.arn),
        *_of_the_code(caller),
    ):
        call = found.call
        differs_in_context = found.kind in (_PREFIX, _REQUEST, _CODE)
        if call.identity in seen or (
            not differs_in_context and (call.action, call.resource) in own
        ):
            continue
        seen.add(call.identity)
        yield found


def _next_to(calls: Sequence[Call]) -> Iterator[Neighbour]:
    for call in calls:
        if call.resource.split(":")[2:3] == ["s3"]:
            yield from _in_storage(call)
        elif call.resource != "*":
            yield from _elsewhere(call)
        for changed in _other_requests(call):
            yield Neighbour(changed, _REQUEST)


def _in_storage(call: Call) -> Iterator[Neighbour]:
    begin, _, name = call.resource.rpartition(":")
    bucket, slash, key = name.partition("/")
    yield Neighbour(replace(call, resource=f"{begin}:other-{bucket}{slash}{key}"), _BUCKET)
    if slash:
        yield Neighbour(replace(call, resource=f"{begin}:{bucket}/other/{key}"), _PREFIX)
        return
    (prefix,) = call.context["s3:prefix"]
    for context in ({"s3:prefix": (f"other/{prefix}",)}, {"s3:prefix": ("",)}, {}):
        yield Neighbour(replace(call, context=context), _PREFIX)


def _elsewhere(call: Call) -> Iterator[Neighbour]:
    head, partition, service, region, account, name = call.resource.split(":", 5)
    kind, separator = re.match(r"([\w-]*?(?=[:/]))?([:/]?)", name).groups()  # type: ignore[union-attr]
    begin = f"{kind or ''}{separator}"
    for changed, told in (
        ((region, account, f"{begin}other-{name.removeprefix(begin)}"), _NAME),
        ((region, STRANGER, name), _ACCOUNT),
        ((ELSEWHERE if region else "", account, name), _REGION),
    ):
        arn = ":".join((head, partition, service, *changed))
        if arn != call.resource:
            yield Neighbour(replace(call, resource=arn), told)


def _other_requests(call: Call) -> Iterator[Call]:
    match call.action:
        case "iam:PassRole":
            for service in ("ec2.amazonaws.com", "lambda.amazonaws.com"):
                yield replace(call, context={"iam:PassedToService": (service,)})
        case "cloudwatch:PutMetricData":
            yield replace(call, context={"cloudwatch:namespace": ("AWS/Billing",)})
        case "sagemaker:CreateEndpointConfig":
            (model,) = call.context["sagemaker:ModelArn"]
            other = model.replace(":model/", ":model/other-")
            yield replace(call, context={**call.context, "sagemaker:ModelArn": (other,)})
            without = {k: v for k, v in call.context.items() if k != "sagemaker:ModelArn"}
            yield replace(call, context=without)


def _further_actions(calls: Sequence[Call]) -> Iterator[Neighbour]:
    for call in calls:
        for action in _ACTIONS.get(_kind(call.resource), ()):
            yield Neighbour(Call(action, call.resource, call.what), _MORE)


def _kind(arn: str) -> str:
    if arn == "*":
        return ""
    _, _, service, _, _, name = arn.split(":", 5)
    if service == "s3":
        return "s3 object" if "/" in name else "s3 bucket"
    found = re.match(r"[\w-]+(?=[:/])", name)
    return f"{service}:{found[0] if found else ''}"


def _of_others(caller: Caller, all_callers: Sequence[Caller]) -> Iterator[Neighbour]:
    for other in all_callers:
        if other is not caller:
            for call in other.calls:
                yield Neighbour(call, _OTHERS)


def _of_nobody(role: str) -> Iterator[Neighbour]:
    begin = role.partition(":role/")[0]
    for action, resource in (
        ("ec2:RunInstances", "*"),
        ("iam:CreateRole", f"{begin}:role/any"),
        ("iam:PassRole", f"{begin}:role/any"),
        ("s3:ListAllMyBuckets", "*"),
        ("sagemaker:ListModels", "*"),
        ("sts:AssumeRole", f"{begin}:role/administrator"),
    ):
        yield Neighbour(Call(action, resource, ""), _NOBODYS)


def _of_the_code(caller: Caller) -> Iterator[Neighbour]:
    if caller.function is None or not caller.in_vpc:
        return
    for call in caller.calls:
        if call.action.startswith("ec2:"):
            context = {"lambda:SourceFunctionArn": (caller.function,)}
            yield Neighbour(replace(call, context=context), _CODE)
