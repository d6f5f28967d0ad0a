"""The task ``sagemaker:createProcessingJob``, and ``.sync``, which moto accepts but cannot run.

With ``.sync``, Step Functions tags the job (the role needs ``sagemaker:AddTags``), waits for its
end, gives its description as output or, where it failed or was stopped, as the cause of
``States.TaskFailed``, and stops the job when the execution is aborted. It also owns a rule in
EventBridge, for which the role needs rights.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_factory as factory,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
    ResourceCondition,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped

from clarify_local.emulator.identities import client
from clarify_local.emulator.json_values import plain
from clarify_local.emulator.patching import replace_imported
from clarify_local.emulator.sfn_clients import task_credentials
from clarify_local.emulator.sfn_rights import JOB_RULE, missing_rule_right
from clarify_local.emulator.shapes import input_shape
from clarify_local.emulator.world import World

MANAGED_TAG = {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}
_ACTION = "createProcessingJob"
_ERROR_NAMES = {
    "ResourceInUse": "SageMaker.ResourceInUseException",
    "ResourceLimitExceeded": "SageMaker.ResourceLimitExceededException",
}
_OTHER_ERROR = "SageMaker.AmazonSageMakerException"


def install(world: World) -> None:
    """Let the interpreter use our task for SageMaker."""

    class ProcessingJobTask(_ProcessingJobTask):
        emulator = world

    def state_task_service_for(service_name: str) -> Any:
        if service_name == "sagemaker":
            return ProcessingJobTask()
        return moto_service_for(service_name)

    moto_service_for = factory.state_task_service_for
    replace_imported(
        "moto.stepfunctions.parser",
        "state_task_service_for",
        moto_service_for,
        state_task_service_for,
    )


class _ProcessingJobTask(StateTaskServiceCallback):
    emulator: World
    _stop: Callable[[], Any]

    def __init__(self) -> None:
        # WaitForTaskToken is not supported by SageMaker, but moto's base class trips over its
        # absence after each task; definitions that use it are refused when they are made.
        patterns: Any = {ResourceCondition.Sync, ResourceCondition.WaitForTaskToken}
        super().__init__(supported_integration_patterns=patterns)

    def _get_supported_parameters(self) -> set[str] | None:
        if self.resource.api_action != _ACTION:
            return None
        return set(input_shape("sagemaker", "CreateProcessingJob").members)

    def _client(self, region: str, state_credentials: Any) -> Any:
        credentials = task_credentials(self.emulator, state_credentials.role_arn, region)
        return client(self.emulator, "sagemaker", region, credentials, validate=False)

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> None:
        region, role_arn = resource_runtime_part.region, state_credentials.role_arn
        if self.resource.condition is ResourceCondition.Sync:
            if denied := missing_rule_right(self.emulator, role_arn, region, JOB_RULE):
                raise FailureEventException(self._failed(env, _OTHER_ERROR, denied))
            tags = list(normalised_parameters.get("Tags") or ())
            normalised_parameters["Tags"] = [*tags, MANAGED_TAG]
        sagemaker = self._client(region, state_credentials)
        env.stack.append(plain(sagemaker.create_processing_job(**normalised_parameters)))

    def _build_sync_resolver(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> Callable[[], dict[str, Any] | None]:
        env.stack.pop()
        sagemaker = self._client(resource_runtime_part.region, state_credentials)
        name = normalised_parameters["ProcessingJobName"]

        def resolve() -> dict[str, Any] | None:
            job: dict[str, Any] = plain(sagemaker.describe_processing_job(ProcessingJobName=name))
            status = job["ProcessingJobStatus"]
            if status in ("Failed", "Stopped"):
                raise FailureEventException(self._failed(env, None, json.dumps(job)))
            return job if status == "Completed" else None

        self._stop = lambda: sagemaker.stop_processing_job(ProcessingJobName=name)
        return resolve

    def _eval_sync(self, env: Any, *args: Any, **kwargs: Any) -> Any:
        result = super()._eval_sync(env, *args, **kwargs)
        if isinstance(env.program_state(), ProgramStopped):
            try:
                self._stop()
            except ClientError as error:  # a best effort, as AWS says: the execution is aborted
                self.emulator.controls.note(f"an aborted execution's job was not stopped: {error}")
        return result

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        error, answer = ex.response["Error"], ex.response["ResponseMetadata"]
        cause = (
            f"{error['Message']} (Service: AmazonSageMaker; Status Code:"
            f" {answer['HTTPStatusCode']}; Error Code: {error['Code']}; Request ID:"
            f" {answer.get('RequestId')}; Proxy: null)"
        )
        return self._failed(env, _ERROR_NAMES.get(error["Code"], _OTHER_ERROR), cause)

    def _failed(self, env: Any, name: str | None, cause: str) -> Any:
        """Return the failure of this task; without a name it is ``States.TaskFailed``."""
        task_failed = StatesErrorNameType.StatesTaskFailed
        error_name = StatesErrorName(typ=task_failed) if name is None else CustomErrorName(name)
        details: Any = {
            "taskFailedEventDetails": TaskFailedEventDetails(
                error=name or task_failed.to_name(),
                cause=cause,
                resource=self._get_sfn_resource(),
                resourceType=self._get_sfn_resource_type(),
            )
        }
        return FailureEvent(
            env=env,
            error_name=error_name,
            event_type=HistoryEventType.TaskFailed,
            event_details=details,
        )
