"""One phase's progress, counted in rows of the dataset and in predictions."""

from __future__ import annotations

import pyarrow as pa

from clarify_engine.predict import Matrix, Scores
from clarify_engine.progress import Phase, Progress


class Meter:
    """Counts what a phase has done, and tells.

    Parameters
    ----------
    progress
        Whom to tell.
    phase
        The phase; it begins here.
    total
        Rows that it will see, or `None` where nobody knows yet.

    Attributes
    ----------
    predictions
        Records that the model was asked about.
    """

    def __init__(self, progress: Progress, phase: Phase, total: int | None) -> None:
        self._progress = progress
        self._phase: Phase = phase
        self._total = total
        self._rows = 0
        self.predictions = 0
        self._tell()

    def rows(self, done: int) -> None:
        """Take note that so many rows are done in all."""
        self._rows = done
        self._tell()

    def count(self, rows: int, predictions: int) -> None:
        """Take note that so many rows are done and so many predictions made in all."""
        self.predictions = predictions
        self.rows(rows)

    def predicted(self, done: int) -> None:
        """Take note that so many rows are done in all, with one prediction for each."""
        self.count(done, done)

    def scores(self, scores: Scores) -> Scores:
        """Return the same model, whose predictions are counted."""

        def counted(features: pa.RecordBatch) -> Matrix:
            found = scores(features)
            self.predictions += features.num_rows
            self._tell()
            return found

        return counted

    def _tell(self) -> None:
        self._progress(self._phase, self._rows, self._total, self.predictions)
