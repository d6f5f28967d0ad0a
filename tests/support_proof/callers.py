"""Who calls what in one configuration, derived from what is deployed.

The functions' own code says what they call; the definitions of the state machines say what their
tasks are; the request that they send says what its job does. Nothing is listed by hand but what a
service does by itself with a role (here, in `tasks` and in `jobs`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clarify_contract import AnalysisConfig
from support_proof import functions
from support_proof.account import Account, Resource, Role
from support_proof.calls import Call
from support_proof.expressions import evaluated
from support_proof.functions import ApiCall
from support_proof.jobs import job_calls, spelled
from support_proof.runs import Run, body_written, context_of, state_anywhere, tasks_of
from support_proof.services import FUNCTION_INTERFACES, LOG_DELIVERY, TRACE_SAMPLING, TRACE_SEGMENTS
from support_proof.storage import Storage, below
from support_proof.tasks import STARTED, task_calls

#: State machines by the state they begin with.
_MACHINES = {
    "Prepare": "workflow",
    "DescribeJob": "clean-up",
    "DescribePackage": "approval",
    "ReadInput": "approval's clean-up",
}
_FUNCTIONS = {
    "clarify_lambda.check.handler.handler": "check",
    "clarify_lambda.prepare.handler.handler": "Prepare",
}
#: The roles, in the order of a run.
TITLES = (
    "starter",
    "workflow",
    "Prepare",
    "job",
    "check",
    "clean-up",
    "approval",
    "approval's clean-up",
)


@dataclass(frozen=True)
class Assumption:
    """How a service takes on a role: for whom it says that it does so."""

    service: str
    source_arn: str | None


@dataclass(frozen=True)
class Caller:
    """A role, who takes it on and what is called with it.

    Attributes
    ----------
    title
        What it is, one of `TITLES`.
    in_vpc
        Whether its calls go through the endpoints of a VPC.
    function
        ARN of the function whose role it is.
    """

    title: str
    role: Role
    assumed: Assumption
    calls: tuple[Call, ...]
    in_vpc: bool = False
    function: str | None = None


class Deployment:
    """One configuration and everything that happens in it.

    Parameters
    ----------
    account
        What is deployed.
    data_keys
        ARNs of the keys of what lies in others' buckets, by the bucket's name.
    """

    def __init__(self, account: Account, data_keys: Mapping[str, str]) -> None:
        self.account, self._place = account, account.place
        self._machines = {
            _MACHINES[machine.properties["Definition"]["StartAt"]]: machine
            for machine in account.of_type("StepFunctions::StateMachine")
        }
        self._functions = {one.arn: one for one in account.of_type("Lambda::Function")}
        self._lambda_calls: dict[str, list[ApiCall]] = {arn: [] for arn in self._functions}
        self.runs = [self._run(given) for given in ({}, *self._overrides())]
        output_key = self.runs[0].request["ProcessingOutputConfig"].get("KmsKeyId")
        self._storage = Storage(account, output_key, data_keys)

    @property
    def lambda_calls(self) -> list[ApiCall]:
        """Every call that the functions' code made."""
        return [call for calls in self._lambda_calls.values() for call in calls]

    def callers(self) -> Iterator[Caller]:
        """Yield every role of the configuration with its calls."""
        yield self._job()
        for title, machine in self._machines.items():
            yield Caller(
                title,
                self.account.roles[machine.properties["RoleArn"]],
                Assumption("states.amazonaws.com", machine.arn),
                tuple(self._machine_calls(title, machine)),
            )
        for function in self._functions.values():
            yield Caller(
                _FUNCTIONS[function.properties["Handler"]],
                self.account.roles[function.properties["Role"]],
                Assumption("lambda.amazonaws.com", None),
                tuple(self._function_calls(function)),
                in_vpc="VpcConfig" in function.properties,
                function=function.arn,
            )
        yield from self._starters()

    def _job(self) -> Caller:
        first = self.runs[0].request
        job = f"processing-job/{first['ProcessingJobName']}"
        return Caller(
            "job",
            self.account.roles[first["RoleArn"]],
            Assumption("sagemaker.amazonaws.com", self._place.arn("sagemaker", job)),
            tuple(
                call
                for run in self.runs
                for call in job_calls(self._place, self._storage, run.request, run.config)
            ),
            in_vpc="VpcConfig" in first["NetworkConfig"],
        )

    # --- the workflow's runs ---------------------------------------------------------------------

    def _overrides(self) -> Iterator[dict[str, str]]:
        """Yield an execution's input for each model, endpoint and dataset that it may name."""
        definition = self._machines["workflow"].properties["Definition"]
        pipeline = definition["States"]["Prepare"]["Parameters"]["Payload"]["pipeline"]
        for name in pipeline["allowed_models"]:
            yield {"model_name": name.replace("*", "0a1b2c")}
        for name in pipeline["allowed_endpoints"]:
            yield {"endpoint_name": name.replace("*", "0a1b2c")}
        for uri in pipeline["allowed_datasets"]:
            yield {"dataset_uri": below(uri)}

    def _run(self, given: Mapping[str, str]) -> Run:
        context = context_of(self._machines["workflow"], given)
        event = self._task("Prepare", given, context)
        state, calls = functions.run(self._handler(event), event["Payload"])
        calls += functions.refused(self._handler(event), event["Payload"])
        self._lambda_calls[event["FunctionName"]] += calls
        failed = {**state, "job_failure": {"Error": "States.TaskFailed", "Cause": "{}"}}
        for name, before in (("CheckResults", state), ("ExplainFailure", failed)):
            event = self._task(name, before, context)
            _, called = functions.run(self._handler(event), event["Payload"])
            self._lambda_calls[event["FunctionName"]] += called
        written = body_written(calls, state["config_uri"])
        request = self._task("RunClarifyJob", state, context)
        return Run(state, AnalysisConfig(**json.loads(written)), request)

    def _task(
        self, name: str, state: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        task = self._machines["workflow"].properties["Definition"]["States"][name]
        parameters = evaluated(task["Parameters"], state, context)
        assert isinstance(parameters, dict)
        return parameters

    def _handler(self, event: Mapping[str, Any]) -> str:
        return str(self._functions[event["FunctionName"]].properties["Handler"])

    # --- what each of the others calls -----------------------------------------------------------

    def _machine_calls(self, title: str, machine: Resource) -> Iterator[Call]:
        for run in self.runs:
            predictor = run.config.predictor
            named = predictor.model_name if predictor is not None else None
            context = context_of(machine, {**run.state, "model_name": named or "none"})
            # The group's name in a package's ARN, as it was given and as SageMaker writes it.
            for group in spelled("Loans"):
                state = state_anywhere(self._place, run, group)
                for resource, given in tasks_of(machine.properties["Definition"], state, context):
                    yield from task_calls(self._place, resource, given)
                    if resource.endswith(":sns:publish"):
                        yield from self._topic_key(given["TopicArn"])
        if "LoggingConfiguration" in machine.properties:
            for action in LOG_DELIVERY:
                yield Call(f"logs:{action}", "*", "the delivery of its own log")
        if machine.properties.get("TracingConfiguration", {}).get("Enabled"):
            for action in (*TRACE_SAMPLING, *TRACE_SEGMENTS):
                yield Call(f"xray:{action}", "*", "its own traces")

    def _topic_key(self, arn: str) -> Iterator[Call]:
        for topic in self.account.of_type("SNS::Topic"):
            if topic.arn == arn and "KmsMasterKeyId" in topic.properties:
                for action in ("kms:Decrypt", "kms:GenerateDataKey"):
                    yield Call(action, topic.properties["KmsMasterKeyId"], "the key of the topic")

    def _function_calls(self, function: Resource) -> Iterator[Call]:
        for call in self._lambda_calls[function.arn]:
            yield from self._of_api(call)
        group = self._place.arn(
            "logs", f"log-group:{function.properties['LoggingConfig']['LogGroup']}"
        )
        stream = f"{group}:log-stream:2026/11/22/[$LATEST]0a1b2c"
        yield Call("logs:CreateLogStream", f"{group}:*", "its own log")
        yield Call("logs:PutLogEvents", stream, "its own log")
        if function.properties["TracingConfig"]["Mode"] == "Active":
            for action in TRACE_SEGMENTS:
                yield Call(f"xray:{action}", "*", "its own traces")
        if "VpcConfig" in function.properties:
            for action in FUNCTION_INTERFACES:
                yield Call(f"ec2:{action}", "*", "its place in the VPC, made by Lambda")

    def _of_api(self, call: ApiCall) -> Iterator[Call]:
        """Yield what a call of the functions' code asks of IAM; KeyError if that is not known."""
        given = call.parameters
        if call.service == "s3":
            uri = f"s3://{given['Bucket']}/{given.get('Key', given.get('Prefix'))}"
            make = {
                "get_object": self._storage.get,
                "list_objects_v2": self._storage.list,
                "put_object": self._storage.put,
            }[call.method]
            yield from make(uri, self._what(uri))
            return
        action, kind, key, what = _LOOKS[call.service, call.method]
        if kind is None:
            yield Call(action, "*", what)
            return
        for name in spelled(given[key]):
            resource = self._place.arn("sagemaker", f"{kind}/{name}")
            yield Call(action, resource, what, door="sagemaker.api")

    def _what(self, uri: str) -> str:
        for run in self.runs:
            if uri.startswith(f"{run.state['run_uri']}/"):
                name = uri.removeprefix(f"{run.state['run_uri']}/")
                return _FILES.get(name.partition("/")[0], name)
        results, _, _ = self.runs[0].state["run_uri"].rpartition("/")
        if uri.startswith(f"{results}/"):
            return "a former run's results"
        return "the baseline to compare with" if uri.endswith("/analysis.json") else "the data"

    def _starters(self) -> Iterator[Caller]:
        """Yield the roles with which rules and schedules start state machines."""
        for kind, service in (
            ("Events::Rule", "events.amazonaws.com"),
            ("Scheduler::Schedule", "scheduler.amazonaws.com"),
        ):
            for one in self.account.of_type(kind):
                source = one.arn or self._place.arn("scheduler", "schedule-group/default")
                single = "Target" in one.properties
                for target in [one.properties["Target"]] if single else one.properties["Targets"]:
                    yield Caller(
                        "starter",
                        self.account.roles[target["RoleArn"]],
                        Assumption(service, source),
                        (Call("states:StartExecution", target["Arn"], STARTED),),
                    )


#: What the functions look at beside S3: IAM's action, the kind of resource, its parameter.
_LOOKS = {
    ("ec2", "describe_subnets"): (
        "ec2:DescribeSubnets",
        None,
        "",
        "the zones of a model's subnets",
    ),
    ("sagemaker", "describe_endpoint"): (
        "sagemaker:DescribeEndpoint",
        "endpoint",
        "EndpointName",
        "the endpoint",
    ),
    ("sagemaker", "describe_model"): (
        "sagemaker:DescribeModel",
        "model",
        "ModelName",
        "the model",
    ),
}
_FILES = {"config": "the run's config", "output": "the run's results"}
