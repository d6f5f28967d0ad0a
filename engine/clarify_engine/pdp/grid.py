"""The first pass of partial dependence: what each column holds, and so where its curve goes."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from clarify_engine.errors import AnalysisError
from clarify_engine.pdp.columns import Categories, Column, Numbers
from clarify_engine.pdp.curve import Curve


class PdpGrid:
    """Takes in all rows and gives the values that predictions are made for.

    It learns ranges and different values only, in memory of at most `MAX_CATEGORIES` texts for each
    column. The shares of the rows need the range first: `PdpPredictions` counts them, which sees
    all rows anyway.

    Columns of numbers are numerical. Booleans are categorical, and so are texts that are no free
    text (see `Categories`). The service's own rule is not known.

    Parameters
    ----------
    features
        Columns to look at: all that may be chosen later. Nothing but them is read of a batch.
    resolution
        `grid_resolution`: into how many buckets the range of a numerical column is cut.
    """

    def __init__(self, features: Sequence[str], resolution: int) -> None:
        self._resolution = resolution
        self._columns: dict[str, Column] = {}
        self._features = tuple(features)

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        for name in self._features:
            cells = batch.column(name)
            if name not in self._columns:
                self._columns[name] = self._column(name, cells.type)
            self._columns[name].update(cells)

    def curves(self, features: Sequence[str]) -> tuple[Curve, ...]:
        """Return the curves of some of the features, in the order given.

        Raises
        ------
        AnalysisError
            If there was no row.
        """
        if not self._columns:
            raise AnalysisError("The dataset has no rows.")
        return tuple(self._columns[name].curve() for name in features)

    def _column(self, name: str, type_: pa.DataType) -> Column:
        if pa.types.is_string(type_) or pa.types.is_boolean(type_):
            return Categories(name)
        return Numbers(name, self._resolution)
