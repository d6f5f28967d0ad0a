"""How long each part of a rehearsal took."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class PhaseListener(Protocol):
    """What wants to know when a phase begins and ends."""

    def phase(self, name: str, seconds: float | None) -> None:
        """Take note: a phase began (``seconds`` None) or ended."""


class Phases:
    """Measures phases, which may overlap, against the wall clock."""

    def __init__(self, listener: PhaseListener) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Measure one phase; a phase that ends with an error is not reported as done."""
        began = time.monotonic()
        with self._lock:
            self._listener.phase(name, None)
        yield
        took = time.monotonic() - began
        with self._lock:
            self.seconds[name] = took
            self._listener.phase(name, took)

    @property
    def total(self) -> float:
        """Seconds since the first moment."""
        return time.monotonic() - self._began
