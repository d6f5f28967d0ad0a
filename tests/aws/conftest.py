"""The account of each test, once as the emulator has it and once as AWS does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support_aws.account import Account, emulated, opted_in
from support_aws.jobs import Jobs


@pytest.fixture(scope="session", params=["emulated", "aws"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    with emulated() if request.param == "emulated" else opted_in() as account:
        yield account


@pytest.fixture(scope="session")
def jobs(account: Account) -> Jobs:
    return Jobs(account)
