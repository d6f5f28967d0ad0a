"""A task that runs another state machine from start to end, with rights to its executions alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk.place import Place
from clarify_cdk.task_base import TaskBase

#: The rule by which Step Functions learns that an execution ended; AWS fixed its name.
_MANAGED_RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"


class NestedRunTask(sfn.TaskStateBase):
    """Start an execution and wait for its end; the result is its description, output as JSON.

    CDK's own task lets the state machine stop whatever execution's name begins like these: those of
    ``Loans2`` beside those of ``Loans``.

    Parameters
    ----------
    state_machine
        What is run.
    executions
        ARN of its executions, without the colon and the name of one.
    name, input
        Of the execution: may hold JSON paths.
    comment, timeout, result_selector, result_path
        As for every task.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        state_machine: sfn.IStateMachine,
        executions: str,
        name: str,
        input: Mapping[str, Any],
        comment: str,
        timeout: sfn.Timeout,
        result_selector: Mapping[str, Any],
        result_path: str,
    ) -> None:
        super().__init__(scope, id)
        self._machine_arn, self._executions = state_machine.state_machine_arn, executions
        self._request = {"StateMachineArn": self._machine_arn, "Name": name, "Input": input}
        self._base = TaskBase(
            comment=comment,
            timeout=timeout,
            result_selector=result_selector,
            result_path=result_path,
        )

    def to_state_json(
        self, top_level_query_language: sfn.QueryLanguage | None = None
    ) -> Mapping[Any, Any]:
        """Render the state; aws-cdk-lib calls it when the state machine is written."""
        partition = Stack.of(self).partition
        return {
            **self._base.render(top_level_query_language, self._request),
            **self._render_next_end(),
            **self._render_retry_catch(top_level_query_language),
            "Resource": f"arn:{partition}:states:::states:startExecution.sync:2",
        }

    @property
    def _task_metrics(self) -> sfn.TaskMetricsConfig | None:
        return None

    @property
    def _task_policies(self) -> list[iam.PolicyStatement]:
        """Return the statements of the service's guide on nested executions that are waited for."""
        rule = Place.of(Stack.of(self)).arn("events", f"rule/{_MANAGED_RULE}")
        return [
            iam.PolicyStatement(actions=["states:StartExecution"], resources=[self._machine_arn]),
            iam.PolicyStatement(
                actions=["states:DescribeExecution", "states:StopExecution"],
                resources=[f"{self._executions}:*"],
            ),
            iam.PolicyStatement(
                actions=["events:DescribeRule", "events:PutRule", "events:PutTargets"],
                resources=[rule],
            ),
        ]
