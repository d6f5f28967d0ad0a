"""The processes an emulator starts: none outlives it, even if it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_LEASH = str(Path(__file__).with_name("leash.py"))


class Children:
    """Starts processes in groups of their own and kills whole groups.

    A job or a function may start processes itself; killing only the first of them would leave the
    others running.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def start(
        self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start a program whose output and errors are one stream, ``stdout``."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the emulator is stopping")
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", _LEASH, *command],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running.add(process)
            return process

    def signal(self, process: subprocess.Popen[bytes], number: int) -> None:
        """Send a signal to a process and all that it started."""
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return  # all of them have ended

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill what is left of a process' group, and forget it."""
        self.signal(process, signal.SIGKILL)
        process.wait()
        with self._lock:
            self._running.discard(process)

    def close(self) -> None:
        """Kill everything; nothing can be started any more."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for process in running:
            self.end(process)
