"""SageMaker's processing jobs: moto accepts any request, drops half of it and says Completed.

``CreateProcessingJob`` is checked against the service's model here, and what it asks for is done.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.sagemaker.models import FakeProcessingJob
from moto.sagemaker.responses import SageMakerResponse

from clarify_local.emulator import job_events, job_worker
from clarify_local.emulator.authorization import as_request
from clarify_local.emulator.errors import ServiceError
from clarify_local.emulator.identities import NotTrusted, find_role, role_allows
from clarify_local.emulator.job_rights import network_permissions
from clarify_local.emulator.patching import replace
from clarify_local.emulator.shapes import input_shape, summary, violations
from clarify_local.emulator.world import World

_RUNNING = ("InProgress", "Stopping")


def install(world: World) -> None:
    """Put our CreateProcessingJob and StopProcessingJob in the place of moto's."""
    stops: dict[str, threading.Event] = {}

    def create_processing_job(self: Any) -> ActionResult:
        if fault := world.controls.next_api_fault():
            raise ServiceError(fault.code, fault.message)
        request = json.loads(self.body)
        _check(world, request, self.region)
        backend = self.sagemaker_backend
        name = request["ProcessingJobName"]
        if name in backend.processing_jobs:
            arn = backend.processing_jobs[name].arn
            raise ServiceError(
                "ResourceInUse",
                "Job name must be unique within an AWS account and region, and a job with this"
                f" name already exists ({arn})",
            )
        record = _record(request, self.current_account, self.region)
        backend.processing_jobs[name] = record
        stops[record.arn] = threading.Event()
        job = job_worker.Job(request, record.arn, self.region, stops[record.arn])
        job_events.send(world, record, "InProgress", self.region)
        threading.Thread(target=_carry_out, args=(world, job, record), daemon=True).start()
        return ActionResult({"ProcessingJobArn": record.arn})

    def stop_processing_job(self: Any) -> EmptyResult:
        name = self._get_param("ProcessingJobName")
        self.sagemaker_backend.describe_processing_job(name)  # says so if there is none
        record = self.sagemaker_backend.processing_jobs[name]
        if record.processing_job_status == "InProgress":
            record.processing_job_status = "Stopping"
            job_events.send(world, record, "Stopping", self.region)
            stops[record.arn].set()
        elif record.processing_job_status not in _RUNNING:
            raise ServiceError(
                "ValidationException",
                f"The request was rejected because the processing job is in status"
                f" {record.processing_job_status}.",
            )
        return EmptyResult()

    replace(SageMakerResponse, "create_processing_job", create_processing_job)
    replace(SageMakerResponse, "stop_processing_job", stop_processing_job)


def _carry_out(world: World, job: job_worker.Job, record: Any) -> None:
    record.processing_start_time = utcnow()
    outcome = job_worker.run(world, job)
    record.failure_reason = outcome.failure_reason
    record.exit_message = outcome.exit_message
    record.processing_end_time = record.last_modified_time = utcnow()
    # Sent first: whoever sees that the job has ended sees what the event set going, too.
    job_events.send(world, record, outcome.status, job.region)
    record.processing_job_status = outcome.status  # last: whoever polls reads the rest after it


def _record(request: Mapping[str, Any], account: str, region: str) -> Any:
    make: Any = FakeProcessingJob  # moto says that it needs what a request may leave out
    record = make(
        app_specification=request["AppSpecification"],
        experiment_config=request.get("ExperimentConfig"),
        network_config=request.get("NetworkConfig"),
        processing_inputs=request.get("ProcessingInputs"),
        processing_job_name=request["ProcessingJobName"],
        processing_output_config=request.get("ProcessingOutputConfig"),
        account_id=account,
        region_name=region,
        role_arn=request["RoleArn"],
        tags=list(request.get("Tags") or ()),
        stopping_condition=request.get("StoppingCondition"),
    )
    record.processing_job_status = "InProgress"
    record.processing_end_time = None
    record.processing_resources = request["ProcessingResources"]
    record.environment = request.get("Environment")
    record.failure_reason = record.exit_message = record.processing_start_time = None
    return record


def _check(world: World, request: Mapping[str, Any], region: str) -> None:
    if found := violations(input_shape("sagemaker", "CreateProcessingJob"), request):
        raise ServiceError("ValidationException", summary(found))
    if unsupported := _not_emulated(request):
        raise ServiceError("ValidationException", f"not emulated: {unsupported}")
    try:
        role = find_role(world, request["RoleArn"])
    except NotTrusted as error:
        raise ServiceError("ValidationException", f"Could not assume role: {error}") from error
    _check_network(world, request, region)
    if world.controls.enforce_iam:
        for permission in network_permissions(request):
            if not role_allows(world, role, as_request(world, permission, region)):
                raise ServiceError(
                    "ValidationException",
                    f"Access denied calling {permission.action} with the role {role.arn}. Please"
                    " make sure that the role has the required permissions for the given VPC.",
                )


def _check_network(world: World, request: Mapping[str, Any], region: str) -> None:
    vpc = (request.get("NetworkConfig") or {}).get("VpcConfig")
    if not vpc:
        return
    backend = ec2_backends[world.options.account][region]
    known: dict[str, Any] = {subnet.id: subnet for subnet in backend.describe_subnets()}
    known |= {group.id: group for group in backend.describe_security_groups()}
    networks: set[str | None] = set()
    for name in (*vpc["Subnets"], *vpc["SecurityGroupIds"]):
        if name in known:
            networks.add(known[name].vpc_id)
        else:  # such as those of a VPC that an app was given: they are in the real account only
            world.controls.note(f"{name} is not in the emulated account; its network is not judged")
    if len(networks) > 1:
        raise ServiceError(
            "ValidationException",
            "The subnets and security groups of a job must belong to one VPC; these are of"
            f" {', '.join(sorted(map(str, networks)))}",
        )


def _not_emulated(request: Mapping[str, Any]) -> str | None:
    for item in request.get("ProcessingInputs") or ():
        if "S3Input" not in item:
            return f"input {item['InputName']} without S3Input"
        source = item["S3Input"]
        if source.get("S3InputMode", "File") != "File":
            return f"S3InputMode {source['S3InputMode']} of input {item['InputName']}"
        if source.get("S3CompressionType", "None") != "None":
            return f"S3CompressionType {source['S3CompressionType']} of input {item['InputName']}"
    if "ClusterConfig" not in request["ProcessingResources"]:
        return "ProcessingResources without ClusterConfig"
    for output in (request.get("ProcessingOutputConfig") or {}).get("Outputs", ()):
        if "S3Output" not in output:
            return f"output {output['OutputName']} without S3Output"
    return None
