"""Which permissions a call needs: actions, resources and the condition keys that go with them.

moto checks the action's name against resource ``*`` for nearly every service, so a statement that
is limited to an ARN denies everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from clarify_local.emulator.permissions_sagemaker import Permission, sagemaker_permissions


@dataclass(frozen=True)
class Call:
    """One request to a service's API, as far as permissions depend on it."""

    service: str
    action: str
    parameters: Mapping[str, Any]
    path: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in the call's account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def text(self, *names: str) -> str | None:
        """Return the first of some parameters that is given."""
        for name in names:
            if value := self.parameters.get(name):
                return str(value)
        return None


def permissions(call: Call) -> list[Permission]:
    """Return every permission that a call needs; all of them must be held."""
    if call.service == "sagemaker":
        return sagemaker_permissions(
            call.action, call.parameters, call.path, lambda r: call.arn("sagemaker", r)
        )
    if (call.service, call.action) == ("events", "PutEvents"):
        return [Permission("events:PutEvents", bus) for bus in _buses(call)]
    if (call.service, call.action) == ("ecr", "DescribeRepositories"):
        return [Permission("ecr:DescribeRepositories", each) for each in _repositories(call)]
    resource = _RESOURCES.get(call.service, _anything)(call)
    action = _ACTION_NAMES.get((call.service, call.action), call.action)
    needed = [Permission(f"{call.service}:{action}", resource)]
    for parameter, service in _PASSED_ROLES.get((call.service, action), ()):
        if role := call.text(parameter):
            needed.append(Permission("iam:PassRole", role, {"iam:passedtoservice": (service,)}))
    return needed


_ACTION_NAMES = {("lambda", "Invoke"): "InvokeFunction"}

_PASSED_ROLES: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("lambda", "CreateFunction"): (("Role", "lambda.amazonaws.com"),),
    ("states", "CreateStateMachine"): (("roleArn", "states.amazonaws.com"),),
    ("states", "UpdateStateMachine"): (("roleArn", "states.amazonaws.com"),),
    ("cloudformation", "CreateChangeSet"): (("RoleARN", "cloudformation.amazonaws.com"),),
    ("cloudformation", "CreateStack"): (("RoleARN", "cloudformation.amazonaws.com"),),
    ("cloudformation", "UpdateStack"): (("RoleARN", "cloudformation.amazonaws.com"),),
    ("cloudformation", "DeleteStack"): (("RoleARN", "cloudformation.amazonaws.com"),),
}


def _anything(_: Call) -> str:
    return "*"


def _function(call: Call) -> str:
    parts = unquote(call.path.split("?")[0]).split("/")
    name = parts[parts.index("functions") + 1] if "functions" in parts[:-1] else ""
    if name.startswith("arn:"):
        return name
    return call.arn("lambda", f"function:{name or '*'}")


def _topic(call: Call) -> str:
    return call.text("TopicArn", "TargetArn", "ResourceArn") or "*"


def _state_machine(call: Call) -> str:
    given = call.text("stateMachineArn", "executionArn", "resourceArn")
    if given:
        return given
    return call.arn("states", f"stateMachine:{call.text('name') or '*'}")


def _log_group(call: Call) -> str:
    group = call.text("logGroupName", "logGroupNamePrefix")
    if group is None:
        return call.text("logGroupIdentifier", "resourceArn") or "*"
    stream = call.text("logStreamName")
    return call.arn(
        "logs", f"log-group:{group}:log-stream:{stream}" if stream else f"log-group:{group}:*"
    )


def _rule(call: Call) -> str:
    return call.arn("events", f"rule/{call.text('Name', 'Rule') or '*'}")


def _buses(call: Call) -> list[str]:
    named = {str(entry.get("EventBusName", "default")) for entry in call.parameters["Entries"]}
    return [bus if ":" in bus else call.arn("events", f"event-bus/{bus}") for bus in sorted(named)]


def _queue(call: Call) -> str:
    url = call.text("QueueUrl")
    name = url.rsplit("/", 1)[-1] if url else call.text("QueueName")
    return call.arn("sqs", name or "*")


def _role(call: Call) -> str:
    return call.text("RoleArn") or "*"


def _iam(call: Call) -> str:
    account = call.account
    if name := call.text("RoleName"):
        return f"arn:aws:iam::{account}:role/{name}"
    return call.text("PolicyArn") or "*"


def _stack(call: Call) -> str:
    name = call.text("StackName")
    if name is None or name.startswith("arn:"):
        return name or "*"
    return call.arn("cloudformation", f"stack/{name}/*")


def _parameter(call: Call) -> str:
    return call.arn("ssm", f"parameter/{(call.text('Name') or '*').lstrip('/')}")


def _key(call: Call) -> str:
    key = call.text("KeyId")
    if key is None or key.startswith("arn:"):
        return key or "*"
    return call.arn("kms", f"key/{key}")


def _repository(call: Call) -> str:
    name = call.text("repositoryName")
    return call.arn("ecr", f"repository/{name}") if name else "*"


def _repositories(call: Call) -> list[str]:
    names = call.parameters.get("repositoryNames") or ["*"]
    return [call.arn("ecr", f"repository/{name}") for name in names]


_RESOURCES: Mapping[str, Callable[[Call], str]] = {
    "cloudformation": _stack,
    "ecr": _repository,
    "events": _rule,
    "iam": _iam,
    "kms": _key,
    "lambda": _function,
    "logs": _log_group,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameter,
    "states": _state_machine,
    "sts": _role,
}
