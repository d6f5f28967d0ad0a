"""The rehearsal's way to the emulated AWS: explicit address and keys, nothing of the user's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from clarify_local.environment import NO_AWS_SETTINGS

ACCOUNT = "123456789012"
REGION = "us-east-1"


@contextmanager
def isolated() -> Iterator[None]:
    """Keep this process, too, from everything an AWS SDK would read from the environment.

    Within the block there are no ``AWS_…`` variables but those that switch profiles and the
    instance metadata service off, and no proxies. Afterwards everything is as it was.
    """
    before = dict(os.environ)
    for name in before:
        if name.startswith(("AWS_", "BOTO")) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(NO_AWS_SETTINGS)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass
class EmulatedAws:
    """Clients of one emulator.

    Parameters
    ----------
    endpoint
        Where it listens. Anything but loopback is refused.
    session
        A boto3 session with the administrator's keys.
    region, account
        Where stacks are deployed to.
    """

    endpoint: str
    session: boto3.Session
    region: str = REGION
    account: str = ACCOUNT
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.endpoint.startswith(("http://localhost:", "http://127.0.0.1:")):
            raise ValueError(f"a rehearsal talks to loopback only, not to {self.endpoint!r}")

    def client(self, service: str) -> Any:
        """Return a boto3 client; the same one for the same service."""
        if service not in self._clients:
            session: Any = self.session  # boto3's stubs know no service by a variable
            self._clients[service] = session.client(
                service,
                region_name=self.region,
                endpoint_url=self.endpoint,
                config=Config(
                    proxies={},
                    retries={"total_max_attempts": 1},
                    s3={"addressing_style": "path"},
                ),
            )
        return self._clients[service]

    def listed(self, service: str, operation: str, key: str, **given: object) -> Iterator[Any]:
        """Yield what an operation lists under a key of its answers, of all pages."""
        for page in self.client(service).get_paginator(operation).paginate(**given):
            yield from page[key]
