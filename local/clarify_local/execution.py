"""Starts an execution and follows it step by step."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from clarify_local.aws import EmulatedAws

_POLL_SECONDS = 0.25

StepStatus = Literal["running", "succeeded", "caught", "failed"]


@dataclass
class Step:
    """One pass through one state.

    Attributes
    ----------
    name
        The state.
    status
        ``caught``: its task failed and the machine went on by a catch.
    seconds
        How long it took; None while it runs.
    detail
        Why its task failed, in Step Functions' words.
    """

    name: str
    status: StepStatus = "running"
    seconds: float | None = None
    detail: str = ""
    entered: float = 0.0


@dataclass
class Execution:
    """What is known of an execution; grows while it runs.

    Attributes
    ----------
    status
        ``RUNNING``, ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``.
    steps
        Passes through states in order.
    run
        What Prepare said about the run (``job_name``, ``run_uri``, …); of the last attempt.
    error, cause
        Of a failed execution.
    """

    arn: str
    status: str = "RUNNING"
    steps: list[Step] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    cause: str = ""
    _seen: int = 0

    def knows(self, event: Mapping[str, Any]) -> bool:
        """Tell whether an event was read: a history numbers them from 1 on."""
        return bool(event["id"] <= self._seen)

    def take(self, events: list[dict[str, Any]], prepare: str) -> None:
        """Read the events of a history that were not read yet."""
        for event in events[self._seen :]:
            self._take(event, prepare)
        self._seen = len(events)

    def _take(self, event: Mapping[str, Any], prepare: str) -> None:
        kind, when = event["type"], event["timestamp"].timestamp()
        if kind.endswith("StateEntered"):
            self.steps.append(Step(event["stateEnteredEventDetails"]["name"], entered=when))
        elif kind.endswith("StateExited"):
            details = event["stateExitedEventDetails"]
            step = self._step(details["name"])
            step.status = "caught" if step.detail else "succeeded"
            step.seconds = when - step.entered
            output = json.loads(details.get("output") or "null")
            if details["name"] == prepare and isinstance(output, dict) and "run_uri" in output:
                self.run = output
        elif kind in ("TaskFailed", "TaskTimedOut", "LambdaFunctionFailed"):
            details = _details(event)
            self.steps[-1].detail = ": ".join(
                text for text in (details.get("error", ""), details.get("cause", "")) if text
            )
        elif kind == "TaskSucceeded":
            self.steps[-1].detail = ""  # a retry under the same name got through
        elif kind in ("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"):
            if self.steps and self.steps[-1].seconds is None:
                self.steps[-1].status = "failed"
                self.steps[-1].seconds = when - self.steps[-1].entered
            details = _details(event)
            self.error, self.cause = details.get("error", ""), details.get("cause", "")

    def _step(self, name: str) -> Step:
        return next(step for step in reversed(self.steps) if step.name == name)


def run_execution(
    aws: EmulatedAws,
    state_machine_arn: str,
    *,
    name: str,
    given: Mapping[str, Any],
    prepare: str,
    seconds: float = 3600,
    watch: Callable[[Execution], None] = lambda execution: None,
) -> Execution:
    """Start an execution and return when it has ended.

    Parameters
    ----------
    name
        The execution's name.
    given
        The execution's input: overrides, or nothing.
    prepare
        The state whose output describes the run.
    seconds
        After this long the execution is stopped.
    watch
        Called with what is known, whenever there is more.
    """
    machine = aws.client("stepfunctions")
    arn = machine.start_execution(
        stateMachineArn=state_machine_arn, name=name, input=json.dumps(given)
    )["executionArn"]
    execution = Execution(arn)
    deadline = time.monotonic() + seconds
    while True:
        described = machine.describe_execution(executionArn=arn)
        # The whole history only where it has grown: most looks find nothing new.
        newest = machine.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=1)
        if not all(map(execution.knows, newest["events"])):
            pages = machine.get_paginator("get_execution_history").paginate(executionArn=arn)
            execution.take([event for page in pages for event in page["events"]], prepare)
        execution.status = described["status"]
        watch(execution)
        if described["status"] != "RUNNING":
            execution.error = described.get("error") or execution.error
            execution.cause = described.get("cause") or execution.cause
            return execution
        if time.monotonic() > deadline:
            machine.stop_execution(
                executionArn=arn, error="RehearsalTimeout", cause=f"not done after {seconds:g} s"
            )
        time.sleep(_POLL_SECONDS)


def _details(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an event's own part: the one member named for its type."""
    found: Mapping[str, Any] = next(
        (value for key, value in event.items() if key.endswith("EventDetails")), {}
    )
    return found
