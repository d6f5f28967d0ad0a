"""A failed run is explained in plain words, whatever Step Functions caught."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_lambda.check.explain import Explanation, explain

CAPACITY = "CapacityError: Unable to provision requested ML compute capacity."


def job_failure(cause: Any, error: str = "States.TaskFailed", **run: Any) -> Explanation:
    """Explain a job's failure whose Cause is this text, or this description as JSON text."""
    text = cause if isinstance(cause, str) else json.dumps(cause)
    state = {"attempt": 1, "job_name": "clarify-1", **run}
    return explain(state | {"job_failure": {"Error": error, "Cause": text}}, 3)


def described(**members: Any) -> dict[str, Any]:
    return {
        "ProcessingJobName": "clarify-1",
        "ProcessingJobStatus": "Failed",
        "ProcessingInputs": [{"InputName": "analysis_config"}],
        **members,
    }


def test_failed_job_is_explained_by_its_failure_reason_and_last_words() -> None:
    found = job_failure(
        described(FailureReason="AlgorithmError: exit code 1", ExitMessage="Unable to load.")
    )
    assert found == Explanation(
        "ClarifyJobFailed",
        "The job clarify-1 failed: AlgorithmError: exit code 1. Its last words: Unable to load.",
        False,
    )


def test_last_words_that_the_reason_repeats_are_told_once() -> None:
    found = job_failure(
        described(FailureReason="ClientError: no facet", ExitMessage="no facet"),
    )
    assert found.reason == "The job clarify-1 failed: ClientError: no facet"


def test_stopped_job_without_a_reason_is_told_as_stopped() -> None:
    found = job_failure(described(ProcessingJobStatus="Stopped"))
    assert found.reason == "The job clarify-1 was stopped before it ended; it wrote no results."
    found = job_failure(
        described(ProcessingJobStatus="Stopped", ExitMessage="Signal 15 received, cleaning up.")
    )
    assert found.reason.endswith(" Its last words: Signal 15 received, cleaning up.")


def test_job_without_any_reason_points_to_its_log() -> None:
    found = job_failure(described())
    assert found.reason == "The job clarify-1 failed. SageMaker gave no reason; see the job's log."


def test_time_out_is_told_in_words() -> None:
    found = job_failure("", error="States.Timeout")
    assert found.reason.startswith("The job did not end within the state machine's time limit;")
    check = explain({"check_failure": {"Error": "States.Timeout", "Cause": ""}}, 3)
    assert check == Explanation("ClarifyCheckFailed", "The check did not end in time.", False)
    preparation = explain({"Error": "States.Timeout", "Cause": ""}, 3)
    assert preparation.reason == "The preparation did not end in time."


def test_refusal_of_the_api_is_told_with_its_name() -> None:
    found = job_failure("Could not find model.", error="SageMaker.AmazonSageMakerException")
    assert found.reason == "SageMaker.AmazonSageMakerException: Could not find model."


@pytest.mark.parametrize("length", [140, 200, 300])
@pytest.mark.proves("cause-cut")
def test_description_that_was_cut_off_still_gives_its_reason(length: int) -> None:
    text = json.dumps(described(FailureReason='Unable to "locate" the facet.'))
    text = text[text.index('"FailureReason"') :].rjust(length)
    found = job_failure("{" + text.rstrip("}") + ', "ProcessingInp')
    assert found.reason == 'Unable to "locate" the facet.'


def test_description_that_was_cut_off_before_its_reason_is_no_wall_of_json() -> None:
    found = job_failure(json.dumps(described())[:60])
    assert found.reason == "no reason was given, or it was cut off."


@pytest.mark.parametrize("cause", ["", " ", None])
def test_cause_that_is_missing_is_told(cause: Any) -> None:
    failure = {"Error": "States.TaskFailed", "Cause": cause}
    assert explain({"job_failure": failure}, 3).reason == "no reason was given."
    assert explain({"job_failure": {}}, 3).reason == "no reason was given."


