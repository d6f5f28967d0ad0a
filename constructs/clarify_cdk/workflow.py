"""The states of a pipeline and the ways between them.

Prepare -> RunClarifyJob -> CheckResults -> Verdict -> Passed | Rejected; whatever fails is
explained and ends in a Fail state of its name, or starts again where only capacity was lacking.
After a job that failed a clean-up is started. Where somebody listens, each end is told of before.
"""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk.check import ResultsCheck
from clarify_cdk.cleanup import ShadowEndpointCleanup
from clarify_cdk.notifications import UNEXPLAINED, Notifications
from clarify_cdk.preparation import AnalysisPreparation
from clarify_cdk.task import ClarifyProcessingJobTask

#: The error of an execution whose results were judged and rejected.
REJECTED = "ClarifyRejected"
_SECONDS, _MINUTE, _QUARTER = Duration.seconds(3), Duration.minutes(1), Duration.minutes(15)
_LIMIT_EXCEEDED = "SageMaker.ResourceLimitExceededException"
_REFUSED_OR_THROTTLED = ("SageMaker.AmazonSageMakerException", "SageMaker.ThrottlingException")
_REFUSED = (_LIMIT_EXCEEDED, *_REFUSED_OR_THROTTLED)
_UNEXPLAINED = "ClarifyFailureUnexplained"


def workflow(
    scope: Construct,
    *,
    preparation: AnalysisPreparation,
    job: ClarifyProcessingJobTask,
    check: ResultsCheck,
    cleanup: ShadowEndpointCleanup | None,
    notifications: Notifications,
    metrics_for: str | None,
    max_capacity_retries: int,
) -> sfn.IChainable:
    """Return the first state of the whole, with everything behind it.

    Parameters
    ----------
    scope
        Where the states are made; their ids are their names in an execution's history.
    preparation, job, check
        The three steps.
    cleanup
        Deletes what a failed job left behind; None where no job makes anything.
    notifications
        Tell of every end.
    metrics_for
        Name under which metrics are printed; None where none are.
    max_capacity_retries
        How often a job that found no capacity runs again, under a new name.
    """
    prepare = preparation.task(scope, "Prepare")
    judge = check.judge_task(scope, "CheckResults", metrics_for=metrics_for)
    explain = check.explain_task(scope, "ExplainFailure", max_attempts=1 + max_capacity_retries)

    for task in (prepare, judge, explain):
        # CDK's own retries leave it out; a check that was throttled would waste the job before it.
        task.add_retry(
            errors=["Lambda.TooManyRequestsException"],
            interval=_SECONDS,
            backoff_rate=2,
            max_attempts=6,
            jitter_strategy=sfn.JitterType.FULL,
        )
    _retry_what_started_nothing(job)
    # A failed Prepare leaves no state worth keeping; the others keep theirs, and its names.
    prepare.add_catch(explain)
    _explain_failed_job(scope, job, explain, cleanup)
    judge.add_catch(explain, result_path="$.check_failure")
    unexplained = notifications.unexplained_failure(
        sfn.Fail(scope, "FailureUnexplained", error=_UNEXPLAINED, cause=UNEXPLAINED), _UNEXPLAINED
    )
    explain.add_catch(unexplained)

    explain.next(_after_explanation(scope, notifications, again=prepare, otherwise=unexplained))
    return prepare.next(job).next(judge).next(notifications.verdict(_verdict(scope)))


def _explain_failed_job(
    scope: Construct,
    job: ClarifyProcessingJobTask,
    explain: sfn.TaskStateBase,
    cleanup: ShadowEndpointCleanup | None,
) -> None:
    """Lead a failed job to its explanation, by the start of its clean-up if it may need one."""
    failure = "$.job_failure"
    if cleanup is None:
        job.add_catch(explain, result_path=failure)
        return
    # There is no job, and so nothing of it, where its request was refused.
    job.add_catch(explain, errors=list(_REFUSED), result_path=failure)
    start = cleanup.start_task(scope, "StartCleanUp")
    job.add_catch(start, result_path=failure)
    # The event of the job's end starts the same clean-up: what failed is told all the same.
    start.add_catch(explain, result_path=sfn.JsonPath.DISCARD)
    start.next(explain)


def _retry_what_started_nothing(job: ClarifyProcessingJobTask) -> None:
    """Repeat calls that were refused before a job existed: its name is still free.

    A job that was created has used its name up, even if it failed; it is not retried here.
    """
    job.add_retry(
        errors=[_LIMIT_EXCEEDED],
        interval=_MINUTE,
        backoff_rate=2,
        max_attempts=6,
        max_delay=_QUARTER,
    )
    # Throttling arrives under the service's general name, and so does a request that is wrong: few
    # attempts, close together.
    job.add_retry(
        errors=[*_REFUSED_OR_THROTTLED],
        interval=_SECONDS,
        backoff_rate=2,
        max_attempts=3,
        jitter_strategy=sfn.JitterType.FULL,
    )


def _verdict(scope: Construct) -> sfn.Choice:
    passed = sfn.Condition.string_equals("$.check.verdict", "passed")
    rejected = sfn.Fail(scope, "Rejected", error=REJECTED, cause_path="$.check.summary")
    # Whatever is not "passed" is rejected.
    return (
        sfn.Choice(scope, "Verdict").when(passed, sfn.Succeed(scope, "Passed")).otherwise(rejected)
    )


def _after_explanation(
    scope: Construct,
    notifications: Notifications,
    *,
    again: sfn.IChainable,
    otherwise: sfn.IChainable,
) -> sfn.Choice:
    choice = sfn.Choice(scope, "Failure").when(
        sfn.Condition.boolean_equals("$.explanation.retry", True), again
    )
    for name, told_by in (
        ("PreparationFailed", notifications.preparation_failure),
        ("JobFailed", notifications.job_failure),
        ("CheckFailed", notifications.check_failure),
    ):
        error = f"Clarify{name}"
        end = sfn.Fail(scope, name, error=error, cause_path="$.explanation.reason")
        choice.when(sfn.Condition.string_equals("$.explanation.error", error), told_by(end))
    return choice.otherwise(otherwise)
