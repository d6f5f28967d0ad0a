"""The states that tell of a run's end: to a topic, for people, and to a bus, for programs.

They stand before the end that they tell of, and lead to it whether or not they were heard: a
verdict is never changed by a message that did not arrive. What kept it away stands in the
execution's history and log, and, of a run that passed, in the execution's output under
``topic_failure`` or ``bus_failure``. An execution that is aborted enters no further state, so it is
not told of here: Step Functions sends an event of its own, ``Step Functions Execution Status
Change``.
"""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.notice import DETAIL_TYPE, SOURCE, Notice
from clarify_cdk.payload import with_nulls
from clarify_cdk.pipeline_name import pipeline_name
from clarify_lambda.check.verdict import VERDICT_FILE

# Without an apostrophe: emulators read `States.Format` as if it could not be escaped.
UNEXPLAINED = "The run failed, and so did its explanation: see the history of the execution."


class Notifications:
    """Makes the states that tell of each end of a pipeline's runs; none where nobody listens.

    Parameters
    ----------
    scope
        The pipeline: its states are made here.
    analysis
        Tells which places a run has.
    topic
        Gets a text for people.
    bus
        Gets the event ``Clarify Verdict``; `clarify_cdk.notice` describes its detail.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        analysis: Analysis,
        topic: sns.ITopic | None,
        bus: events.IEventBus | None,
    ) -> None:
        self._scope, self._analysis, self._topic, self._bus = scope, analysis, topic, bus
        self._nobody = topic is None and bus is None

    def grant(self, grantee: iam.IGrantable) -> None:
        """Grant what publishing needs besides the rights that the states bring themselves."""
        if self._topic is not None and (key := self._topic.master_key) is not None:
            key.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey")

    def verdict(self, end: sfn.IChainable) -> sfn.IChainable:
        """Tell of a run that was judged."""
        check = "$.check."
        return self._before(
            end,
            "Verdict",
            lambda: Notice(
                verdict=_at(f"{check}verdict"),
                summary=_at(f"{check}summary"),
                verdict_uri=_at(f"{check}verdict_uri"),
                **self._prepared(),
                **self._results(),
            ),
        )

    def preparation_failure(self, end: sfn.IChainable) -> sfn.IChainable:
        """Tell of a run that was never prepared, so that it has no name and no place."""
        return self._before(end, "PreparationFailure", _failed)

    def job_failure(self, end: sfn.IChainable) -> sfn.IChainable:
        """Tell of a run whose job failed: it wrote no results."""
        return self._before(
            end, "JobFailure", lambda: _failed(verdict_uri=_verdict_uri(), **self._prepared())
        )

    def check_failure(self, end: sfn.IChainable) -> sfn.IChainable:
        """Tell of a run whose results could not be judged."""
        return self._before(
            end,
            "CheckFailure",
            lambda: _failed(verdict_uri=_verdict_uri(), **self._prepared(), **self._results()),
        )

    def unexplained_failure(self, end: sfn.IChainable, error: str) -> sfn.IChainable:
        """Tell of a run of which nothing is known but its execution."""
        return self._before(
            end,
            "UnexplainedFailure",
            lambda: Notice(verdict="failed", summary=UNEXPLAINED, error=error),
        )

    def _prepared(self) -> dict[str, str]:
        named = ["job_name", "config_uri"]
        if self._analysis.dataset_uri is not None:
            named.append("dataset_uri")
        return {name: _at(f"$.{name}") for name in named}

    def _results(self) -> dict[str, str]:
        found = {"output_uri": _at("$.output_uri")}
        report = self._analysis.config.methods.report
        if report is not None:
            found["report_uri"] = sfn.JsonPath.format(f"{{}}/{report.page}", _at("$.output_uri"))
        return found

    def _before(self, end: sfn.IChainable, name: str, told: Callable[[], Notice]) -> sfn.IChainable:
        # Each expression of a notice is a call into another process.
        if self._nobody:
            return end
        first, notice, pipeline = end, told(), pipeline_name(self._scope)
        if self._bus is not None:
            entry = tasks.EventBridgePutEventsEntry(
                event_bus=self._bus,
                source=SOURCE,
                detail_type=DETAIL_TYPE,
                detail=sfn.TaskInput.from_object(with_nulls(notice.detail(pipeline))),
            )
            send = tasks.EventBridgePutEvents(
                self._scope,
                f"Send{name}",
                comment="Tell the bus, in the form that programs read",
                entries=[entry],
                result_path=sfn.JsonPath.DISCARD,
            )
            first = _heard_or_not(send, "$.bus_failure", first)
        if self._topic is not None:
            publish = tasks.SnsPublish(
                self._scope,
                f"Publish{name}",
                comment="Tell the topic, in words for people",
                topic=self._topic,
                subject=notice.subject(pipeline),
                message=sfn.TaskInput.from_text(notice.message(pipeline)),
                result_path=sfn.JsonPath.DISCARD,
            )
            first = _heard_or_not(publish, "$.topic_failure", first)
        return first


def _heard_or_not(
    task: sfn.TaskStateBase, failure: str, following: sfn.IChainable
) -> sfn.TaskStateBase:
    task.add_retry(
        interval=Duration.seconds(3),
        backoff_rate=2,
        max_attempts=3,
        jitter_strategy=sfn.JitterType.FULL,
    )
    task.add_catch(following, result_path=failure)
    task.next(following)
    return task


def _failed(**places: str) -> Notice:
    explanation = "$.explanation."
    return Notice(
        verdict="failed",
        summary=_at(f"{explanation}reason"),
        error=_at(f"{explanation}error"),
        **places,
    )


def _verdict_uri() -> str:
    return sfn.JsonPath.format(f"{{}}/{VERDICT_FILE}", _at("$.run_uri"))


def _at(path: str) -> str:
    return sfn.JsonPath.string_at(path)
