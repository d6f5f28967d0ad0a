"""A job that is stopped: the first signal becomes one exception, so that everything is cleaned up.

SageMaker stops a job with SIGTERM and kills it two minutes later. A person presses Ctrl-C, often
twice. Here only the first signal is raised, later ones are ignored: whoever cleans up is
interrupted at most once in the whole life of the process.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Interrupted(KeyboardInterrupt):
    """A signal asked the process to end: SIGTERM, or what Ctrl-C sends."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"Signal {number} received, cleaning up.")


class Interruption:
    """Raises `Interrupted` in the main thread, once, while its `with` block runs.

    Inside another such block, or in another thread than the main one, it changes nothing.
    """

    _active: Interruption | None = None

    def __init__(self) -> None:
        self._raised = False
        self._held = 0
        self._waiting: int | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> Interruption:
        here = threading.current_thread() is threading.main_thread()
        if here and Interruption._active is None:
            Interruption._active = self
            self._before = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if Interruption._active is self:
            for number, handler in self._before.items():
                signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() gave
            Interruption._active = None

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self._raised:
            log.warning("Signal %d received again, still cleaning up.", number)
            return
        if self._held:
            self._waiting = number
            return
        self._raised = True
        raise Interrupted(number)


@contextmanager
def held() -> Iterator[None]:
    """Let a signal wait until the block has ended, so that a short step is done or not begun."""
    active = Interruption._active
    if active is None:
        yield
        return
    active._held += 1
    try:
        yield
    finally:
        active._held -= 1
        if not active._held and active._waiting is not None:
            number, active._waiting = active._waiting, None
            active._receive(number, None)
