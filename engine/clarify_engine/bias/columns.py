"""A column for which values are given: its rows' answers, and what decides how they are read."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clarify_engine.bias.blocks import Block, read_block
from clarify_engine.bias.datatype import Kind, is_continuous
from clarify_engine.bias.distinct import DistinctInts
from clarify_engine.bias.plan import Value
from clarify_engine.bias.readings import Above, Reading, Readings
from clarify_engine.errors import AnalysisError

Codes = NDArray[np.uint8]

NO_THRESHOLD: Final = "Threshold values must be provided for continuous features"
NO_NUMBER: Final = (
    "Facet/label value provided must be a single numeric threshold for continuous data"
)
NOT_FINITE: Final = "Cannot convert non-finite values (NA or inf) to integer"
NOT_CONVERTED: Final = "Could not convert string to float."


class Column:
    """One pass over a column.

    Parameters
    ----------
    name
        The column's name.
    values
        What the config gives for it; may be empty for a facet: then each of the column's values
        stands for itself.
    kind
        What it holds, the same for all rows.
    predicted
        Whether it is the column of predicted labels.

    Attributes
    ----------
    readings
        The ways to read the given values.
    questions
        What each row is asked; bit i of a row's code is its answer to question i.
    hits
        Number of rows that answer yes, by question.
    filled, missing
        Numbers of cells with and without a value.
    span
        The least and the greatest value, if the column holds numbers or texts that are integers.
    """

    def __init__(
        self, name: str, values: tuple[Value, ...], kind: Kind, *, predicted: bool = False
    ) -> None:
        self.name = name
        self.values = values
        self.kind = kind
        self.readings = Readings.of(values, kind, predicted=predicted)
        self.questions: tuple[Reading, ...] = self.readings.questions if values else ()
        self.hits = [0] * len(self.questions)
        self.filled = 0
        self.missing = 0
        self.span: tuple[int | float, int | float] | None = None
        self._castable = True
        self._parsable = True
        self._distinct = DistinctInts()

    def codes(self, array: pa.Array) -> Codes:
        """Take in the next rows, and return their answers as one code each."""
        block = read_block(array, self.kind, integers=self._castable and len(self.values) < 2)
        self._watch(block)
        codes: Codes = np.zeros(len(array), dtype=np.uint8)
        for bit, question in enumerate(self.questions):
            answers = block.answers(question)
            self.hits[bit] += int(np.count_nonzero(answers))
            codes |= answers.view(np.uint8) << bit
        return codes

    def answers(self, array: pa.Array, reading: Reading) -> NDArray[np.bool_]:
        """Return for rows that were taken in before whether a reading holds for them."""
        return read_block(array, self.kind, integers=isinstance(reading, Above)).answers(reading)

    def merge(self, other: Column) -> None:
        """Add what another pass over other rows of the same column has seen."""
        if other.kind != self.kind:
            raise ValueError(f"column {self.name!r} is {self.kind} here and {other.kind} there")
        self.hits = [a + b for a, b in zip(self.hits, other.hits, strict=True)]
        self.filled += other.filled
        self.missing += other.missing
        self._widen(other.span)
        self._castable &= other._castable
        self._parsable &= other._parsable
        self._distinct.merge(other._distinct)

    @property
    def is_continuous(self) -> bool:
        """Whether the service takes the column for a continuous quantity, by all rows so far."""
        return is_continuous(
            self.kind,
            several=len(self.values) > 1,
            filled=self.filled,
            missing=self.missing,
            distinct=len(self._distinct),
            castable=self._castable,
        )

    @property
    def is_threshold_on_integers(self) -> bool:
        """Whether the column is continuous and pandas has it as integers."""
        return self.is_continuous and self.kind != "double" and self.missing == 0

    def reading(self, *, as_integers: bool = False) -> Reading:
        """Return how the service reads the given values, by all rows so far.

        Parameters
        ----------
        as_integers
            Whether a continuous column is converted to integers first.

        Raises
        ------
        AnalysisError
            The values cannot be read as a threshold or as values of the column's type, or its
            cells not as integers.
        """
        if self.is_continuous:
            above = self._threshold()
            return self._on_integers(above) if as_integers else above
        readings = self.readings
        if self.hits_of(readings.given):
            return readings.given
        as_float = self.kind == "int" and self.missing > 0
        converted = readings.as_float if as_float else readings.converted
        if converted is None:
            raise AnalysisError(NOT_CONVERTED)
        return converted

    def hits_of(self, reading: Reading) -> int:
        """Return the number of rows for which a reading holds."""
        return self.hits[self.questions.index(reading)]

    def _threshold(self) -> Above:
        if not self.values:
            raise AnalysisError(NO_THRESHOLD)
        if self.readings.above is None:
            raise AnalysisError(NO_NUMBER)
        if not self._parsable:
            raise AnalysisError(NOT_CONVERTED)
        if self.span is None:
            raise AnalysisError(
                f"missing values must be missing in the same location both left and right sides: "
                f"column {self.name} has no value"
            )
        return self.readings.above

    def _on_integers(self, above: Above) -> Above:
        if self.missing or (
            self.span is not None and not math.isfinite(self.span[1] - self.span[0])
        ):
            raise AnalysisError(NOT_FINITE)
        return self.readings.above_whole or above

    def text(self) -> str:
        """Return the given values as results show them: ``"1"``, ``"a,b"`` or ``"(0.0, 1.0]"``.

        An interval ends at the column's maximum, and is empty where that is the threshold itself.
        """
        reading = self.reading()
        if not isinstance(reading, Above) or self.span is None:
            return ",".join(map(str, self.values))
        low, high = sorted((reading.threshold, self.span[1]))
        if low == high:
            return ""
        whole = isinstance(low, int) and isinstance(high, int)
        if not whole or (self.kind == "int" and self.missing > 0):
            low, high = float(low), float(high)
        return f"({low}, {high}]"

    def _watch(self, block: Block) -> None:
        self.filled += block.filled
        self.missing += len(block) - block.filled
        self._castable &= block.castable
        self._parsable &= block.parsable
        self._widen(block.range())
        # What it costs to count distinct values is spent only where the type hangs on it.
        if len(self.values) < 2 and block.keys is not None:
            self._distinct.add(block.keys)

    def _widen(self, span: tuple[int | float, int | float] | None) -> None:
        if span is not None:
            self.span = (
                span
                if self.span is None
                else (min(self.span[0], span[0]), max(self.span[1], span[1]))
            )
