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
        What is asked; rows come as `Task.arranged` has them.
    baseline, rows
        The columns of both, a pair of one type for each feature.
    names
        The features' names.
    """
    explained, position = np.unique(
        np.concatenate([task.rows for task in tasks]), return_inverse=True
    )
    own = (position + len(baseline[0])).astype(np.int32)
    length = sum(task.predictions for task in tasks)
    columns = []
    for feature, (base, cells) in enumerate(zip(baseline, rows, strict=True)):
        indices = np.empty(length, dtype=np.int32)
        at, first = 0, 0
        for task in tasks:
            stop, last = at + task.predictions, first + len(task.rows)
            joined = task.part.lookup[task.places[:, feature]]
            block = task.arranged(indices[at:stop])
            block[:] = task.baseline[:, None, :]
            np.copyto(block, own[first:last, None, None], where=joined[:, :, None])
            at, first = stop, last
        dictionary = pa.concat_arrays([base, cells.take(pa.array(explained))])
        columns.append(pa.DictionaryArray.from_arrays(pa.array(indices), dictionary, safe=False))
    return pa.RecordBatch.from_arrays(columns, names=names)