@pytest.mark.parametrize("cause", ["42", "[1]", '"text"', "null", "{}", '{"FailureReason": 7}'])
def test_cause_that_is_json_of_another_kind_does_not_break(cause: str) -> None:
    assert job_failure(cause).error == "ClarifyJobFailed"


def test_failed_check_is_told_by_the_function_s_error() -> None:
    cause = {"errorMessage": "Access Denied", "errorType": "ClientError", "stackTrace": ["File"]}
    failure = {"Error": "ClientError", "Cause": json.dumps(cause)}
    found = explain({"attempt": 1, "check_failure": failure}, 3)
    assert found == Explanation("ClarifyCheckFailed", "ClientError: Access Denied", False)


def test_refused_run_is_told_by_its_reasons_alone() -> None:
    lines = "[override-unknown] execution input: got 'a'.\n[override-name] name: got 'a_b'."
    cause = {"errorMessage": lines, "errorType": "RunRefused", "stackTrace": ["File"]}
    found = explain({"Error": "RunRefused", "Cause": json.dumps(cause)}, 3)
    assert found == Explanation("ClarifyPreparationFailed", lines, False)


def test_other_error_of_the_preparation_is_told_with_its_type() -> None:
    cause = {"errorMessage": "'pipeline'", "errorType": "KeyError"}
    found = explain({"Error": "KeyError", "Cause": json.dumps(cause)}, 3)
    assert found.reason == "KeyError: 'pipeline'"


@pytest.mark.parametrize(
    "cause",
    [
        described(FailureReason=CAPACITY),
        json.dumps(described(FailureReason=CAPACITY))[:-1],
        CAPACITY,
    ],
    ids=["described", "cut off", "text"],
)
def test_job_without_capacity_is_run_again_until_attempts_are_used_up(cause: Any) -> None:
    assert [job_failure(cause, attempt=attempt).retry for attempt in (1, 2, 3, 4)] == [
        True,
        True,
        False,
        False,
    ]
    last = job_failure(cause, attempt=3).reason
    assert last.startswith("No capacity in 3 of 3 attempts. ")
    assert CAPACITY in last


def test_only_a_job_without_capacity_is_run_again() -> None:
    assert not job_failure(described(FailureReason="AlgorithmError: exit code 1")).retry
    assert not job_failure(described(ExitMessage="CapacityError in a model's text")).retry
    assert not job_failure(CAPACITY, attempt=None).retry
    assert not explain({"attempt": 1, "Error": "CapacityError", "Cause": CAPACITY}, 3).retry
    failure = {"Error": "CapacityError", "Cause": CAPACITY}
    assert not explain({"attempt": 1, "check_failure": failure}, 3).retry


def test_state_without_a_failure_is_an_error() -> None:
    with pytest.raises(ValueError, match="no failure"):
        explain({"attempt": 1}, 3)


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["FailureReason", "ExitMessage", "errorMessage", "errorType"])
            | st.text(),
            inner,
        )
    ),
    max_leaves=6,
)
CAUSES = JSON.map(json.dumps) | st.text() | JSON.map(lambda value: json.dumps(value)[:20]) | JSON


@given(st.sampled_from(["job_failure", "check_failure", ""]), JSON, CAUSES)
@pytest.mark.proves("cause-cut")
def test_any_cause_gives_a_reason_of_bounded_length(kind: str, error: Any, cause: Any) -> None:
    failure = {"Error": error, "Cause": cause}
    found = explain({kind: failure} if kind else failure, 2)
    assert found.reason
    assert len(found.reason) <= 1000
    json.dumps(found.reason, ensure_ascii=False).encode()


def test_long_reason_is_cut() -> None:
    reason = job_failure(described(FailureReason="word " * 1000)).reason
    assert len(reason) == 1000
    assert reason.endswith("…")
