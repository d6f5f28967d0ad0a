"""One execution of the workflow, and what the tasks of any definition are given in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clarify_contract import AnalysisConfig
from support_proof.account import Resource
from support_proof.expressions import evaluated
from support_proof.functions import ApiCall
from support_proof.intrinsics import Place
from support_proof.jobs import shadow_names
from support_proof.storage import split


@dataclass(frozen=True)
class Run:
    """One execution of the workflow.

    Attributes
    ----------
    state
        What Prepare made of its input.
    config
        The analysis config that it wrote.
    request
        The ``CreateProcessingJob`` of its job.
    """

    state: Mapping[str, Any]
    config: AnalysisConfig
    request: Mapping[str, Any]


def body_written(calls: Sequence[ApiCall], uri: str) -> bytes:
    """Return what was written to a place."""
    (body,) = [
        call.parameters["Body"]
        for call in calls
        if call.method == "put_object"
        and (call.parameters["Bucket"], call.parameters["Key"]) == split(uri)
    ]
    assert isinstance(body, bytes)
    return body


def tasks_of(
    definition: Mapping[str, Any], state: Mapping[str, Any], context: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each task's resource and parameters, in whatever order they stand."""
    for one in definition["States"].values():
        if one["Type"] == "Task":
            yield one["Resource"], evaluated(one["Parameters"], state, context)
        if one["Type"] == "Map":
            item = evaluated(one["ItemSelector"], state, context)
            yield from tasks_of(one["ItemProcessor"], item, context)


def context_of(machine: Resource, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state machine's context object; what its maps go through is a shadow endpoint."""
    name = machine.arn.replace(":stateMachine:", ":execution:")
    execution = {"Id": f"{name}:run-1", "Name": "run-1", "StartTime": "2026-11-22T05:00:00.000Z"}
    endpoint, config = shadow_names(
        given.get("endpoint_name_prefix", ""), given.get("model_name", "loan")
    )
    return {
        "Execution": {**execution, "Input": dict(given)},
        "Map": {"Item": {"Value": {"EndpointName": endpoint, "EndpointConfigName": config}}},
    }


def state_anywhere(place: Place, run: Run, group: str) -> dict[str, Any]:
    """Return a state that has what any task reads, wherever in a definition it stands."""
    package = place.arn("sagemaker", f"model-package/{group}/1")
    prefix = run.state.get("endpoint_name_prefix")
    told = {
        "verdict": "passed",
        "summary": "",
        "verdict_uri": f"{run.state['run_uri']}/verdict.json",
    }
    state = {**run.state, "check": told}
    return {
        **state,
        "explanation": {"error": "ClarifyJobFailed", "reason": "", "retry": False},
        # Of the clean-up.
        "prefix": prefix,
        "behind": f"{prefix}~",
        # Of the approval.
        "model_package_arn": package,
        "input": {"model_package_arn": package},
        "analysed": {"run": state},
    }
