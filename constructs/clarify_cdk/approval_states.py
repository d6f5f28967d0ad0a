"""The states that decide about one model package by what an analysis of it says.

DescribePackage -> AwaitsApproval -> CreateModel -> AnalyseModel -> DeleteModel -> DescribeAgain ->
StillAwaits -> Verdict -> Approve or Reject. Whatever keeps a verdict from coming leads to
LeavePending and NotAnalysed.
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from clarify_cdk.approval_calls import PackageCalls
from clarify_cdk.nested_run import NestedRunTask
from clarify_cdk.workflow import REJECTED

#: What SageMaker answers where a model of that name is there.
_EXISTS = "*already existing model*"
_RUN = "$.analysed.run"
_LAST, _BEFORE = "$.history.Events[0]", "$.history.Events[1]"
_ERROR = f"{_LAST}.ExecutionFailedEventDetails.Error"
_STATE = f"{_BEFORE}.StateEnteredEventDetails.Input"


def approval_states(
    scope: Construct,
    *,
    calls: PackageCalls,
    pipeline: sfn.IStateMachine,
    executions: str,
    report: str | None,
    timeout: Duration,
) -> sfn.IChainable:
    """Return the first state, with everything behind it; its input is ``{"model_package_arn": …}``.

    Parameters
    ----------
    scope
        Where the states are made.
    calls
        The calls of SageMaker.
    pipeline
        What analyses the model.
    executions
        ARN of the pipeline's executions, without the colon and the name of one.
    report
        File name of a run's report; None where it writes none.
    timeout
        How long a run may take.
    """
    describe = calls.describe("DescribePackage", result_path="$.package")
    create = calls.create_model("CreateModel")
    analyse = _analyse(scope, pipeline, executions, calls.model_name(), timeout)
    read = _read_end(scope, executions)
    delete = calls.delete_model("DeleteModel")
    delete.add_catch(left_behind(scope), result_path="$.undeleted")
    not_analysed = _not_analysed(scope, calls)

    create.add_catch(_not_created(scope, not_analysed), result_path="$.failure")
    stop = _stop(scope, executions)
    analyse.add_catch(stop, errors=["States.Timeout"], result_path="$.failure")
    analyse.add_catch(read, result_path="$.failure")
    # It may have ended meanwhile.
    stop.add_catch(read, result_path="$.unstopped")
    stop.next(read)
    # An execution that could not be started has no history.
    read.add_catch(delete, result_path="$.unread")
    read.next(delete)

    approve = _decide(calls, "Approve", "Approved", "passed", report)
    reject = _decide(calls, "Reject", "Rejected", "rejected", report)
    verdict = (
        sfn.Choice(scope, "Verdict")
        .when(
            sfn.Condition.and_(
                sfn.Condition.is_present(f"{_RUN}.check.verdict"),
                sfn.Condition.string_equals(f"{_RUN}.check.verdict", "passed"),
            ),
            approve.next(sfn.Succeed(scope, "Approved")),
        )
        .when(
            _rejected(),
            # The state that came before the execution's end had all that is known of the run.
            sfn.Pass(
                scope,
                "TakeRun",
                parameters={"run": sfn.JsonPath.string_to_json(sfn.JsonPath.string_at(_STATE))},
                result_path="$.analysed",
            )
            .next(reject)
            .next(sfn.Succeed(scope, "Rejected")),
        )
        .otherwise(not_analysed)
    )
    # An analysis takes a while: what a person decided meanwhile is not overruled.
    delete.next(calls.describe("DescribeAgain", result_path="$.package")).next(
        sfn.Choice(scope, "StillAwaits")
        .when(_pending(), verdict)
        .otherwise(sfn.Succeed(scope, "DecidedMeanwhile"))
    )
    return describe.next(
        sfn.Choice(scope, "AwaitsApproval")
        .when(_awaits(), create.next(analyse).next(delete))
        .otherwise(sfn.Succeed(scope, "NothingToDo"))
    )


def left_behind(scope: Construct) -> sfn.Fail:
    """Return the end of an execution that could not delete a temporary model."""
    return sfn.Fail(
        scope,
        "LeftBehind",
        error="ClarifyModelLeftBehind",
        cause="A temporary model could not be deleted: see the history for its name and the reason,"
        " and delete it by hand. It costs nothing, but its package is taken for being analysed.",
    )


def _pending() -> sfn.Condition:
    return sfn.Condition.string_equals("$.package.ModelApprovalStatus", "PendingManualApproval")


def _awaits() -> sfn.Condition:
    """Pending, complete, and not what an event says of a package that was tried before.

    LeavePending changes the package, which is an event of a package awaiting approval: without the
    last condition the same failure would come again and again.
    """
    outcome = "$.package.CustomerMetadataProperties.ClarifyOutcome"
    return sfn.Condition.and_(
        _pending(),
        sfn.Condition.string_equals("$.package.ModelPackageStatus", "Completed"),
        sfn.Condition.not_(
            sfn.Condition.and_(
                sfn.Condition.is_present("$.event"),
                sfn.Condition.is_present(outcome),
                sfn.Condition.string_equals(outcome, "failed"),
            )
        ),
    )


def _rejected() -> sfn.Condition:
    return sfn.Condition.and_(
        sfn.Condition.is_present(_ERROR),
        sfn.Condition.string_equals(_ERROR, REJECTED),
        sfn.Condition.is_present(_STATE),
    )


def _analyse(
    scope: Construct,
    pipeline: sfn.IStateMachine,
    executions: str,
    model_name: str,
    timeout: Duration,
) -> NestedRunTask:
    return NestedRunTask(
        scope,
        "AnalyseModel",
        comment="Run the pipeline on the temporary model, from start to end",
        state_machine=pipeline,
        executions=executions,
        name=sfn.JsonPath.string_at("$$.Execution.Name"),
        input={"model_name": model_name},
        timeout=sfn.Timeout.duration(timeout),
        result_selector={"run": sfn.JsonPath.object_at("$.Output")},
        result_path="$.analysed",
    )


def _stop(scope: Construct, executions: str) -> tasks.CallAwsService:
    """Stop a run that takes too long: a task that times out leaves it running."""
    return tasks.CallAwsService(
        scope,
        "StopAnalysis",
        service="sfn",
        action="stopExecution",
        parameters={"ExecutionArn": _own_run(executions)},
        iam_action="states:StopExecution",
        iam_resources=[f"{executions}:*"],
        # A timeout's own cause says nothing.
        result_selector={"Cause": "The analysis took too long and was stopped."},
        result_path="$.failure",
    )


def _own_run(executions: str) -> str:
    """Return the expression of the run's ARN: it has the name of this execution."""
    return sfn.JsonPath.format(f"{executions}:{{}}", sfn.JsonPath.string_at("$$.Execution.Name"))


