"""The rows that the flip test keeps: it alone needs them and not only their counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clarify_engine.bias.blocks import kind_of, plain
from clarify_engine.bias.flip_test import NON_NUMERIC, flip_test
from clarify_engine.bias.plan import BiasPlan
from clarify_engine.bias.table import MetricError


class FlipRows:
    """Features, facets and predicted labels of all rows, as long as the flip test is of use.

    Parameters
    ----------
    plan
        What to measure; nothing is kept unless FT is asked for.
    """

    def __init__(self, plan: BiasPlan) -> None:
        self._plan = plan
        self._texts: set[str] = set()
        self._batches: list[pa.RecordBatch] = []

    def keep(self, batch: pa.RecordBatch) -> None:
        """Keep what is needed of the next rows."""
        plan = self._plan
        if not plan.wants_flip_test or plan.predicted is None:
            return
        self._texts = {name for name in plan.features if kind_of(batch.column(name).type) == "text"}
        facets = {facet.column for facet in plan.facets}
        if any(self._is_usable(facet) for facet in facets):
            numeric = [name for name in plan.features if name not in self._texts]
            names = dict.fromkeys([*numeric, *facets, plan.predicted])
            self._batches.append(batch.select(list(names)))

    def merge(self, other: FlipRows) -> None:
        """Add other rows, as the later ones."""
        self._texts |= other._texts
        self._batches += other._batches

    def test(
        self,
        facet: str,
        sensitive: Callable[[pa.Array], NDArray[np.bool_]],
        positive: Callable[[pa.Array], NDArray[np.bool_]],
    ) -> float:
        """Return the flip test of a group.

        Parameters
        ----------
        facet
            The facet's column: it is no feature of the test.
        sensitive, positive
            Tell from cells of the facet and of the predicted label which rows are in the sensitive
            group, and which are predicted positive.

        Raises
        ------
        MetricError
            As `flip_test`, or a feature is no number.
        """
        predicted = self._plan.predicted
        if not self._is_usable(facet) or predicted is None:
            raise MetricError(NON_NUMERIC)
        features = [name for name in self._plan.features if name != facet]
        columns = [
            np.concatenate([_numbers(batch.column(name)) for batch in self._batches])
            for name in features
        ]
        rows = sum(map(len, self._batches))
        return flip_test(
            np.column_stack(columns) if columns else np.empty((rows, 0)),
            np.concatenate([sensitive(batch.column(facet)) for batch in self._batches]),
            np.concatenate([positive(batch.column(predicted)) for batch in self._batches]),
        )

    def _is_usable(self, facet: str) -> bool:
        return not self._texts - {facet}


def _numbers(array: pa.Array) -> NDArray[np.float64]:
    numbers = plain(array, kind_of(array.type)).to_numpy(zero_copy_only=False)
    # Integers with missing cells come as floats with NaN already.
    converted: NDArray[np.float64] = numbers.astype(np.float64, copy=False)
    return converted
