"""The clean-up of a ClarifyPipeline, written by hand with aws-cdk-lib alone."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks

SAGEMAKER = f"arn:{cdk.Aws.PARTITION}:sagemaker:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}"
ACCOUNT = {"StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID}}
PREFIX = "$.job.Environment.PREFIX"


def clean_up(stack: cdk.Stack, number: int) -> sfn.StateMachine:
    """Add a log group, two roles with policies, a rule and the machine that it starts."""
    group = logs.LogGroup(stack, f"CleanLog{number}", retention=logs.RetentionDays.THREE_MONTHS)
    machine = sfn.StateMachine(
        stack,
        f"Clean{number}",
        definition_body=sfn.DefinitionBody.from_chainable(states(stack, number)),
        tracing_enabled=True,
        logs=sfn.LogOptions(destination=group, level=sfn.LogLevel.ALL),
    )
    rule = events.Rule(
        stack,
        f"Early{number}",
        event_pattern=events.EventPattern(
            source=["aws.sagemaker"],
            detail_type=["SageMaker Processing Job State Change"],
            detail={
                "ProcessingJobName": events.Match.prefix(f"run{number}-"),
                "ProcessingJobStatus": ["Failed", "Stopped"],
            },
        ),
    )
    principal = iam.ServicePrincipal("events.amazonaws.com", conditions=ACCOUNT)
    role = iam.Role(stack, f"EarlyRole{number}", assumed_by=principal)
    job = {"job_name": events.EventField.from_path("$.detail.ProcessingJobName")}
    given = events.RuleTargetInput.from_object(job)
    rule.add_target(targets.SfnStateMachine(machine, role=role, input=given))
    return machine


def states(stack: cdk.Stack, number: int) -> sfn.IChainable:
    """Return the rounds: wait, list, delete, and again until nothing is found."""
    text = sfn.JsonPath.string_at
    describe = call(stack, number, "describeProcessingJob", {"ProcessingJobName": "$.job_name"})
    nothing = sfn.Succeed(stack, f"Nothing{number}")
    wait = sfn.Wait(stack, f"Wait{number}", time=sfn.WaitTime.duration(cdk.Duration.minutes(1)))
    behind = sfn.JsonPath.format("{}~", text(PREFIX))
    known = {"prefix": text(PREFIX), "behind": behind, "round": 1}
    first = sfn.Pass(stack, f"First{number}", parameters=known)
    count = sfn.JsonPath.math_add(sfn.JsonPath.number_at("$.round"), 1)
    known = {"prefix": text("$.prefix"), "behind": text("$.behind"), "round": count}
    following = sfn.Pass(stack, f"Next{number}", parameters=known)
    again = sfn.Choice(stack, f"Again{number}").when(
        sfn.Condition.number_less_than("$.round", 125), following.next(wait)
    )
    again.otherwise(sfn.Fail(stack, f"Left{number}", error="LeftBehind"))
    lists, choices = [], []
    for kind in ("Endpoint", "EndpointConfig"):
        listed = call(stack, number, f"list{kind}s", {"NameContains": "$.prefix"}, f"$.{kind}")
        each = delete_each(stack, number, kind)
        found = sfn.Condition.boolean_equals(f"$.{kind}.found", True)
        any_found = sfn.Choice(stack, f"Any{kind}{number}").when(found, again)
        listed.next(each).next(any_found)
        lists.append(listed)
        choices.append(any_found)
    wait.next(lists[0])
    choices[0].otherwise(lists[1])
    choices[1].otherwise(nothing)
    ours = sfn.Condition.is_present(PREFIX)
    had = sfn.Choice(stack, f"Had{number}").when(ours, first.next(wait)).otherwise(nothing)
    return describe.next(had)


def delete_each(stack: cdk.Stack, number: int, kind: str) -> sfn.Map:
    """Return the loop over a list."""
    text = sfn.JsonPath.string_at
    items = {name: text(f"$.{name}") for name in ("prefix", "behind")}
    found = sfn.Pass(stack, f"{kind}Found{number}", result=sfn.Result.from_string("found"))
    other = sfn.Pass(stack, f"{kind}Other{number}", result=sfn.Result.from_string("other"))
    delete = call(stack, number, f"delete{kind}", {f"{kind}Name": "$.name"})
    delete.add_catch(found)
    ours = sfn.Condition.and_(
        sfn.Condition.string_greater_than_equals_json_path("$.name", "$.prefix"),
        sfn.Condition.string_less_than_json_path("$.name", "$.behind"),
    )
    is_found = sfn.JsonPath.array_contains(sfn.JsonPath.object_at("$"), "found")
    each = sfn.Map(
        stack,
        f"{kind}s{number}",
        items_path=f"$.{kind}.{kind}s",
        item_selector={"name": text(f"$$.Map.Item.Value.{kind}Name"), **items},
        result_selector={"found": is_found},
        result_path=f"$.{kind}",
    )
    choice = sfn.Choice(stack, f"{kind}Ours{number}").when(ours, delete.next(found))
    return each.item_processor(choice.otherwise(other))


def call(
    stack: cdk.Stack,
    number: int,
    action: str,
    parameters: dict[str, str],
    result_path: str = "$.job",
) -> tasks.CallAwsService:
    task = tasks.CallAwsService(
        stack,
        f"{action}{number}",
        service="sagemaker",
        action=action,
        parameters={key: sfn.JsonPath.string_at(path) for key, path in parameters.items()},
        iam_action=f"sagemaker:{action[0].upper()}{action[1:]}",
        iam_resources=["*" if action.startswith("list") else f"{SAGEMAKER}:*/run{number}-*"],
        result_path=result_path,
    )
    if not action.startswith("delete"):
        some = cdk.Duration.seconds(3)
        task.add_retry(interval=some, backoff_rate=2, max_attempts=5)
    return task
