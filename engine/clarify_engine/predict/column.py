"""The predicted labels of a whole dataset, kept on disk until their one type is known."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from clarify_engine.errors import AnalysisError
from clarify_engine.predict.problems import unreadable

_WHOLE = re.compile(r"[+-]?[0-9]+")
_INTEGER_RANGE = range(-(2**63), 2**63)


class PredictionColumn:
    """Predicted labels in the order of the dataset's rows, written once and read back.

    A model answers in batches, and a batch of labels may look whole where a later one has a
    fraction or a text. So labels are kept as they came, and get their type (`int64`, `double`,
    `bool` or `string`, as pandas would infer it over the whole column) when they are read.

    Parameters
    ----------
    file
        Where to keep them; the caller removes it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kinds: set[str] = set()
        self.rows = 0

    def append(self, labels: Sequence[Any], *, is_text: bool) -> None:
        """Add the labels of the next rows; `is_text` if a number may stand there as text (CSV)."""
        self._kinds |= {_kind(label, is_text=is_text) for label in labels}
        batch = pa.record_batch({"label": pa.array([str(label) for label in labels], pa.string())})
        with self._file.open("ab") as sink, pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        self.rows += len(labels)

    @property
    def type(self) -> pa.DataType:
        """The type that holds every label."""
        if self._kinds <= {"int"}:
            return pa.int64()
        if self._kinds <= {"int", "float"}:
            return pa.float64()
        return pa.bool_() if self._kinds == {"bool"} else pa.string()

    def read(self, wanted: pa.DataType | None = None) -> PredictionReader:
        """Start reading from the first row, as `wanted` or else as `type`."""
        return PredictionReader(self._file, wanted or self.type)


class PredictionReader:
    """Reads predicted labels in pieces of any length."""

    def __init__(self, file: Path, wanted: pa.DataType) -> None:
        self._type = wanted
        self._pieces = _stored(file)
        self._rest: pa.Array = pa.array([], pa.string())

    def take(self, count: int) -> pa.Array:
        """Return the labels of the next `count` rows."""
        parts: list[pa.Array] = []
        missing = count
        while missing:
            if not len(self._rest):
                self._rest = next(self._pieces)
            parts.append(self._rest[:missing])
            self._rest = self._rest[missing:]
            missing -= len(parts[-1])
        texts = pa.concat_arrays(parts) if parts else pa.array([], pa.string())
        return _typed(texts, self._type)


def _stored(file: Path) -> Iterator[pa.Array]:
    with file.open("rb") as source:
        end = file.stat().st_size
        while source.tell() < end:
            with pa.ipc.open_stream(source) as stream:
                yield from (batch.column("label") for batch in stream)


def _kind(label: Any, *, is_text: bool) -> str:
    if isinstance(label, bool):
        return "bool"
    if isinstance(label, int):
        return "int" if label in _INTEGER_RANGE else "text"
    if isinstance(label, float):
        if math.isnan(label):
            raise _no_label("NaN")
        return "float"
    if not isinstance(label, str):
        raise _no_label("a list, an object or nothing")
    return _kind_of_text(label) if is_text else "text"


def _kind_of_text(text: str) -> str:
    if text in ("True", "False"):
        return "bool"
    if _WHOLE.fullmatch(text):
        return _kind(int(text), is_text=False)
    try:
        return _kind(float(text), is_text=False)
    except ValueError:
        return "text"


def _typed(texts: pa.Array, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_string(wanted):
        return texts
    if pa.types.is_boolean(wanted):
        return pa.array([text not in ("False", "0") for text in texts.to_pylist()], wanted)
    read = int if pa.types.is_integer(wanted) else float
    return pa.array([read(text) for text in texts.to_pylist()], wanted)


def _no_label(given: str) -> AnalysisError:
    return unreadable(
        "label-kind",
        "label",
        f"{given} where a label should be",
        "a text, a number or a truth value for each record",
        "Compare it with a response of the model.",
    )
