"""What a state machine's role needs besides the rights of its tasks: a rule, and log delivery.

With ``.sync``, Step Functions hears of the end of a job or of another execution by an EventBridge
rule, which it owns in the role's name. With logging on, it delivers logs in the role's name.
"""

from __future__ import annotations

from collections.abc import Iterable

from clarify_local.emulator.authorization import as_request
from clarify_local.emulator.identities import find_role, role_allows
from clarify_local.emulator.permissions_sagemaker import Permission
from clarify_local.emulator.world import World

JOB_RULE = "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
EXECUTION_RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"
RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
LOG_ACTIONS = (
    "logs:CreateLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)


def missing_rule_right(world: World, role_arn: str, region: str, name: str) -> str | None:
    """Return AWS's words if a role may not own a rule; None if it may, or IAM is not enforced."""
    rule = f"arn:aws:events:{region}:{world.options.account}:rule/{name}"
    if _has_all(world, role_arn, region, [Permission(action, rule) for action in RULE_ACTIONS]):
        return None
    return f"'{role_arn}' is not authorized to create managed-rule."


def missing_log_right(world: World, role_arn: str, region: str) -> str | None:
    """Return AWS's words if a role may not deliver logs; None as above."""
    if _has_all(world, role_arn, region, [Permission(action, "*") for action in LOG_ACTIONS]):
        return None
    return "The state machine IAM Role is not authorized to access the Log Destination"


def _has_all(world: World, role_arn: str, region: str, needed: Iterable[Permission]) -> bool:
    if not world.controls.enforce_iam:
        return True
    role = find_role(world, role_arn)
    return all(role_allows(world, role, as_request(world, one, region)) for one in needed)
