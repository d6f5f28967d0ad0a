"""What can be changed while the emulator runs: enforcement, delays and faults."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ApiFault:
    """An error that the next ``CreateProcessingJob`` answers with."""

    code: str
    message: str


@dataclass
class Controls:
    """Switches and queues, read by the glue at each request; safe to change from any thread."""

    enforce_iam: bool = False
    creating_seconds: float = 2.0
    waiting_factor: float = 1.0
    _job_failures: deque[str] = field(default_factory=deque)
    _api_faults: deque[ApiFault] = field(default_factory=deque)
    _contexts: dict[str, Path] = field(default_factory=dict)
    _notes: dict[str, None] = field(default_factory=dict)
    _asked: dict[tuple[str, str, str], None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, text: str) -> None:
        """Remember something that this emulator left out, once."""
        with self._lock:
            self._notes[text] = None

    def notes(self) -> list[str]:
        """Return what was left out so far, in the order of its first appearance."""
        with self._lock:
            return list(self._notes)

    def ask(self, role_arn: str, action: str, resource: str) -> None:
        """Remember a permission that a role was asked for, once."""
        with self._lock:
            self._asked[role_arn, action, resource] = None

    def asked(self) -> list[tuple[str, str, str]]:
        """Return these permissions so far, in the order of their first appearance."""
        with self._lock:
            return list(self._asked)

    def context(self, image: str) -> Path | None:
        """Return the build context of an image, if its address was told."""
        with self._lock:
            return self._contexts.get(image)

    def next_job_failure(self) -> str | None:
        """Take the reason that the job starting now shall fail with, if one was asked for."""
        with self._lock:
            return self._job_failures.popleft() if self._job_failures else None

    def next_api_fault(self) -> ApiFault | None:
        """Take the error that the ``CreateProcessingJob`` call answered now shall get."""
        with self._lock:
            return self._api_faults.popleft() if self._api_faults else None

    def apply(self, command: str, argument: Any) -> Any:
        """Carry out one control call of the client; returns what to answer it with."""
        match command:
            case "enforce-iam":
                self.enforce_iam = bool(argument)
            case "creating-seconds":
                self.creating_seconds = float(argument)
            case "waiting-factor":
                self.waiting_factor = float(argument)
            case "fail-jobs":
                with self._lock:
                    self._job_failures.extend([str(argument["reason"])] * int(argument["count"]))
            case "refuse-jobs":
                fault = ApiFault(str(argument["code"]), str(argument["message"]))
                with self._lock:
                    self._api_faults.extend([fault] * int(argument["count"]))
            case "build-context":
                with self._lock:
                    self._contexts[str(argument["image"])] = Path(argument["folder"])
            case "notes":
                return self.notes()
            case "asked":
                return self.asked()
            case _:
                raise ValueError(f"no control call is named {command!r}")
        return None
