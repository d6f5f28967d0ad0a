"""Writes lines to the emulated CloudWatch Logs, as the platform does for jobs and functions."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from moto.logs.models import logs_backends

from clarify_local.emulator.authorization import as_request
from clarify_local.emulator.identities import find_role, role_allows
from clarify_local.emulator.permissions_sagemaker import Permission
from clarify_local.emulator.world import World

_LONGEST_EVENT = 250_000
_RIGHTS = ("logs:CreateLogStream", "logs:PutLogEvents")


@dataclass(frozen=True)
class Log:
    """A log stream that a platform writes to with somebody's role.

    Without the rights to write, nothing is written and nothing fails: so it is in AWS.
    """

    world: World
    role_arn: str
    region: str
    group: str
    stream: str

    def write(self, lines: Iterable[str]) -> None:
        """Add lines; group and stream are made where they are missing."""
        if not self._may_write():
            return
        backend = logs_backends[self.world.options.account][self.region]
        if self.group not in backend.groups:
            backend.create_log_group(self.group, {})
        if self.stream not in backend.groups[self.group].streams:
            backend.create_log_stream(self.group, self.stream)
        now = int(time.time() * 1000)
        events = [
            {"timestamp": now, "message": line[:_LONGEST_EVENT]} for line in lines if line.strip()
        ]
        if events:
            backend.put_log_events(self.group, self.stream, events)

    def _may_write(self) -> bool:
        if not self.world.controls.enforce_iam:
            return True
        role = find_role(self.world, self.role_arn)
        account = self.world.options.account
        stream = f"arn:aws:logs:{self.region}:{account}:log-group:{self.group}:log-stream:x"
        return all(
            role_allows(self.world, role, as_request(self.world, permission, self.region))
            for permission in (Permission(action, stream) for action in _RIGHTS)
        )