def _read_end(scope: Construct, executions: str) -> tasks.CallAwsService:
    """Read how the run ended: its last two events. A failure's own text has no place in it."""
    read = tasks.CallAwsService(
        scope,
        "ReadEnd",
        service="sfn",
        action="getExecutionHistory",
        parameters={
            "ExecutionArn": _own_run(executions),
            "MaxResults": 2,
            "ReverseOrder": True,
        },
        iam_action="states:GetExecutionHistory",
        iam_resources=[f"{executions}:*"],
        result_path="$.history",
    )
    read.add_retry(interval=Duration.seconds(3), backoff_rate=2, max_attempts=3)
    return read


def _decide(
    calls: PackageCalls, id: str, status: str, outcome: str, report: str | None
) -> tasks.CallAwsService:
    output = sfn.JsonPath.string_at(f"{_RUN}.output_uri")
    return calls.update(
        id,
        {
            "ModelApprovalStatus": status,
            "ApprovalDescription": sfn.JsonPath.string_at(f"{_RUN}.check.summary"),
        },
        {
            "ClarifyOutcome": outcome,
            "ClarifyVerdict": sfn.JsonPath.string_at(f"{_RUN}.check.verdict_uri"),
            **({"ClarifyReport": sfn.JsonPath.format(f"{{}}/{report}", output)} if report else {}),
        },
    )


def _not_created(scope: Construct, not_analysed: sfn.IChainable) -> sfn.Choice:
    """SageMaker may send an event twice: the package's model is there while it is analysed."""
    return (
        sfn.Choice(scope, "ModelNotCreated")
        .when(
            sfn.Condition.string_matches("$.failure.Cause", _EXISTS),
            sfn.Succeed(scope, "BeingAnalysed"),
        )
        .otherwise(not_analysed)
    )


def _not_analysed(scope: Construct, calls: PackageCalls) -> sfn.IChainable:
    leave = calls.update("LeavePending", {}, {"ClarifyOutcome": "failed"})
    end = sfn.Fail(
        scope, "NotAnalysed", error="ClarifyPackageNotAnalysed", cause_path="$.failure.Cause"
    )
    leave.add_catch(end, result_path="$.unmarked")
    return leave.next(end)
