"""What SageMaker is asked for: the requests of processing jobs in a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clarify_cdk.testing.review import place
from clarify_contract import Finding

MACHINE = "AWS::StepFunctions::StateMachine"
PROCESSING_JOB = "AWS::SageMaker::ProcessingJob"
_CREATES_JOB = ":sagemaker:createProcessingJob"


def job_requests(resources: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each request with its path, from state machines and from the template itself."""
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] == PROCESSING_JOB:
            yield place(name, resource, "").rstrip(), properties
        elif resource["Type"] == MACHINE:
            definition = properties.get("DefinitionString", properties.get("Definition"))
            for state, request in _requests(definition, ""):
                yield place(name, resource, f"state {state}"), request


def unreadable(resources: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for each state machine whose definition cannot be looked into."""
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        definition = properties.get("DefinitionString", properties.get("Definition"))
        if resource["Type"] != MACHINE:
            continue
        if not isinstance(definition, Mapping) or "States" not in definition:
            yield Finding(
                "definition-unreadable",
                place(name, resource, "DefinitionString"),
                "a definition that is not in the template as JSON",
                "one that is, so that the jobs it starts can be judged",
                "Give sfn.DefinitionBody.from_chainable, or from_string.",
            )


def _requests(value: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        if _CREATES_JOB in str(value.get("Resource")):
            yield name, value.get("Parameters") or value.get("Arguments") or {}
        for key, entry in value.items():
            yield from _requests(entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from _requests(entry, name)
