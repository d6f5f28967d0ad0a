"""What a model's code need not bring itself: reading a request body and writing predictions.

The formats and shapes are those of the SageMaker inference toolkit's defaults, with one
difference: a CSV body of one row is one row of a table here, not a flat list.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np

NPY = "application/x-npy"
TEXT_TYPES = ("text/csv", "application/json")
"""Content types that a model's own ``input_fn`` gets as text; any other arrives as bytes."""
DECODABLE = ("text/csv", "application/json", "application/jsonlines", NPY)


def decode(body: str | bytes, content_type: str) -> np.ndarray[Any, Any]:
    """Return a request body as an array: CSV rows as a table, text where a value is no number."""
    if content_type == NPY:
        raw = body.encode() if isinstance(body, str) else body
        array: np.ndarray[Any, Any] = np.load(io.BytesIO(raw), allow_pickle=False)
        return array
    text = body.decode() if isinstance(body, bytes) else body
    if content_type == "text/csv":
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        try:
            return np.array(rows, dtype=float)
        except ValueError:
            return np.array(rows, dtype=object)
    if content_type == "application/json":
        return np.array(json.loads(text))
    if content_type == "application/jsonlines":
        return np.array([json.loads(line) for line in text.splitlines() if line.strip()])
    raise ValueError(
        f"content type {content_type}; without an input_fn only {', '.join(DECODABLE)}"
    )


def encode(prediction: Any, accept: str) -> bytes:
    """Return predictions in the asked format: one line, or one list item, for each record."""
    array = np.asarray(prediction)
    if accept == NPY:
        buffer = io.BytesIO()
        np.save(buffer, _plain(array), allow_pickle=False)
        return buffer.getvalue()
    values = array.tolist()
    if accept == "application/json":
        return json.dumps(values).encode()
    records = values if isinstance(values, list) else [values]
    if accept in ("text/csv", "*/*"):
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerows(r if isinstance(r, list) else [r] for r in records)
        return lines.getvalue().encode()
    if accept == "application/jsonlines":
        return "".join(json.dumps(record) + "\n" for record in records).encode()
    raise ValueError(f"accept type {accept}; without an output_fn only {', '.join(DECODABLE)}")


def _plain(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array of objects as one of texts or of numbers, which NPY can carry."""
    if array.dtype != object:
        return array
    kinds = {type(value) for value in array.flat}
    if kinds == {str}:
        return array.astype(str)
    if str in kinds:
        raise TypeError("predictions that are texts and numbers")
    return array.astype(float)
