"""What a state machine's role is asked for by each kind of task that our definitions have.

Sources: Step Functions developer guide, the pages on IAM policies for integrated services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from support_proof.calls import Call
from support_proof.intrinsics import Place

Parameters = Mapping[str, Any]
#: What a state machine is to those that start it.
STARTED = "the state machine it starts"
JOB_RULE = "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
EXECUTION_RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"


def task_calls(place: Place, resource: str, given: Parameters) -> Iterator[Call]:
    """Yield the calls of one task.

    Parameters
    ----------
    place
        Where the state machine is.
    resource
        The task's ``Resource``.
    given
        Its parameters, every expression worked out.

    Raises
    ------
    KeyError
        If no such task is known here: then nobody has said what it needs.
    """
    yield from _TASKS[resource.partition(":states:::")[2]](place, given)


def _invoke(place: Place, given: Parameters) -> Iterator[Call]:
    yield Call("lambda:InvokeFunction", given["FunctionName"], "the pipeline's functions")


def _job(place: Place, given: Parameters) -> Iterator[Call]:
    job = place.arn("sagemaker", f"processing-job/{given['ProcessingJobName']}")
    what = "a job of this pipeline's name"
    cluster = given["ProcessingResources"]["ClusterConfig"]
    vpc = given["NetworkConfig"].get("VpcConfig", {})
    context = {
        "sagemaker:InstanceTypes": (cluster["InstanceType"],),
        "sagemaker:VpcSubnets": tuple(vpc.get("Subnets", ())),
        "sagemaker:VpcSecurityGroupIds": tuple(vpc.get("SecurityGroupIds", ())),
    }
    context = {key: values for key, values in context.items() if values}
    yield Call("sagemaker:CreateProcessingJob", job, what, context)
    for action in ("AddTags", "DescribeProcessingJob", "ListTags", "StopProcessingJob"):
        yield Call(f"sagemaker:{action}", job, what)
    yield _pass(given["RoleArn"], "the job's role")
    yield from _managed_rule(place, JOB_RULE, "jobs")


def _pass(role: str, what: str) -> Call:
    return Call("iam:PassRole", role, what, {"iam:PassedToService": ("sagemaker.amazonaws.com",)})


def _managed_rule(place: Place, name: str, of: str) -> Iterator[Call]:
    for action in ("DescribeRule", "PutRule", "PutTargets"):
        rule = place.arn("events", f"rule/{name}")
        yield Call(f"events:{action}", rule, f"Step Functions' rule on the end of {of}")


def _start(place: Place, given: Parameters) -> Iterator[Call]:
    yield Call("states:StartExecution", given["StateMachineArn"], STARTED)


def _start_and_wait(place: Place, given: Parameters) -> Iterator[Call]:
    yield from _start(place, given)
    machine = given["StateMachineArn"].rpartition(":")[2]
    execution = place.arn("states", f"execution:{machine}:{given['Name']}")
    for action in ("DescribeExecution", "StopExecution"):
        yield Call(f"states:{action}", execution, "the run it waits for")
    yield from _managed_rule(place, EXECUTION_RULE, "executions")


def _publish(place: Place, given: Parameters) -> Iterator[Call]:
    yield Call("sns:Publish", given["TopicArn"], "the topic")


def _put_events(place: Place, given: Parameters) -> Iterator[Call]:
    for entry in given["Entries"]:
        bus = entry["EventBusName"]
        arn = bus if bus.startswith("arn:") else place.arn("events", f"event-bus/{bus}")
        yield Call("events:PutEvents", arn, "the bus")


def _named(action: str, key: str, kind: str, what: str) -> Callable[..., Iterator[Call]]:
    def calls(place: Place, given: Parameters) -> Iterator[Call]:
        yield Call(f"sagemaker:{action}", place.arn("sagemaker", f"{kind}/{given[key]}"), what)

    return calls


def _listed(action: str) -> Callable[..., Iterator[Call]]:
    def calls(place: Place, given: Parameters) -> Iterator[Call]:
        yield Call(f"sagemaker:{action}", "*", "every name, to find those of the run")

    return calls


def _package(action: str, key: str) -> Callable[..., Iterator[Call]]:
    def calls(place: Place, given: Parameters) -> Iterator[Call]:
        yield Call(f"sagemaker:{action}", given[key], "a package of the group")

    return calls


def _create_model(place: Place, given: Parameters) -> Iterator[Call]:
    model = place.arn("sagemaker", f"model/{given['ModelName']}")
    yield Call("sagemaker:CreateModel", model, _TEMPORARY)
    package = given["PrimaryContainer"]["ModelPackageName"]
    yield Call("sagemaker:CreateModel", package, "a package of the group")
    yield _pass(given["ExecutionRoleArn"], "the role of temporary models")


def _execution(action: str) -> Callable[..., Iterator[Call]]:
    def calls(place: Place, given: Parameters) -> Iterator[Call]:
        yield Call(f"states:{action}", given["ExecutionArn"], "the run it waits for")

    return calls


_TEMPORARY = "a temporary model"
_LEFT = "what a run of this pipeline left"
_TASKS: Mapping[str, Callable[[Place, Parameters], Iterator[Call]]] = {
    "aws-sdk:sagemaker:createModel": _create_model,
    "aws-sdk:sagemaker:deleteEndpoint": _named("DeleteEndpoint", "EndpointName", "endpoint", _LEFT),
    "aws-sdk:sagemaker:deleteEndpointConfig": _named(
        "DeleteEndpointConfig", "EndpointConfigName", "endpoint-config", _LEFT
    ),
    "aws-sdk:sagemaker:deleteModel": _named("DeleteModel", "ModelName", "model", _TEMPORARY),
    "aws-sdk:sagemaker:describeModelPackage": _package("DescribeModelPackage", "ModelPackageName"),
    "aws-sdk:sagemaker:describeProcessingJob": _named(
        "DescribeProcessingJob",
        "ProcessingJobName",
        "processing-job",
        "a job of this pipeline's name",
    ),
    "aws-sdk:sagemaker:listEndpointConfigs": _listed("ListEndpointConfigs"),
    "aws-sdk:sagemaker:listEndpoints": _listed("ListEndpoints"),
    "aws-sdk:sagemaker:updateModelPackage": _package("UpdateModelPackage", "ModelPackageArn"),
    "aws-sdk:sfn:getExecutionHistory": _execution("GetExecutionHistory"),
    "aws-sdk:sfn:stopExecution": _execution("StopExecution"),
    "events:putEvents": _put_events,
    "lambda:invoke": _invoke,
    "sagemaker:createProcessingJob.sync": _job,
    "sns:publish": _publish,
    "states:startExecution": _start,
    "states:startExecution.sync:2": _start_and_wait,
}
