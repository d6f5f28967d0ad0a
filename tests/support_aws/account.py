"""The account that a test of a fact runs in: one of AWS, or the emulator."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from clarify_contract import IMAGE_ACCOUNTS
from clarify_local.emulator.client import Emulator

OPT_IN = "CLARIFY_CDK_AWS"
IMAGE = "CLARIFY_CDK_AWS_IMAGE"
_WHERE = re.compile(r"(?P<profile>[^@]+)@(?P<account>\d{12})/(?P<region>[a-z0-9-]+)")
_UNSAID = (
    f"needs an AWS account: {OPT_IN}=<profile>@<account>/<region>; tests/aws/README.md says what"
    " is made there and what it costs"
)
#: Why a test cannot be tried on the emulator stands beside it.
only_on_aws = pytest.mark.parametrize("account", ["aws"], indirect=True)


class OptInRefused(Exception):  # noqa: N818 - it reads as what happened
    """The opt-in is not one, or leads elsewhere than it says."""


@dataclass(frozen=True)
class Account:
    """Where a test runs, and what has to be undone there.

    Attributes
    ----------
    session
        Of the one profile that was named, or of the emulator.
    number, region
        Of the account.
    image
        What processing jobs run.
    emulator
        None on AWS.
    prefix
        What the name of everything begins with that is made by this run of the tests.
    """

    session: Any
    number: str
    region: str
    image: str
    emulator: Emulator | None = None
    prefix: str = field(default_factory=lambda: f"clarify-facts-{secrets.token_hex(4)}")
    _undo: ExitStack = field(default_factory=ExitStack)

    def client(self, service: str) -> Any:
        """Return a boto3 client."""
        return self.session.client(service, region_name=self.region)

    def client_as(self, role_arn: str, service: str) -> Any:
        """Return a client with the rights of a role that this account may take on."""
        taken = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=self.prefix)
        keys = taken["Credentials"]
        return self.session.client(
            service,
            region_name=self.region,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    def later(self, undo: Callable[..., Any], *given: Any, **named: Any) -> None:
        """Have this done at the end, last first, whatever became of the tests."""
        self._undo.callback(undo, *given, **named)

    def wait_for(self, ask: Callable[[], Any], minutes: float) -> Any:
        """Return the first true answer; fail if there is none in time, half a minute here."""
        seconds = minutes * 60 if self.emulator is None else 30
        end = time.monotonic() + seconds
        while not (answer := ask()):
            assert time.monotonic() < end, f"still not so after {seconds} seconds"
            time.sleep(0.1 if self.emulator is not None else 10)
        return answer

    def settle(self) -> None:
        """Wait until all of AWS knows a role that was just made; it takes seconds there."""
        if self.emulator is None:
            time.sleep(20)


@contextmanager
def opened(account: Account) -> Iterator[Account]:
    """Undo what was done in an account at the end of the block."""
    with account._undo:
        yield account


@contextmanager
def emulated() -> Iterator[Account]:
    """Give an account that shows whether the tests themselves work."""
    with Emulator() as emulator:
        emulator.creating_seconds(1.5)
        emulator.waiting_factor(0.01)
        emulator.enforce_iam()
        region = emulator.region
        image = IMAGE_ACCOUNTS[region].image_uri(region)
        account = Account(emulator.session(), emulator.account, region, image, emulator)
        with opened(account):
            yield account
        assert not (left := [*_left(account)]), left


def _left(account: Account) -> Iterator[str]:
    """Yield what tests made and did not delete; packages, which cannot be deleted here, stay."""
    yield from (one["Name"] for one in account.client("s3").list_buckets()["Buckets"])
    cloudformation = account.client("cloudformation")
    yield from (one["StackName"] for one in cloudformation.describe_stacks()["Stacks"])
    sagemaker = account.client("sagemaker")
    yield from (one["ModelName"] for one in sagemaker.list_models()["Models"])
    yield from (one["EndpointName"] for one in sagemaker.list_endpoints()["Endpoints"])
    configs = sagemaker.list_endpoint_configs()["EndpointConfigs"]
    yield from (one["EndpointConfigName"] for one in configs)


@contextmanager
def opted_in() -> Iterator[Account]:
    """Give the account that the environment names; skip the test where it names none.

    Raises
    ------
    OptInRefused
        If the text names no profile, account and Region, or the profile leads to another account.
    """
    said = os.environ.get(OPT_IN)
    if not said:
        pytest.skip(_UNSAID)
    with opened(named_account(said, os.environ.get(IMAGE))) as account:
        yield account


def named_account(
    said: str, image: str | None = None, make_session: Callable[..., Any] = boto3.Session
) -> Account:
    """Return the account that an opt-in names; it is asked first whether it is that one.

    Parameters
    ----------
    said
        ``<profile>@<account>/<region>``. No other credentials are looked for.
    image
        What jobs run. Default: the managed image of the Region.
    make_session
        Makes the session of a profile.

    Raises
    ------
    OptInRefused
        As above, or if the Region has no managed image and none was named.
    """
    where = _WHERE.fullmatch(said)
    if where is None:
        raise OptInRefused(f"{OPT_IN} is {said!r}, not <profile>@<account>/<region>")
    region, number = where["region"], where["account"]
    if image is None and region not in IMAGE_ACCOUNTS:
        raise OptInRefused(f"{region} has no managed image: name one of your own by {IMAGE}")
    session = make_session(profile_name=where["profile"], region_name=region)
    actual = session.client("sts").get_caller_identity()["Account"]
    if actual != number:
        raise OptInRefused(f"{OPT_IN} names account {number}; the profile leads to {actual}")
    return Account(session, number, region, image or IMAGE_ACCOUNTS[region].image_uri(region))
