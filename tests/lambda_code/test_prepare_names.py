"""Names of a run are valid, unique and within the limits, whatever they are made from."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from clarify_contract import container
from clarify_lambda.prepare import names

# From the service model, section 1.1 and 2.6 of the specification.
VALID = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")
BASES = st.text() | st.from_regex(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,70}", fullmatch=True)
TOKENS = st.builds(names.run_token, st.text(), st.text(), st.integers(1, 99))


def test_limits_and_default_are_those_of_the_contract() -> None:
    assert names.JOB_NAME_MAX == container.JOB_NAME_MAX
    assert names.ENDPOINT_PREFIX_MAX == container.ENDPOINT_PREFIX_MAX
    assert names.DEFAULT_ENDPOINT_BASE == container.DEFAULT_ENDPOINT_PREFIX


@given(BASES | st.none(), TOKENS)
def test_endpoint_prefix_is_valid_lower_case_and_fits(base: str | None, token: str) -> None:
    prefix = names.endpoint_prefix(base, token)
    assert VALID.fullmatch(prefix)
    assert prefix == prefix.lower()
    assert len(prefix) <= 23


@given(BASES | st.none(), TOKENS)
def test_endpoint_prefix_begins_with_its_scope(base: str | None, token: str) -> None:
    scope = names.endpoint_scope(base)
    assert names.endpoint_prefix(base, token).startswith(scope)
    assert len(scope) > 1


@given(BASES | st.none(), TOKENS, TOKENS)
def test_runs_share_no_endpoint_prefix(base: str | None, one: str, other: str) -> None:
    same = names.endpoint_prefix(base, one) == names.endpoint_prefix(base, other)
    assert same == (one == other)


@given(BASES, BASES | st.none(), TOKENS)
def test_job_name_is_valid_lower_case_and_fits(prefix: str, name: str | None, token: str) -> None:
    job = names.job_name(prefix, name, token)
    assert VALID.fullmatch(job)
    assert job == job.lower()
    assert len(job) <= 63
    assert job.startswith(names.job_scope(prefix))


@given(BASES, BASES | st.none(), TOKENS, TOKENS)
def test_runs_share_no_job_name(prefix: str, name: str | None, one: str, other: str) -> None:
    same = names.job_name(prefix, name, one) == names.job_name(prefix, name, other)
    assert same == (one == other)


def test_names_read_as_what_they_were_made_from() -> None:
    token = "0123456789abcdef0123456789abcdef"
    assert names.endpoint_prefix("sm-clarify-loan", token) == "sm-clarify-loa-01234567"
    assert names.endpoint_prefix(None, token) == "sm-clarify-01234567"
    assert names.endpoint_scope("Loan_Model") == "loan-model-"
    assert names.job_name("clarify", None, token) == "clarify-0123456789ab"
    assert names.job_name("clarify", "Nightly", token) == "clarify-nightly-0123456789ab"


def test_long_name_is_cut_and_the_token_kept() -> None:
    job = names.job_name("clarify", "n" * 63, "f" * 32)
    assert len(job) == 63
    assert job == "clarify-" + "n" * 42 + "-" + "f" * 12


def test_token_is_the_same_for_the_same_attempt_only() -> None:
    arn = "arn:aws:states:us-east-1:111122223333:execution:clarify:run-"
    tokens = {
        names.run_token(f"{arn}{run}", f"2026-{month}-01T00:00:00Z", attempt)
        for run in range(40)
        for month in (1, 5)  # a name may be given again after 90 days
        for attempt in (1, 2)
    }
    assert len(tokens) == 160
    assert names.run_token(arn, "now", 1) == names.run_token(arn, "now", 1)
