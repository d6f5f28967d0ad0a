"""Rows that are partly an explained row and partly a baseline row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clarify_engine.shap.tasks import Task

Indices = NDArray[np.int32]


def synthetic_rows(
    tasks: Sequence[Task], baseline: Sequence[pa.Array], rows: Sequence[pa.Array], names: list[str]
) -> pa.RecordBatch:
    """Return the rows that tasks ask about, one task after the other.

    No cell is copied for them: their columns are dictionaries of the baseline's and the explained
    rows' cells, and say which of them comes where. (A dictionary may hold a cell twice, and null.)

    Parameters
    ----------
    tasks
        What is asked: rows vary slowest, then coalitions, then baseline rows.
    baseline, rows
        The columns of both, a pair of one type for each feature.
    names
        The features' names.
    """
    explained = pa.array(np.concatenate([task.rows for task in tasks]))
    length = sum(task.predictions for task in tasks)
    columns = []
    for feature, (base, cells) in enumerate(zip(baseline, rows, strict=True)):
        indices = np.empty(length, dtype=np.int32)
        at, first = 0, len(base)
        for task in tasks:
            stop = at + task.predictions
            _fill(indices[at:stop].reshape(task.shape), task, feature, first)
            at, first = stop, first + len(task.rows)
        dictionary = pa.concat_arrays([base, cells.take(explained)])
        columns.append(pa.DictionaryArray.from_arrays(pa.array(indices), dictionary, safe=False))
    return pa.RecordBatch.from_arrays(columns, names=names)


def _fill(indices: Indices, task: Task, feature: int, first: int) -> None:
    """Say where each row of a task has its cell of a feature; `first`: the task's first row."""
    own = np.arange(first, first + len(task.rows), dtype=np.int32)[:, None, None]
    if task.design is None:
        indices[:] = own
        return
    if task.part.baseline is None:
        others = np.arange(task.baseline.start, task.baseline.stop, dtype=np.int32)[None, None, :]
    else:
        others = task.part.baseline.astype(np.int32)[None, :, None]
    joined = task.part.lookup[task.places[:, feature]][:, :, None]
    indices[:] = others
    np.copyto(indices, own, where=joined)
