"""No test finds its way to AWS by itself, and what it made goes whatever happens."""

from __future__ import annotations

from typing import Any

import pytest

from support_aws.account import (
    IMAGE,
    OPT_IN,
    Account,
    OptInRefused,
    named_account,
    opened,
    opted_in,
)


class _Session:
    """Answers who it is, as a profile of account 111122223333."""

    def __init__(self, profile_name: str, region_name: str) -> None:
        self.asked = (profile_name, region_name)

    def client(self, _service: str) -> _Session:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "111122223333"}


def test_without_the_opt_in_a_test_is_skipped_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OPT_IN, raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"{OPT_IN}=<profile>@<account>/<region>"):
        opted_in().__enter__()


def test_the_named_profile_and_region_are_used_and_no_other() -> None:
    account = named_account("sandbox@111122223333/eu-central-1", make_session=_Session)
    assert account.session.asked == ("sandbox", "eu-central-1")
    assert (account.number, account.region) == ("111122223333", "eu-central-1")
    assert account.image.startswith("017069133835.dkr.ecr.eu-central-1.amazonaws.com/")
    assert account.emulator is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("1", "<profile>@<account>/<region>"),
        ("111122223333/eu-central-1", "<profile>@<account>/<region>"),
        ("sandbox@444455556666/eu-central-1", "leads to 111122223333"),
        ("sandbox@111122223333/us-gov-east-1", IMAGE),
    ],
)
def test_an_opt_in_that_is_none_or_leads_elsewhere_is_refused(said: str, why: str) -> None:
    with pytest.raises(OptInRefused, match=why):
        named_account(said, make_session=_Session)


def test_what_was_made_goes_last_first_whatever_happens() -> None:
    done: list[Any] = []
    account = Account(None, "111122223333", "eu-central-1", "image")

    def fail() -> None:
        raise ConnectionError("once")

    account.later(done.append, "stack")
    account.later(fail)
    account.later(done.append, "endpoint")
    with pytest.raises(ConnectionError, match="once"), opened(account):
        done.append("test")
    assert done == ["test", "endpoint", "stack"]
