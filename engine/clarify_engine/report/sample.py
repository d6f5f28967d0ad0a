"""Local SHAP values of some rows, as a beeswarm shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

#: Rows that a sample should hold at the most: more make the report large and no clearer.
SAMPLE_ROWS: Final = 500

#: Shares of the rows below and above which values have the outermost colour, so that one outlier
#: does not take all colour from the others.
_LOW, _HIGH = 5, 95


@dataclass(frozen=True)
class ShapSample:
    """Local SHAP values of some rows; of the rows' own cells only how high they stand.

    Attributes
    ----------
    features
        Names of the F features.
    labels
        Keys of the K classes, as `analysis.json` has them.
    levels
        Rows of F levels: from 0 (the feature's low values in the sample) to 1 (its high ones); None
        where a cell is no number.
    values
        Rows of F features of K SHAP values.
    """

    features: tuple[str, ...]
    labels: tuple[str, ...]
    levels: tuple[tuple[float | None, ...], ...]
    values: tuple[tuple[tuple[float, ...], ...], ...]

    @classmethod
    def of(cls, rows: pa.RecordBatch, values: NDArray[np.float64], labels: Sequence[str]) -> Self:
        """Sample explained rows; all that are given are taken.

        Parameters
        ----------
        rows
            The rows, of the features in the order of `values`.
        values
            Shape ``(rows, features, classes)``: their SHAP values.
        labels
            The classes' keys.

        Raises
        ------
        ValueError
            The shapes do not fit.
        """
        if values.shape != (len(rows), rows.num_columns, len(labels)):
            raise ValueError(
                f"values of shape {values.shape} for {len(rows)} rows, {rows.num_columns} features"
                f" and {len(labels)} labels"
            )
        columns = [_levels(column) for column in rows.columns]
        return cls(
            features=tuple(rows.schema.names),
            labels=tuple(labels),
            levels=tuple(zip(*columns, strict=True)) if columns else (),
            values=tuple(tuple(map(tuple, row)) for row in values.tolist()),
        )


def _levels(column: pa.Array) -> list[float | None]:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        if not pa.types.is_boolean(column.type):
            return [None] * len(column)
        column = column.cast(pa.int8())
    cells: NDArray[Any] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    known = cells[np.isfinite(cells)]
    if not len(known):
        return [None] * len(column)
    low, high = np.percentile(known, (_LOW, _HIGH)).tolist()
    if low == high:  # nearly all values are one: the few others tell more than no colour
        low, high = float(known.min()), float(known.max())
    span = high - low
    levels = np.clip((cells - low) / span, 0, 1) if span > 0 else np.full(len(cells), 0.5)
    return [
        round(level, 3) if np.isfinite(cell) else None
        for level, cell in zip(levels.tolist(), cells.tolist(), strict=True)
    ]
