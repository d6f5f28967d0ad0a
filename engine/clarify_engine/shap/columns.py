"""Explained rows and baseline rows, column by column in one type."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clarify_engine.shap.design import Bools


def plain(array: pa.Array) -> pa.Array:
    """Return a column's cells without a dictionary."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def aligned(baseline: pa.Array, rows: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return both in one type: the rows' own, unless whole numbers meet a baseline that is not.

    Raises
    ------
    ValueError
        If one has texts and the other numbers, or one truth values and the other none.
    """
    if baseline.type == rows.type:
        return baseline, rows
    if baseline.null_count == len(baseline):
        return pa.nulls(len(baseline), rows.type), rows
    if rows.null_count == len(rows):
        return baseline, pa.nulls(len(rows), baseline.type)
    if {baseline.type, rows.type} != {pa.int64(), pa.float64()}:
        raise ValueError(f"a baseline column is {baseline.type}, and {rows.type} in the rows")
    try:
        return baseline.cast(rows.type), rows
    except pa.ArrowInvalid:  # a fraction: it would be lost
        return baseline, rows.cast(baseline.type)


def differing(baseline: Sequence[pa.Array], rows: Sequence[pa.Array]) -> Bools:
    """Return which cells differ from a baseline row's, shape ``(rows, features)``.

    Null equals null. With several baseline rows a cell differs if it differs from any of them.
    """
    return np.stack(
        [_differing(of.unique(), cells) for of, cells in zip(baseline, rows, strict=True)], axis=1
    )


def _differing(values: pa.Array, cells: pa.Array) -> Bools:
    if len(values) > 1:
        return np.ones(len(cells), dtype=np.bool_)
    if values.null_count:
        differs = pc.is_valid(cells)
    else:
        differs = pc.fill_null(pc.not_equal(cells, values[0]), True)
    return np.asarray(differs)


def differing_each(baseline: Sequence[pa.Array], rows: Sequence[pa.Array]) -> Bools:
    """Return which cells differ from each baseline row's, ``(baseline rows, rows, features)``."""
    result = np.empty((len(baseline[0]), len(rows[0]), len(rows)), dtype=np.bool_)
    for feature, (of, cells) in enumerate(zip(baseline, rows, strict=True)):
        both = pa.concat_arrays([of, cells]).dictionary_encode(null_encoding="encode")
        codes = np.asarray(both.indices)
        np.not_equal(codes[: len(of), None], codes[None, len(of) :], out=result[:, :, feature])
    return result
