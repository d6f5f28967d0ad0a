"""A Python callable of one's own as a model: ``module:callable``."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from clarify_local.models.processes import CALL_SECONDS, Processes
from clarify_local.serving import ModelError, ModelProcess
from clarify_local.serving.codecs import NPY
from clarify_local.serving.functions import ARROW
from clarify_local.serving.server import START_SECONDS


class FunctionModel:
    """A callable in processes of its own; a `clarify_engine.predict.Tabular`."""

    def __init__(self, spec: str, processes: Processes) -> None:
        self._processes = processes
        self.reference = spec

    def scores(self, features: pa.RecordBatch) -> np.ndarray[Any, Any]:
        """Return what the callable returns for some rows.

        Raises
        ------
        AnalysisError
            If it raises, gives no answer in time, or its process ends.
        """
        features = _lighter(features)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, features.schema) as stream:
            stream.write_batch(features)
        try:
            answer, _ = self._processes.ask(sink.getvalue().to_pybytes(), ARROW, NPY)
        except ModelError as error:
            raise self._processes.failure(error) from None
        said: np.ndarray[Any, Any] = np.load(io.BytesIO(answer), allow_pickle=False)
        return said


@contextmanager
def open_function(spec: str, workers: int) -> Iterator[FunctionModel]:
    """Open ``module:callable``, which is imported in the current directory.

    It is the person's own code: it runs with the environment variables of this process.

    Raises
    ------
    AnalysisError
        If it cannot be imported.
    """
    here, environment = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="clarify-model-") as folder:

        def start() -> ModelProcess:
            return ModelProcess(
                ["function", spec],
                folder=here,
                environment=environment,
                log=Path(folder) / "log",
                start_seconds=START_SECONDS,
                invoke_seconds=CALL_SECONDS,
            )

        with Processes(start, spec, workers) as processes:
            yield FunctionModel(spec, processes)


def _lighter(features: pa.RecordBatch) -> pa.RecordBatch:
    """Return the rows without dictionaries that are longer than the rows themselves."""
    columns = [
        column.dictionary_decode()
        if pa.types.is_dictionary(column.type) and len(column.dictionary) > len(column)
        else column
        for column in features.columns
    ]
    return pa.record_batch(columns, names=features.schema.names)
