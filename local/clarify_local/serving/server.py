"""Serves a model artifact as SageMaker's container does: unpacked, in a process of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from clarify_local.environment import bare_environment
from clarify_local.serving.artifact import unpack
from clarify_local.serving.process import ModelProcess

START_SECONDS = 120.0
INVOKE_SECONDS = 60.0
"""How long SageMaker waits for a model container's answer to one request."""


class ModelServer:
    """One model in a process of its own: made by `serve_model`, ended by ``close`` or ``with``."""

    def __init__(self, folder: Path, process: ModelProcess) -> None:
        self._folder = folder
        self._process = process

    @property
    def log(self) -> str:
        """What the model's code printed, with the tracebacks of its errors. It may quote data."""
        path = self._folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def predict(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """Return the answer to one request; see `ModelProcess.predict`."""
        return self._process.predict(body, content_type, accept)

    def close(self) -> None:
        """End the process and remove the unpacked model. Closing twice is fine."""
        self._process.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> ModelServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def start_artifact(
    folder: Path,
    environment: Mapping[str, str],
    *,
    start_seconds: float = START_SECONDS,
    invoke_seconds: float = INVOKE_SECONDS,
) -> ModelProcess:
    """Start a process for the artifact that is unpacked in ``folder / "model"``.

    It inherits nothing but `environment`: no credentials, no proxies, no settings of the person who
    runs this. Its log is ``folder / "log"``.
    """
    model = folder / "model"
    return ModelProcess(
        ["artifact", str(model)],
        folder=model,
        environment=bare_environment(home=folder) | {"SM_MODEL_DIR": str(model), **environment},
        log=folder / "log",
        start_seconds=start_seconds,
        invoke_seconds=invoke_seconds,
    )


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
        The model's own environment variables (``CreateModel``). Nothing else is inherited.
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
        process = start_artifact(
            folder, environment or {}, start_seconds=start_seconds, invoke_seconds=invoke_seconds
        )
        return ModelServer(folder, process)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
