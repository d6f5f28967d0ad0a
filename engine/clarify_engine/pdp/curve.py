"""At which values of a feature predictions are made, and which rows of the data are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

DataType = Literal["numerical", "categorical", "free_text"]

#: What the service says of a column that is neither numerical nor categorical.
UNSUPPORTED: Final = (
    "Detected data type is not supported for PDP. "
    "PDP can only be computed for numerical or categorical columns"
)
#: Our words for a column of nothing but missing cells: the service's for it are unknown.
NO_VALUES: Final = "The column has no values."


@dataclass(frozen=True, slots=True)
class Curve:
    """The values of one feature that predictions are made for.

    Attributes
    ----------
    feature
        Name of the column.
    data_type
        What it holds.
    values
        The values, in the curve's order; of type double, string or bool. Empty with an `error`.
    inner_edges
        Numerical columns: where one bucket ends and the next begins, one less than there are
        `values`.
    error
        Why there is no curve, as it is written into the results.
    """

    feature: str
    data_type: DataType
    values: pa.Array
    inner_edges: NDArray[np.float64] | None = None
    error: str | None = None

    def counts(self, cells: pa.Array) -> NDArray[np.int64]:
        """Return how many cells belong to each value; missing and infinite ones to none."""
        if self.inner_edges is None:
            places = pc.index_in(cells, self.values).drop_null().to_numpy()
        else:
            places = np.searchsorted(self.inner_edges, finite(cells), side="right")
        return np.bincount(places, minlength=len(self.values))


def buckets(feature: str, low: float, high: float, resolution: int) -> Curve:
    """Return the curve of a numerical column: centres of buckets of equal width over its range.

    A bucket holds its lower edge; the last one holds both. A constant column has one bucket, at its
    value.

    Parameters
    ----------
    feature
        Name of the column.
    low, high
        Its smallest and its largest value.
    resolution
        Number of buckets.
    """
    if low == high:
        resolution = 1
    # Between the ends by weights: their difference may be beyond all floats.
    part = np.arange(2 * resolution + 1) / (2 * resolution)
    steps = np.clip(low * (1 - part) + high * part, low, high)
    return Curve(feature, "numerical", pa.array(steps[1::2]), steps[2:-1:2])


def finite(cells: pa.Array) -> NDArray[np.float64]:
    """Return the numbers of a column as floats, without missing and infinite ones."""
    numbers = cells.drop_null().to_numpy().astype(np.float64, copy=False)
    kept: NDArray[np.float64] = numbers[np.isfinite(numbers)]
    return kept
