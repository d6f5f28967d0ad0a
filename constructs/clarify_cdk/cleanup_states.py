"""The states of a clean-up: which endpoints a job left, and round after round until none is there.

DescribeJob -> Settle -> ListEndpoints -> Endpoints -> ListEndpointConfigs -> EndpointConfigs ->
NothingLeft; whatever a round finds leads to another round, since a deletion is refused while an
endpoint is ``Creating``, and a config must outlive its endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from clarify_cdk.place import Place

#: The variable by which a job's description tells how the names of its endpoints begin.
ENDPOINT_PREFIX_VARIABLE = "CLARIFY_CDK_ENDPOINT_PREFIX"
# An endpoint is Creating for minutes; its model's download and start may take an hour each.
_ROUND = Duration.minutes(1)
_MAX_ROUNDS = 125
_PREFIX = f"$.job.Environment.{ENDPOINT_PREFIX_VARIABLE}"
# No character of a name comes after it, so the names that begin with a text are those from the text
# itself up to the text and a tilde.
_BEHIND_ALL_NAMES = "~"


def cleanup_states(
    scope: Construct, *, place: Place, job_scope: str, endpoint_scope: str
) -> sfn.IChainable:
    """Return the first state, with everything behind it; its input is ``{"job_name": …}``.

    Parameters
    ----------
    scope
        Where the states are made.
    place
        Where jobs and endpoints are.
    job_scope, endpoint_scope
        What the names of the jobs and of their endpoints begin with, for the rights.
    """
    describe = _call(
        scope,
        "DescribeJob",
        "DescribeProcessingJob",
        {"ProcessingJobName": sfn.JsonPath.string_at("$.job_name")},
        resource=place.arn("sagemaker", f"processing-job/{job_scope}*"),
        result_path="$.job",
    )
    # By name only: a prefix that anything else had would be a way to delete what is not ours.
    had_prefix = sfn.Condition.and_(
        sfn.Condition.is_present(_PREFIX),
        sfn.Condition.string_matches(_PREFIX, f"{endpoint_scope}*"),
    )
    nothing = sfn.Succeed(scope, "NothingLeft")
    settle = sfn.Wait(
        scope,
        "Settle",
        comment="A killed job's last call may still be under way; an endpoint is still Creating",
        time=sfn.WaitTime.duration(_ROUND),
    )
    first_round = sfn.Pass(
        scope,
        "FirstRound",
        parameters={
            "prefix": sfn.JsonPath.string_at(_PREFIX),
            "behind": sfn.JsonPath.format(
                f"{{}}{_BEHIND_ALL_NAMES}", sfn.JsonPath.string_at(_PREFIX)
            ),
            "round": 1,
        },
    )
    next_round = sfn.Pass(
        scope,
        "NextRound",
        parameters={
            "prefix": sfn.JsonPath.string_at("$.prefix"),
            "behind": sfn.JsonPath.string_at("$.behind"),
            "round": sfn.JsonPath.math_add(sfn.JsonPath.number_at("$.round"), 1),
        },
    )
    again = (
        sfn.Choice(scope, "AnotherRound")
        .when(sfn.Condition.number_less_than("$.round", _MAX_ROUNDS), next_round.next(settle))
        .otherwise(
            sfn.Fail(
                scope,
                "LeftBehind",
                error="ClarifyEndpointLeftBehind",
                cause="An endpoint of this run, which costs money, or its config could not be"
                " deleted: see the history for its name and the reason, and delete it by hand.",
            )
        )
    )
    endpoints = _sweep(scope, "Endpoint", place, endpoint_scope)
    configs = _sweep(scope, "EndpointConfig", place, endpoint_scope)
    settle.next(endpoints.first)
    found = sfn.Condition.boolean_equals("$.Endpoint.found", True)
    endpoints.last.next(
        sfn.Choice(scope, "AnyEndpoint").when(found, again).otherwise(configs.first)
    )
    found = sfn.Condition.boolean_equals("$.EndpointConfig.found", True)
    configs.last.next(sfn.Choice(scope, "AnyEndpointConfig").when(found, again).otherwise(nothing))
    return describe.next(
        sfn.Choice(scope, "MayHaveHadAnEndpoint")
        .when(had_prefix, first_round.next(settle))
        .otherwise(nothing)
    )


class _Sweep(NamedTuple):
    """One list and what is done with each of its entries."""

    first: sfn.Chain
    last: sfn.Map


def _sweep(scope: Construct, kind: str, place: Place, endpoint_scope: str) -> _Sweep:
    """Return states that delete what has the prefix; ``$.<kind>.found``: there was some.

    What cannot be deleted now is found again in the next round.
    """
    resource = {"Endpoint": "endpoint", "EndpointConfig": "endpoint-config"}[kind]
    listed = _call(
        scope,
        f"List{kind}s",
        f"List{kind}s",
        {"NameContains": sfn.JsonPath.string_at("$.prefix"), "MaxResults": 100},
        resource="*",
        result_path=f"$.{kind}",
    )
    delete = tasks.CallAwsService(
        scope,
        f"Delete{kind}",
        service="sagemaker",
        action=f"delete{kind}",
        parameters={f"{kind}Name": sfn.JsonPath.string_at("$.name")},
        iam_action=f"sagemaker:Delete{kind}",
        iam_resources=[place.arn("sagemaker", f"{resource}/{endpoint_scope}*")],
    )
    found = sfn.Pass(scope, f"{kind}Found", result=sfn.Result.from_string("found"))
    delete.add_catch(found)
    of_this_run = sfn.Condition.and_(
        sfn.Condition.string_greater_than_equals_json_path("$.name", "$.prefix"),
        sfn.Condition.string_less_than_json_path("$.name", "$.behind"),
    )
    each = sfn.Map(
        scope,
        f"{kind}s",
        items_path=f"$.{kind}.{kind}s",
        item_selector={
            "name": sfn.JsonPath.string_at(f"$$.Map.Item.Value.{kind}Name"),
            "prefix": sfn.JsonPath.string_at("$.prefix"),
            "behind": sfn.JsonPath.string_at("$.behind"),
        },
        result_selector={
            "found": sfn.JsonPath.array_contains(sfn.JsonPath.object_at("$"), "found")
        },
        result_path=f"$.{kind}",
    )
    each.item_processor(
        sfn.Choice(scope, f"{kind}OfThisRun")
        .when(of_this_run, delete.next(found))
        .otherwise(
            # A list finds a text anywhere in a name.
            sfn.Pass(scope, f"{kind}OfAnother", result=sfn.Result.from_string("another's"))
        )
    )
    return _Sweep(listed.next(each), each)


def _call(
    scope: Construct,
    id: str,
    action: str,
    parameters: Mapping[str, Any],
    *,
    resource: str,
    result_path: str,
) -> tasks.CallAwsService:
    task = tasks.CallAwsService(
        scope,
        id,
        service="sagemaker",
        action=action[0].lower() + action[1:],
        parameters=parameters,
        iam_action=f"sagemaker:{action}",
        iam_resources=[resource],
        result_path=result_path,
    )
    task.add_retry(
        interval=Duration.seconds(3),
        backoff_rate=2,
        max_attempts=5,
        jitter_strategy=sfn.JitterType.FULL,
    )
    return task
