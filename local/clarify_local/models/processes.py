"""Several processes that hold the same model: whoever asks gets one that is free."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from typing import Final

from clarify_contract.findings import Finding
from clarify_engine.errors import AnalysisError
from clarify_local.serving import ModelError, ModelProcess, ModelUnavailable

CALL_SECONDS: Final = 600.0
"""How long a model may take for the rows of one call, of which there are more than in a request."""


class Processes:
    """As many processes as calls are under way at once; a context manager that ends them.

    The first is started at once, so that a model which does not load is known before anything is
    done for it; the others when they are needed.

    Parameters
    ----------
    start
        Starts a process.
    reference
        Which model it is, for messages.
    count
        Greatest number of processes.

    Raises
    ------
    AnalysisError
        If the model does not load.
    """

    def __init__(self, start: Callable[[], ModelProcess], reference: str, count: int) -> None:
        self._start = start
        self._reference = reference
        self._started: list[ModelProcess] = []
        self._free: SimpleQueue[ModelProcess | None] = SimpleQueue()
        self._closed = False
        for _ in range(count - 1):
            self._free.put(None)
        try:
            first = self._started_one()
        except ModelUnavailable as error:
            raise self._unavailable(error) from None
        self.takes_arrays = first.takes_arrays
        self._free.put(first)

    def ask(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """Return a process' answer to one request, and the answer's content type.

        Raises
        ------
        ModelError
            If the model's code raised.
        AnalysisError
            If the model is no longer there, or gave no answer in time.
        """
        process = self._free.get()
        try:
            if process is None:
                process = self._started_one()
            return process.predict(body, content_type, accept)
        except ModelUnavailable as error:
            raise self._unavailable(error) from None
        finally:
            self._free.put(process)

    def failure(self, error: ModelError) -> AnalysisError:
        """Return the error for a model whose code raised on rows that it must be able to take."""
        return AnalysisError(
            f"The model {self._reference} failed.",
            [
                Finding(
                    "model-error",
                    "--model",
                    error.place,
                    "a prediction for each row of the dataset",
                    "Call the model with rows of the dataset yourself, and mend what it raises.",
                )
            ],
        )

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        for process in self._started:
            process.close()

    def _started_one(self) -> ModelProcess:
        process = self._start()
        self._started.append(process)
        if self._closed:  # the block ended while it was starting
            process.close()
        return process

    def _unavailable(self, error: ModelUnavailable) -> AnalysisError:
        return AnalysisError(f"Could not ask the model {self._reference}: {error}.")
