"""A rule of EventBridge that starts a state machine, with a role that may do nothing else."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk.place import Place


def start_on_event(
    scope: Construct,
    *,
    state_machine: sfn.IStateMachine,
    description: str,
    role_description: str,
    pattern: events.EventPattern,
    input: events.RuleTargetInput,
) -> events.Rule:
    """Return the rule, which EventBridge's default bus asks about each event.

    Parameters
    ----------
    scope
        The construct that the rule belongs to; it gets ``Rule`` and ``RuleRole``.
    state_machine
        What is started.
    description, role_description
        One line each, shown in the console.
    pattern
        Which events start it.
    input
        What an execution gets of the event.
    """
    rule = events.Rule(scope, "Rule", description=description, event_pattern=pattern)
    place = Place.of(Stack.of(scope))
    role = iam.Role(
        scope,
        "RuleRole",
        description=role_description,
        assumed_by=iam.ServicePrincipal(
            "events.amazonaws.com",
            # No other account's rule can be made to use this role. Which rule of this Region it is
            # cannot be said: the rule names the role, and CloudFormation makes neither first.
            conditions={
                "StringEquals": {"aws:SourceAccount": place.account},
                "ArnLike": {"aws:SourceArn": place.arn("events", "rule/*")},
            },
        ),
    )
    rule.add_target(targets.SfnStateMachine(state_machine, role=role, input=input))
    return rule
