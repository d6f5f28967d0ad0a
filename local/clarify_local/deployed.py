"""Finds the pipeline in a deployed stack: its state machine says everything that a run needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clarify_local.aws import EmulatedAws
from clarify_local.deploy import DeployedStack
from clarify_local.errors import RehearsalFailed


class NoPipeline(RehearsalFailed):
    """The stack holds no pipeline of ours, or several of which none was chosen."""


@dataclass(frozen=True)
class Pipeline:
    """One deployed pipeline.

    Attributes
    ----------
    logical_id
        The state machine's name in the template.
    state_machine_arn
        What is started.
    prepare
        Name of the state that prepares a run.
    states
        Names of its states, in the definition's order.
    config
        The deployed analysis config.
    results_uri, dataset_uri
        Where runs are written, and where the data is read from unless the config or an execution
        says otherwise.
    role_arn, instances
        The job's role, and how many instances it has.
    functions
        Names of the functions that it invokes, by state.
    vpc_config
        Subnets and security groups of the job; None where it runs in no VPC.
    """

    logical_id: str
    state_machine_arn: str
    prepare: str
    states: tuple[str, ...]
    config: dict[str, Any]
    results_uri: str
    dataset_uri: str | None
    role_arn: str
    instances: int = 1
    functions: Mapping[str, str] = field(default_factory=dict)
    vpc_config: dict[str, list[str]] | None = None


def find_pipeline(
    aws: EmulatedAws, stack: DeployedStack, logical_id: str | None = None
) -> Pipeline:
    """Return the stack's pipeline.

    Parameters
    ----------
    logical_id
        Which one, where a stack has several: the state machine's logical id begins with it.

    Raises
    ------
    NoPipeline
        There is none, or a choice is needed.
    """
    found = [
        pipeline
        for resource in stack.of_type("AWS::StepFunctions::StateMachine")
        if (pipeline := _read(aws, resource.logical_id, resource.physical_id)) is not None
    ]
    chosen = [p for p in found if logical_id is None or p.logical_id.startswith(logical_id)]
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(sorted(pipeline.logical_id for pipeline in found))
    if not found:
        raise NoPipeline(f"stack {stack.name} deploys no ClarifyPipeline")
    raise NoPipeline(f"stack {stack.name} has these pipelines: {known}. Name one with --pipeline.")


def _read(aws: EmulatedAws, logical_id: str, arn: str) -> Pipeline | None:
    described = aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    definition = json.loads(described["definition"])
    for name, state in definition["States"].items():
        for payload in _payloads(state.get("Parameters")):
            job = _job(definition["States"])
            return Pipeline(
                logical_id=logical_id,
                state_machine_arn=arn,
                prepare=name,
                states=tuple(definition["States"]),
                config=json.loads(payload["config"]),
                results_uri=payload["pipeline"]["results_uri"],
                dataset_uri=payload["pipeline"].get("dataset_uri"),
                role_arn=job["RoleArn"],
                instances=job["ProcessingResources"]["ClusterConfig"]["InstanceCount"],
                functions={
                    state: parameters["FunctionName"]
                    for state, parameters in _parameters(definition["States"])
                    if "FunctionName" in parameters
                },
                vpc_config=_vpc_config(job),
            )
    return None


def _parameters(states: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in states.items():
        if isinstance(parameters := state.get("Parameters"), dict):
            yield name, parameters


def _job(states: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the request of the job."""
    return next(found for _, found in _parameters(states) if "ProcessingResources" in found)


def _vpc_config(job: dict[str, Any]) -> dict[str, list[str]] | None:
    found: dict[str, Any] | None = job["NetworkConfig"].get("VpcConfig")
    if found is not None and "Subnets.$" in found:
        # A list that only CloudFormation knew: States.StringSplit('subnet-1,…', ',').
        found = {**found, "Subnets": found["Subnets.$"].split("'")[1].split(",")}
    return found


def _payloads(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the payload of a Prepare task, wherever in a task's parameters it stands."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("config"), str) and isinstance(value.get("pipeline"), dict):
        yield value
    for inner in value.values():
        yield from _payloads(inner)
