"""A model package awaiting approval is analysed, and approved or rejected by the verdict."""

from __future__ import annotations

from aws_cdk import Duration, Fn, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk.approval_calls import PackageCalls
from clarify_cdk.approval_findings import findings
from clarify_cdk.approval_states import approval_states, left_behind
from clarify_cdk.event_rule import start_on_event
from clarify_cdk.pipeline import ClarifyPipeline
from clarify_cdk.place import Place
from clarify_cdk.standard_machine import standard_machine
from clarify_contract import Refused

#: What SageMaker answers where there is no model of that name.
_ABSENT = "*Could not find model*"


class ModelPackageApproval(Construct):
    """Decides about the packages of a model package group, by the verdict of a pipeline.

    A rule starts it for each package that awaits approval. Clarify needs a model, and a package is
    none: a temporary one is made of it, analysed, and deleted. Then the package is ``Approved`` or
    ``Rejected``; its approval description is the verdict's summary (at most 1000 characters, of the
    1024 that SageMaker takes), and its metadata are

    - ``ClarifyOutcome``: ``passed``, ``rejected`` or ``failed``;
    - ``ClarifyExecution``: ARN of the execution that says so;
    - ``ClarifyVerdict`` and, where the config asks for one, ``ClarifyReport``: their S3 URIs.

    A package whose run gave no verdict (it failed, took too long or could not start) stays as it is
    and awaits a person; its outcome is ``failed``, and so is the execution
    (``ClarifyPackageNotAnalysed``). Events do not try it again: start the state machine with
    ``{"model_package_arn": …}`` for that. A package that is being analysed already is left alone,
    and so is one that a person decided about meanwhile.

    An execution that is aborted cannot delete its temporary model: a second state machine hears of
    it and does so.

    The ids of its children are ``StateMachine``, ``LogGroup``, ``Rule``, ``RuleRole`` and
    ``CleanUp``, which has the same four; the states have their names as ids.

    Parameters
    ----------
    pipeline
        What analyses the model. Its ``Analysis`` has to allow temporary models:
        ``allowed_models=["clarify-candidate-*"]``.
    model_package_group_name
        The group, in this account and Region.
    model_role
        Role of the temporary models: has to read the packages' artifacts and pull their images.
    model_name_prefix
        What the names of temporary models begin with, at most 30 characters. Rights are scoped to
        it.
    timeout
        How long one analysis may take, waiting for capacity included. Default: two days.

    Raises
    ------
    Refused
        If the pipeline would refuse the temporary models, or SageMaker the metadata.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pipeline: ClarifyPipeline,
        model_package_group_name: str,
        model_role: iam.IRole,
        model_name_prefix: str = "clarify-candidate",
        timeout: Duration | None = None,
    ) -> None:
        analysis = pipeline.analysis
        if found := [*findings(analysis, model_package_group_name, model_name_prefix)]:
            raise Refused(found)
        super().__init__(scope, id)
        self._place = Place.of(Stack.of(self))
        self._group, self._role = model_package_group_name, model_role
        self._prefix = f"{model_name_prefix}-"
        machine, report = pipeline.state_machine, analysis.config.methods.report
        self.state_machine = standard_machine(
            self,
            "Analyse a model package that awaits approval, and decide by the verdict",
            approval_states(
                self,
                calls=self._calls(self),
                pipeline=machine,
                executions=self._place.arn("states", f"execution:{_name_of(machine)}"),
                report=report.page if report is not None else None,
                timeout=timeout or Duration.days(2),
            ),
        )
        start_on_event(
            self,
            state_machine=self.state_machine,
            description="A model package awaits approval: analyse it with Clarify",
            role_description="Starts Clarify analyses of model packages",
            pattern=events.EventPattern(
                source=["aws.sagemaker"],
                detail_type=["SageMaker Model Package State Change"],
                detail={
                    "ModelPackageGroupName": [model_package_group_name],
                    "ModelApprovalStatus": ["PendingManualApproval"],
                },
            ),
            input=events.RuleTargetInput.from_object(
                {
                    "model_package_arn": events.EventField.from_path("$.detail.ModelPackageArn"),
                    "event": events.EventField.event_id,
                }
            ),
        )
        self._clean_up()

    def _calls(self, scope: Construct) -> PackageCalls:
        return PackageCalls(
            scope,
            place=self._place,
            group_name=self._group,
            model_prefix=self._prefix,
            model_role=self._role,
        )

    def _clean_up(self) -> None:
        scope = Construct(self, "CleanUp")
        # What an execution was started with is a text in the event.
        read = sfn.Pass(
            scope,
            "ReadInput",
            parameters={"input": sfn.JsonPath.string_to_json(sfn.JsonPath.string_at("$.input"))},
        )
        # Not for long: whoever starts the package's analysis again makes a model of that name.
        delete = self._calls(scope).delete_model(
            "DeleteModel", "$.input.model_package_arn", max_attempts=2
        )
        gone = sfn.Succeed(scope, "Gone")
        not_deleted = (
            sfn.Choice(scope, "ModelNotDeleted")
            .when(sfn.Condition.string_matches("$.failure.Cause", _ABSENT), gone)
            .otherwise(left_behind(scope))
        )
        delete.add_catch(not_deleted, result_path="$.failure")
        machine = standard_machine(
            scope,
            "Delete the temporary model of an aborted execution",
            read.next(delete).next(gone),
        )
        start_on_event(
            scope,
            state_machine=machine,
            description="An analysis of a model package was aborted: delete its temporary model",
            role_description="Starts the clean-up after aborted analyses of model packages",
            pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "stateMachineArn": [self.state_machine.state_machine_arn],
                    "status": ["ABORTED", "TIMED_OUT"],
                },
            ),
            input=events.RuleTargetInput.from_event_path("$.detail"),
        )


def _name_of(machine: sfn.IStateMachine) -> str:
    return Fn.select(6, Fn.split(":", machine.state_machine_arn))
