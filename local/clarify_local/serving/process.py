"""A model's process: started, asked one request at a time, ended."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from clarify_local.serving.frames import read_frame, write_frame


class ModelError(RuntimeError):
    """The model's code raised on a request. `place` is the error's type and place, never data."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(f"the model's code failed: {place}")


class ModelUnavailable(RuntimeError):  # noqa: N818 - it reads as what happened
    """The model's process did not start, gave no answer in time, or ended."""


class ModelProcess:
    """One process that holds a model; several threads may ask it, one after the other.

    Parameters
    ----------
    what
        Which model: the arguments of `clarify_local.serving.worker`.
    folder
        Where the process runs.
    environment
        All of its environment variables.
    log
        File that gets what the model's code prints.
    start_seconds, invoke_seconds
        How long loading the model and one prediction may take.

    Raises
    ------
    ModelUnavailable
        If the model does not load, or not in time.
    """

    def __init__(
        self,
        what: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
        start_seconds: float,
        invoke_seconds: float,
    ) -> None:
        self._what = list(what)
        self._folder = folder
        self._environment = dict(environment)
        self._log = log
        self._start_seconds = start_seconds
        self._invoke_seconds = invoke_seconds
        self._lock = threading.Lock()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self.takes_arrays = False
        """Whether a request is decoded and an answer encoded by our defaults, so that NPY does."""
        with self._lock:
            self._start()

    def predict(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """Return the model's answer to one request, and the answer's content type.

        Raises
        ------
        ModelError
            The model's code raised; it serves the next request.
        ModelUnavailable
            No answer in time, or the process ended; the next request starts it anew.
        """
        with self._lock:
            if self._closed:
                raise ModelUnavailable("the model is no longer served")
            if self._process is None or self._process.poll() is not None:
                self._start()
            head, answer = self._exchange(
                {"content_type": content_type, "accept": accept}, body, self._invoke_seconds
            )
        if "error" in head:
            raise ModelError(head["error"])
        return answer, head["content_type"]

    def close(self) -> None:
        """End the process. Closing twice is fine."""
        self._closed = True
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
        with self._lock:
            self._end()

    def _start(self) -> None:
        self._end()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                # -P: the model's folder must not be where Python finds its own modules.
                [sys.executable, "-P", "-m", "clarify_local.serving.worker", *self._what],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        try:
            head, _ = self._exchange(None, b"", self._start_seconds)
            if "error" in head:
                raise ModelUnavailable(f"the model did not load: {head['error']}")
            self.takes_arrays = head["takes_arrays"]
        except BaseException:
            self._end()
            raise

    def _exchange(
        self, head: dict[str, Any] | None, body: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send a message (None: only listen) and read the answer; a late process is killed."""
        process = self._process
        assert process is not None  # noqa: S101 - both callers start it
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            if head is not None:
                write_frame(process.stdin, head, body)
            answer = read_frame(process.stdout)
        except OSError:
            answer = None
        except BaseException:
            self._end()  # its answer is still to come, and would be taken for the next one's
            raise
        finally:
            timer.cancel()
        if answer is not None:
            return answer
        code = process.wait()
        if late.is_set():
            raise ModelUnavailable(f"the model gave no answer within {seconds:g} seconds")
        raise ModelUnavailable(f"the model's process ended (exit code {code})")

    def _end(self) -> None:
        if (process := self._process) is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has no reader any more
                    continue
        self._process = None
