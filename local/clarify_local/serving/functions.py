"""A Python callable as a model: rows come as an Arrow stream, what it returns goes back as NPY."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from clarify_engine.matrix import to_matrix
from clarify_local.serving.codecs import NPY, encode
from clarify_local.serving.loaded import Loaded

ARROW: Final = "application/vnd.apache.arrow.stream"


def load_function(spec: str, folder: Path) -> Loaded:
    """Import ``module:callable``, where dots in `callable` are attributes.

    Parameters
    ----------
    spec
        What to import.
    folder
        Where modules are looked for first.
    """
    name, _, path = spec.partition(":")
    sys.path.insert(0, str(folder))
    found: Any = importlib.import_module(name)
    function: Callable[[Any], Any] = reduce(getattr, path.split("."), found)
    if not callable(function):
        raise TypeError(f"{spec} is no callable")

    def transform(body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        with pa.ipc.open_stream(body) as stream:
            rows = stream.read_all().combine_chunks()
        return encode(function(table(rows)), NPY), NPY

    return Loaded(transform, root=folder, elsewhere="what it calls")


def table(rows: pa.Table) -> np.ndarray[Any, Any]:
    """Return rows as an array of shape (rows, columns).

    It is ``float64`` with NaN for missing cells if every column is numeric or boolean; else of
    objects: Python's own numbers, texts and truth values, and None for missing cells.
    """
    columns = [_plain(column.combine_chunks()) for column in rows.columns]
    if any(pa.types.is_string(column.type) for column in columns):
        array = np.empty((rows.num_rows, len(columns)), dtype=object)
        for index, column in enumerate(columns):
            array[:, index] = column.to_pylist()
        return array
    return to_matrix(pa.record_batch(columns, names=rows.schema.names))


def _plain(column: pa.Array) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):  # combining an encoded column of no rows gives one
        column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
