"""Starts the model's process, asks it for predictions, and ends it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clarify_local.environment import bare_environment
from clarify_local.serving.artifact import unpack
from clarify_local.serving.frames import read_frame, write_frame

START_SECONDS = 120.0
INVOKE_SECONDS = 60.0
"""How long SageMaker waits for a model container's answer to one request."""


class ModelError(RuntimeError):
    """The model's code raised on a request. The message names type and place, never data."""


class ModelUnavailable(RuntimeError):  # noqa: N818 - it reads as what happened
    """The model's process did not start, gave no answer in time, or ended."""


class ModelServer:
    """One model in a process of its own: made by `serve_model`, ended by ``close`` or ``with``."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], start: float, invoke: float
    ) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._start_seconds = start
        self._invoke_seconds = invoke
        self._lock = threading.Lock()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        with self._lock:
            self._start()

    @property
    def log(self) -> str:
        """What the model's code printed, with the tracebacks of its errors. It may quote data."""
        path = self._folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

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
            raise ModelError(f"the model's code failed: {head['error']}")
        return answer, head["content_type"]

    def close(self) -> None:
        """End the process and remove the unpacked model. Closing twice is fine."""
        self._closed = True
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
        with self._lock:
            self._end()
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> ModelServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        self._end()
        model = self._folder / "model"
        environment = bare_environment(home=self._folder) | {
            "SM_MODEL_DIR": str(model),
            **self._environment,
        }
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                # -P: the model's folder must not be where Python finds its own modules.
                [sys.executable, "-P", "-m", "clarify_local.serving.worker", str(model)],
                cwd=model,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        try:
            head, _ = self._exchange(None, b"", self._start_seconds)
            if "error" in head:
                raise ModelUnavailable(f"the model did not load: {head['error']}")
        except ModelUnavailable:
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


def serve_model(
    model_tar: bytes | Path,
    environment: Mapping[str, str] | None = None,
    *,
    start_seconds: float = START_SECONDS,
    invoke_seconds: float = INVOKE_SECONDS,
) -> ModelServer:
    """Unpack a model artifact and serve it until it is closed.

    Parameters
    ----------
    model_tar
        ``model.tar.gz``, or where it is. It holds ``code/inference.py`` with ``model_fn`` and,
        where the defaults (CSV, JSON, JSON Lines, NPY) do not do, ``input_fn``, ``predict_fn`` and
        ``output_fn``.
    environment
        The model's own environment variables (``CreateModel``). Nothing else is inherited: no
        credentials, no proxies, no settings of the person who runs this.
    start_seconds, invoke_seconds
        How long loading the model and one prediction may take.

    Raises
    ------
    ArtifactError
        The artifact cannot be unpacked safely.
    ModelUnavailable
        ``model_fn`` raised, or took too long.
    """
    folder = Path(tempfile.mkdtemp(prefix="clarify-model-"))
    try:
        (folder / "model").mkdir()
        unpack(model_tar, folder / "model")
        return ModelServer(folder, environment or {}, start_seconds, invoke_seconds)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
