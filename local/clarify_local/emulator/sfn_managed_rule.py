"""The EventBridge rule by which Step Functions hears of a job's end; the role must own it."""

from __future__ import annotations

from clarify_local.emulator.authorization import as_request
from clarify_local.emulator.identities import find_role, role_allows
from clarify_local.emulator.permissions_sagemaker import Permission
from clarify_local.emulator.world import World

RULE = "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")


def missing_rule_right(world: World, role_arn: str, region: str) -> str | None:
    """Return AWS's words if a role may not own the rule; None if it may, or IAM is not enforced."""
    if not world.controls.enforce_iam:
        return None
    role = find_role(world, role_arn)
    rule = f"arn:aws:events:{region}:{world.options.account}:rule/{RULE}"
    for action in ACTIONS:
        if not role_allows(world, role, as_request(world, Permission(action, rule), region)):
            return f"'{role_arn}' is not authorized to create managed-rule."
    return None
