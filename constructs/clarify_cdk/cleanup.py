"""Nothing left behind: what finds and deletes the shadow endpoint of a run that ended early."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.cleanup_states import cleanup_states
from clarify_cdk.event_rule import start_on_event
from clarify_cdk.place import Place
from clarify_cdk.standard_machine import standard_machine
from clarify_lambda.prepare.names import job_scope

#: How a job ends that may not have deleted its endpoint; of an aborted execution it is stopped.
ENDED_EARLY = ("Failed", "Stopped")


class ShadowEndpointCleanup(Construct):
    """A state machine that deletes what one run's job left, and the rule that starts it.

    A job deletes its shadow endpoint itself, unless it is killed, or stopped while the endpoint is
    ``Creating``. Whatever ended it, SageMaker then says that the job failed or was stopped: the
    rule hears that, also where an execution was aborted. ``start_task`` is a second way in, for an
    event that got lost. Starting it twice does no harm.

    The ids of its children are ``StateMachine``, ``LogGroup``, ``Rule`` and ``RuleRole``.

    Parameters
    ----------
    analysis
        Whose jobs and endpoints.
    endpoint_scope
        What the names of all its shadow endpoints begin with: ``analysis.shadow_endpoint_scope``.
    """

    def __init__(
        self, scope: Construct, id: str, *, analysis: Analysis, endpoint_scope: str
    ) -> None:
        super().__init__(scope, id)
        jobs = job_scope(analysis.job_name_prefix)
        place = Place.of(Stack.of(self))
        self.state_machine = standard_machine(
            self,
            "Delete what a Clarify job left behind: shadow endpoint and endpoint config",
            cleanup_states(self, place=place, job_scope=jobs, endpoint_scope=endpoint_scope),
        )
        start_on_event(
            self,
            state_machine=self.state_machine,
            description="A Clarify job ended early: delete what it left behind",
            role_description="Starts the clean-up after Clarify jobs",
            pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Processing Job State Change"],
                detail={
                    "ProcessingJobName": events.Match.prefix(jobs),
                    "ProcessingJobStatus": list(ENDED_EARLY),
                },
            ),
            input=events.RuleTargetInput.from_object(
                {"job_name": events.EventField.from_path("$.detail.ProcessingJobName")}
            ),
        )

    def start_task(self, scope: Construct, id: str) -> tasks.StepFunctionsStartExecution:
        """Return a state that starts a clean-up for ``$.job_name`` and does not wait for it."""
        return tasks.StepFunctionsStartExecution(
            scope,
            id,
            comment="Delete what the job left behind; this run need not wait for it",
            state_machine=self.state_machine,
            integration_pattern=sfn.IntegrationPattern.REQUEST_RESPONSE,
            input=sfn.TaskInput.from_object({"job_name": sfn.JsonPath.string_at("$.job_name")}),
            result_path=sfn.JsonPath.DISCARD,
        )
