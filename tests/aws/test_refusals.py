"""How Step Functions names what SageMaker refuses; no job starts."""

from __future__ import annotations

import pytest

from clarify_cdk import workflow
from support_aws.account import Account
from support_aws.jobs import Jobs

TOO_MANY = 100  # instances: beyond the quota of an account that did not ask for them
AT_ONCE = 100
LIMIT, RETRIED = workflow._LIMIT_EXCEEDED, workflow._REFUSED_OR_THROTTLED


@pytest.mark.proves("limit-error-name", cost="nothing, a minute")
def test_a_request_beyond_the_quota_has_the_name_that_is_retried(jobs: Jobs) -> None:
    if (emulator := jobs.account.emulator) is not None:
        emulator.refuse_next_jobs("ResourceLimitExceeded", "The account-level service limit")

    ended = jobs.run(jobs.given(TOO_MANY)).ended()

    assert ended.error == LIMIT, ended


@pytest.mark.proves("throttling-error-name", cost="nothing, 5 minutes")
def test_a_throttled_request_has_a_name_that_is_retried(account: Account, jobs: Jobs) -> None:
    number = AT_ONCE
    if (emulator := account.emulator) is not None:
        number = 2
        emulator.refuse_next_jobs("ThrottlingException", "Rate exceeded", number)

    runs = [jobs.run(jobs.given(TOO_MANY)) for _ in range(number)]
    ended = [run.ended() for run in runs]

    throttled = {one.error for one in ended if "Rate exceeded" in one.cause}
    if not throttled:
        pytest.skip(f"none of {number} requests at once was throttled: nothing is shown")
    assert throttled <= set(RETRIED)
