"""A model that takes rows as a table and returns an array: no bodies, no templates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from clarify_engine.predict.answer import Answer, joined
from clarify_engine.predict.concurrent import in_order
from clarify_engine.predict.problems import unreadable

ROWS_PER_CALL: Final = 65_536
"""A larger call is slower: its intermediate arrays leave the processor's cache."""


@runtime_checkable
class Tabular(Protocol):
    """A model that is called with rows; several threads may call it at a time."""

    @property
    def reference(self) -> str:
        """Which model this is, in a few words."""
        ...

    def scores(self, features: pa.RecordBatch) -> np.ndarray[Any, Any]:
        """Return what the model says about each row.

        Parameters
        ----------
        features
            Rows; columns may be dictionary-encoded, and hold nulls.

        Returns
        -------
        numpy.ndarray
            Shape (rows,) or (rows, classes); numbers, or the texts of labels.

        Raises
        ------
        AnalysisError
            If the model cannot.
        """
        ...


@dataclass(frozen=True, slots=True)
class TabularModel:
    """A `Tabular` as a predictor.

    Parameters
    ----------
    model
        The model.
    label, probability
        Column of what the model returns that holds the label, and the scores.
    says_labels
        Without these columns: whether one number a row is a label, and not a score. Texts are
        labels always.
    workers
        How many calls are under way at once.
    """

    model: Tabular
    label: int | None = None
    probability: int | None = None
    says_labels: bool = False
    workers: int = 1

    @property
    def reference(self) -> str:
        """Which model this is."""
        return self.model.reference

    def answer(self, features: pa.RecordBatch) -> Answer:
        """Return what the model says about each row; see `Predictor.answer`."""
        return joined(list(in_order(self._ask, self._cut(features), self.workers)))

    def _cut(self, features: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Yield parts of about the same length, so that every worker has its share."""
        rows = features.num_rows
        calls = max(math.ceil(rows / ROWS_PER_CALL), min(rows, self.workers))
        for index in range(calls):
            start, end = index * rows // calls, (index + 1) * rows // calls
            yield features.slice(start, end - start)

    def _ask(self, features: pa.RecordBatch) -> Answer:
        said = np.asarray(self.model.scores(features))
        if said.ndim not in (1, 2) or len(said) != features.num_rows:
            shape = " x ".join(map(str, said.shape)) or "a single value"
            raise unreadable(
                "response-count",
                "label" if self.label is not None else "probability",
                f"{shape} predictions for {features.num_rows} records",
                "one prediction for each record, or one row of scores for each",
                "Let the model answer for every record, in the order of the records.",
            )
        is_text = said.dtype.kind not in "biuf"
        if self.label is None and self.probability is None:
            is_label = is_text or (self.says_labels and said.ndim == 1)
            return Answer(said.tolist(), None) if is_label else Answer(None, said)
        labels = scores = None
        if self.label is not None:
            labels = _column(said, self.label, "label").tolist()
        if self.probability is not None:
            scores = _column(said, self.probability, "probability")
        return Answer(
            labels, scores.tolist() if is_text and scores is not None else scores, is_text
        )


def _column(said: np.ndarray[Any, Any], index: int, key: str) -> np.ndarray[Any, Any]:
    table = said if said.ndim == 2 else said[:, np.newaxis]
    if not 0 <= index < table.shape[1]:
        raise unreadable(
            "response-column",
            key,
            f"column {index} of a response of {table.shape[1]} columns",
            f"an index from 0 to {table.shape[1] - 1}",
            "Count the columns of what the model returns from 0.",
        )
    column: np.ndarray[Any, Any] = table[:, index]
    return column
