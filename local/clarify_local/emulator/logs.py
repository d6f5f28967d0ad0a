"""Writes lines to the emulated CloudWatch Logs, as the platform does for jobs and functions."""

from __future__ import annotations

import time
from collections.abc import Iterable

from moto.logs.models import logs_backends

from clarify_local.emulator.world import World

_LONGEST_EVENT = 250_000


def write(world: World, region: str, group: str, stream: str, lines: Iterable[str]) -> None:
    """Add lines to a log stream; group and stream are made where they are missing."""
    backend = logs_backends[world.options.account][region]
    if group not in backend.groups:
        backend.create_log_group(group, {})
    if stream not in backend.groups[group].streams:
        backend.create_log_stream(group, stream)
    now = int(time.time() * 1000)
    events = [
        {"timestamp": now, "message": line[:_LONGEST_EVENT]} for line in lines if line.strip()
    ]
    if events:
        backend.put_log_events(group, stream, events)
