"""An execution's history is read step by step, whatever way it takes.

The events have the form that Step Functions documents for GetExecutionHistory.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from clarify_local.execution import Execution, Step, run_execution

RUN = {"run_uri": "s3://results/clarify/job", "job_name": "job", "attempt": 1}


class History:
    """Builds events one second apart."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, kind: str, key: str | None = None, **details: Any) -> History:
        event: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(1_700_000_000 + len(self.events), UTC),
            "type": kind,
            "id": len(self.events) + 1,
        }
        if key:
            event[key] = details
        self.events.append(event)
        return self

    def enter(self, name: str) -> History:
        return self.add("TaskStateEntered", "stateEnteredEventDetails", name=name)

    def leave(self, name: str, output: Any = None) -> History:
        return self.add(
            "TaskStateExited", "stateExitedEventDetails", name=name, output=json.dumps(output)
        )

    def fail(self, error: str, cause: str) -> History:
        return self.add("TaskFailed", "taskFailedEventDetails", error=error, cause=cause)


def read(history: History) -> Execution:
    execution = Execution("arn")
    execution.take(history.events, "Prepare")
    return execution


def summary(execution: Execution) -> list[tuple[str, str, float | None]]:
    return [(step.name, step.status, step.seconds) for step in execution.steps]


def test_a_step_runs_until_it_is_left() -> None:
    history = History().add("ExecutionStarted").enter("Prepare")
    assert summary(read(history)) == [("Prepare", "running", None)]
    history.add("TaskScheduled").leave("Prepare", RUN)
    assert summary(read(history)) == [("Prepare", "succeeded", 2.0)]


def test_prepare_tells_where_the_run_is() -> None:
    assert read(History().enter("Prepare").leave("Prepare", RUN)).run == RUN
    assert read(History().enter("Other").leave("Other", RUN)).run == {}


def test_a_failed_task_that_is_caught_keeps_its_reason() -> None:
    history = History().enter("RunClarifyJob").fail("States.TaskFailed", "out of luck")
    (step,) = read(history.leave("RunClarifyJob")).steps
    assert (step.status, step.detail) == ("caught", "States.TaskFailed: out of luck")


def test_a_failure_that_a_retry_overcomes_is_none() -> None:
    history = History().enter("RunClarifyJob").fail("SageMaker.Throttling", "slow down")
    (step,) = read(history.add("TaskSucceeded").leave("RunClarifyJob")).steps
    assert (step.status, step.detail) == ("succeeded", "")


def test_a_state_passed_twice_is_two_steps_and_the_last_run_counts() -> None:
    history = History().enter("Prepare").leave("Prepare", RUN)
    history.enter("RunClarifyJob").fail("States.TaskFailed", "CapacityError").leave("RunClarifyJob")
    history.enter("Prepare").leave("Prepare", RUN | {"attempt": 2})
    execution = read(history)
    assert [step.name for step in execution.steps] == ["Prepare", "RunClarifyJob", "Prepare"]
    assert execution.run["attempt"] == 2


def test_an_execution_that_ends_ends_its_last_step() -> None:
    history = History().add("FailStateEntered", "stateEnteredEventDetails", name="Rejected")
    history.add(
        "ExecutionFailed", "executionFailedEventDetails", error="ClarifyRejected", cause="DI"
    )
    execution = read(history)
    assert summary(execution) == [("Rejected", "failed", 1.0)]
    assert (execution.error, execution.cause) == ("ClarifyRejected", "DI")


def test_an_aborted_execution_without_any_details_is_read() -> None:
    execution = read(History().enter("RunClarifyJob").add("ExecutionAborted"))
    assert summary(execution) == [("RunClarifyJob", "failed", 1.0)]
    assert execution.error == ""


def test_events_are_read_once() -> None:
    history = History().enter("Prepare")
    execution = read(history)
    execution.take(history.events, "Prepare")
    execution.take(history.leave("Prepare").events, "Prepare")
    assert execution.steps == [Step("Prepare", "succeeded", 1.0, "", 1_700_000_000.0)]


class Machine:
    """Step Functions, of one execution: each look finds one of these histories."""

    def __init__(self, *histories: list[dict[str, Any]]) -> None:
        self._left = list(histories)
        self.whole_reads = 0

    def start_execution(self, **_: str) -> dict[str, Any]:
        return {"executionArn": "arn"}

    def describe_execution(self, **_: str) -> dict[str, Any]:
        self._now = self._left.pop(0)
        return {"status": "RUNNING" if self._left else "SUCCEEDED"}

    def get_execution_history(self, **given: Any) -> dict[str, Any]:
        assert (given["reverseOrder"], given["maxResults"]) == (True, 1)
        return {"events": self._now[:-2:-1]}

    def get_paginator(self, operation: str) -> Machine:
        assert operation == "get_execution_history"
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        self.whole_reads += 1
        return [{"events": self._now[:2]}, {"events": self._now[2:]}]


def test_a_history_is_read_again_only_where_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    events = History().add("ExecutionStarted").enter("Prepare").leave("Prepare", RUN).events
    machine = Machine([], events[:2], events[:2], events[:2], events, events)
    aws: Any = SimpleNamespace(client=lambda service: machine)
    seen: list[int] = []
    execution = run_execution(
        aws,
        "machine",
        name="run",
        given={},
        prepare="Prepare",
        watch=lambda now: seen.append(len(now.run)),
    )
    assert (execution.status, summary(execution)) == (
        "SUCCEEDED",
        [("Prepare", "succeeded", 1.0)],
    )
    assert seen == [0, 0, 0, 0, 3, 3]
    assert machine.whole_reads == 2
