"""What the first pass learns about one column: its range, or its different values."""

from __future__ import annotations

from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from clarify_engine.pdp.curve import NO_VALUES, UNSUPPORTED, Curve, DataType, buckets, finite

#: Different texts beyond which a column is taken for free text, and its texts are not kept.
MAX_CATEGORIES: Final = 1000
#: Words in a text, on the mean over the different ones, from which they may be sentences.
SENTENCE_WORDS: Final = 3


class Column(Protocol):
    """What is learnt about one column."""

    def update(self, cells: pa.Array) -> None:
        """Take in the cells of the next rows."""
        ...

    def curve(self) -> Curve:
        """Return the curve of what was learnt."""
        ...


class Numbers:
    """The range of a column of numbers; all of them are numerical, codes of categories too.

    Parameters
    ----------
    feature
        Name of the column.
    resolution
        Number of buckets of its curve.
    """

    def __init__(self, feature: str, resolution: int) -> None:
        self._feature = feature
        self._resolution = resolution
        self._range: tuple[float, float] | None = None

    def update(self, cells: pa.Array) -> None:
        """Widen the range."""
        numbers = finite(cells)
        if not len(numbers):
            return
        low, high = float(numbers.min()), float(numbers.max())
        if self._range is not None:
            low, high = min(low, self._range[0]), max(high, self._range[1])
        self._range = low, high

    def curve(self) -> Curve:
        """Return the centres of the buckets."""
        if self._range is None:
            return _no_curve(self._feature, "numerical", NO_VALUES)
        return buckets(self._feature, *self._range, self._resolution)


class Categories:
    """The different values of a column of texts or booleans.

    How the service tells categories from free text is not known. Here a text column is free text if

    - it has more than `MAX_CATEGORIES` different texts (the curve would have as many values, each
      of them asked for with every row), or
    - its different texts have `SENTENCE_WORDS` words or more on the mean, and are more than half as
      many as there are texts.

    Parameters
    ----------
    feature
        Name of the column.
    """

    def __init__(self, feature: str) -> None:
        self._feature = feature
        self._filled = 0
        self._values: pa.Array | None = None
        self._too_many = False

    def update(self, cells: pa.Array) -> None:
        """Add new values."""
        self._filled += len(cells) - cells.null_count
        if self._too_many:
            return
        found = pc.unique(cells).drop_null()
        if self._values is not None:
            found = pc.unique(pa.concat_arrays([self._values, found]))
        self._too_many = len(found) > MAX_CATEGORIES
        self._values = None if self._too_many else found

    def curve(self) -> Curve:
        """Return the different values in ascending order.

        The service's order is not known; ascending depends on nothing but the values.
        """
        if self._too_many or self._are_sentences():
            return _no_curve(self._feature, "free_text", UNSUPPORTED)
        if self._values is None or not len(self._values):
            return _no_curve(self._feature, "categorical", NO_VALUES)
        return Curve(self._feature, "categorical", self._values.take(_ascending(self._values)))

    def _are_sentences(self) -> bool:
        values = self._values
        if values is None or not pa.types.is_string(values.type):
            return False
        if 2 * len(values) <= self._filled:
            return False
        words = sum(len(text.split()) for text in values.to_pylist())
        return words >= SENTENCE_WORDS * len(values)


def _ascending(values: pa.Array) -> pa.Array:
    sortable = values.cast(pa.int8()) if pa.types.is_boolean(values.type) else values
    return pc.sort_indices(sortable)


def _no_curve(feature: str, data_type: DataType, error: str) -> Curve:
    return Curve(feature, data_type, pa.array([], pa.string()), error=error)
