"""A ``model.tar.gz`` as a model: asked with bodies, or with arrays where its handlers allow it."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from clarify_engine.errors import AnalysisError
from clarify_engine.predict import ModelFailure, RequestFormat
from clarify_local.models.processes import CALL_SECONDS, Processes
from clarify_local.serving import ArtifactError, ModelError, ModelProcess, start_artifact, unpack
from clarify_local.serving.codecs import NPY
from clarify_local.serving.functions import table

_CSV = "text/csv"


class ArtifactModel:
    """An artifact in processes of its own; a `clarify_engine.predict.Transport`."""

    def __init__(self, reference: str, processes: Processes) -> None:
        self._processes = processes
        self.reference = reference

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        """Return the answer of the artifact's handlers; see `Transport.invoke`."""
        try:
            return self._processes.ask(body, content_type, accept)
        except ModelError as error:
            raise ModelFailure(place=error.place) from None


class ArrayArtifactModel(ArtifactModel):
    """One whose handlers are the defaults; a `clarify_engine.predict.Tabular` too.

    A table of numbers goes to it as an array, which is what its default handler would make of CSV;
    writing and reading that text takes longer than most models need. Any other table goes as CSV,
    and is what that handler makes of it: texts.
    """

    def scores(self, features: pa.RecordBatch) -> np.ndarray[Any, Any]:
        """Return what the model's ``predict_fn`` returns for some rows.

        Raises
        ------
        AnalysisError
            If it raises, gives no answer in time, or its process ends.
        """
        if all(map(_is_plain_number, features.columns)):
            body, content_type = _npy(table(pa.Table.from_batches([features]))), NPY
        else:
            request = RequestFormat(_CSV, tuple(features.schema.names))
            records = request.records(request.cells(features), 0, features.num_rows)
            body, content_type = request.body(records), _CSV
        try:
            answer, _ = self._processes.ask(body, content_type, NPY)
        except ModelError as error:
            raise self._processes.failure(error) from None
        said: np.ndarray[Any, Any] = np.load(io.BytesIO(answer), allow_pickle=False)
        return said


@contextmanager
def open_artifact(path: Path, workers: int) -> Iterator[ArtifactModel]:
    """Unpack a ``model.tar.gz`` and serve it; its code inherits nothing of this process.

    Raises
    ------
    AnalysisError
        If it cannot be unpacked safely, or does not load.
    """
    with path.open("rb") as packed:
        reference = f"{path.name} sha256:{hashlib.file_digest(packed, 'sha256').hexdigest()}"
    with tempfile.TemporaryDirectory(prefix="clarify-model-") as name:
        folder = Path(name)
        (folder / "model").mkdir()
        try:
            unpack(path, folder / "model")
        except ArtifactError as error:
            raise AnalysisError(f"Could not unpack the model {path.name}: {error}.") from None

        def start() -> ModelProcess:
            return start_artifact(folder, {}, invoke_seconds=CALL_SECONDS)

        with Processes(start, path.name, workers) as processes:
            kind = ArrayArtifactModel if processes.takes_arrays else ArtifactModel
            yield kind(reference, processes)


def _is_plain_number(column: pa.Array) -> bool:
    """Whether CSV carries a column as numbers: no missing cells, which are empty there."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.dictionary_decode() if column.dictionary.null_count else column.indices
    return (pa.types.is_integer(kind) or pa.types.is_floating(kind)) and not column.null_count


def _npy(rows: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, rows, allow_pickle=False)
    return buffer.getvalue()
