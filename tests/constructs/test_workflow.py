"""The states of a pipeline and the ways between them."""

from __future__ import annotations

import pytest

from support_constructs.states import transitions
from support_constructs.templates import Template, assembly


@pytest.fixture(scope="module")
def template() -> Template:
    return assembly("recommended-flags").template("ModelInOwnVpc")


def test_every_transition_leads_to_a_state_and_every_state_is_reached(template: Template) -> None:
    definition = template.definition()
    targets = {name for state in definition["States"].values() for name in transitions(state)}
    assert targets | {definition["StartAt"]} == set(definition["States"])


def test_a_run_is_prepared_then_run_then_checked(template: Template) -> None:
    definition = template.definition()
    assert definition["StartAt"] == "Prepare"
    assert [
        template.state(name)["Next"] for name in ("Prepare", "RunClarifyJob", "CheckResults")
    ] == [
        "RunClarifyJob",
        "CheckResults",
        "Verdict",
    ]
    assert "QueryLanguage" not in definition


def test_only_a_passed_verdict_passes(template: Template) -> None:
    verdict = template.state("Verdict")
    assert verdict["Choices"] == [
        {"Variable": "$.check.verdict", "StringEquals": "passed", "Next": "Passed"}
    ]
    assert verdict["Default"] == "Rejected"
    assert template.state("Passed")["Type"] == "Succeed"
    assert template.state("Rejected") == {
        "Type": "Fail",
        "Error": "ClarifyRejected",
        "CausePath": "$.check.summary",
    }


def test_every_failure_is_caught_and_explained(template: Template) -> None:
    caught = {
        name: state["Catch"]
        for name, state in template.definition()["States"].items()
        if state["Type"] == "Task"
    }
    everything = {"ErrorEquals": ["States.ALL"], "Next": "ExplainFailure"}
    refused = [
        "SageMaker.ResourceLimitExceededException",
        "SageMaker.AmazonSageMakerException",
        "SageMaker.ThrottlingException",
    ]
    kept = {"ResultPath": "$.job_failure"}
    assert caught == {
        "Prepare": [everything],
        "RunClarifyJob": [
            {"ErrorEquals": refused, "Next": "ExplainFailure", **kept},
            {"ErrorEquals": ["States.ALL"], "Next": "StartCleanUp", **kept},
        ],
        "StartCleanUp": [{**everything, "ResultPath": None}],
        "CheckResults": [{**everything, "ResultPath": "$.check_failure"}],
        "ExplainFailure": [{"ErrorEquals": ["States.ALL"], "Next": "FailureUnexplained"}],
    }


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("PreparationFailed", "ClarifyPreparationFailed"),
        ("JobFailed", "ClarifyJobFailed"),
        ("CheckFailed", "ClarifyCheckFailed"),
    ],
)
def test_an_explained_failure_ends_in_its_own_state_with_the_reason(
    template: Template, name: str, error: str
) -> None:
    assert {
        "Variable": "$.explanation.error",
        "StringEquals": error,
        "Next": name,
    } in template.state("Failure")["Choices"]
    assert template.state(name) == {
        "Type": "Fail",
        "Error": error,
        "CausePath": "$.explanation.reason",
    }


def test_lack_of_capacity_prepares_a_new_name_and_is_asked_first(template: Template) -> None:
    first = template.state("Failure")["Choices"][0]
    assert first == {"Variable": "$.explanation.retry", "BooleanEquals": True, "Next": "Prepare"}
    payload = template.state("ExplainFailure")["Parameters"]["Payload"]
    assert payload == {"explain": {"max_attempts": 3}, "run.$": "$"}


def test_the_same_name_is_tried_again_only_where_no_job_was_started(template: Template) -> None:
    errors = [entry["ErrorEquals"] for entry in template.state("RunClarifyJob")["Retry"]]
    assert errors == [
        ["SageMaker.ResourceLimitExceededException"],
        ["SageMaker.AmazonSageMakerException", "SageMaker.ThrottlingException"],
    ]


@pytest.mark.parametrize("name", ["Prepare", "CheckResults", "ExplainFailure"])
def test_a_function_that_is_throttled_is_asked_again(template: Template, name: str) -> None:
    errors = {error for entry in template.state(name)["Retry"] for error in entry["ErrorEquals"]}
    assert {"Lambda.TooManyRequestsException", "Lambda.ServiceException"} <= errors


def test_the_job_leaves_the_state_as_prepare_made_it(template: Template) -> None:
    assert template.state("RunClarifyJob")["ResultPath"] is None
    assert template.state("Prepare")["OutputPath"] == "$.Payload"
    assert "ResultPath" not in template.state("Prepare")


def test_after_a_failed_job_a_clean_up_is_started_and_not_waited_for(template: Template) -> None:
    state = template.state("StartCleanUp")
    assert state["Resource"] == "arn:${AWS::Partition}:states:::states:startExecution"
    assert state["Parameters"]["Input"] == {"job_name.$": "$.job_name"}
    assert state["Parameters"]["StateMachineArn"].startswith("${PipelineCleanUpStateMachine")
    assert (state["ResultPath"], state["Next"]) == (None, "ExplainFailure")


def test_without_a_model_a_failed_job_is_explained_at_once() -> None:
    template = assembly("recommended-flags").template("PreTrainingWithoutVpc")
    assert template.state("RunClarifyJob")["Catch"] == [
        {"ErrorEquals": ["States.ALL"], "Next": "ExplainFailure", "ResultPath": "$.job_failure"}
    ]
