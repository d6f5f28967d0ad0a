"""What takes in the rows of a dataset, one consumer for each kind of pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from clarify_engine.bias import PREDICTED, BiasTally
from clarify_engine.predict import LabelModel, PredictionColumn, PredictionReader

Tell = Callable[[int], None]
"""Is told how many rows a pass has seen."""


class AskModel:
    """Sends the features of each row to a model and keeps the predicted labels.

    Parameters
    ----------
    model
        Whom to ask.
    features
        Columns to send.
    label
        Column of the observed label.
    column
        Where to keep the answers.
    tell
        Is told how many rows have been predicted.
    """

    def __init__(
        self,
        model: LabelModel,
        features: Sequence[str],
        label: str,
        column: PredictionColumn,
        tell: Tell,
    ) -> None:
        self._model = model
        self._features = list(features)
        self._label = label
        self._tell = tell
        self.column = column
        self.label_type: pa.DataType = pa.null()

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        answer = self._model.predict(batch.select(self._features))
        self.column.append(answer.labels, is_text=answer.is_text)
        self._observe(batch.column(self._label))
        self._tell(self.column.rows)

    def _observe(self, labels: pa.Array) -> None:
        """Note the label's type; whole numbers with missing ones are floats, as in pandas."""
        if not pa.types.is_floating(self.label_type):
            missing = pa.types.is_integer(labels.type) and labels.null_count
            self.label_type = pa.float64() if missing else labels.type


class Tally:
    """Counts rows into the tables of the bias metrics.

    Parameters
    ----------
    tally
        Where the rows are counted.
    predictions
        Predicted labels in the order of the rows; `None` if they are a column of the dataset, or
        not needed.
    tell
        Is told how many rows have been counted.
    """

    def __init__(self, tally: BiasTally, predictions: PredictionReader | None, tell: Tell) -> None:
        self._predictions = predictions
        self._tell = tell
        self.rows = 0
        self.tally = tally

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        if self._predictions is not None:
            batch = batch.append_column(PREDICTED, self._predictions.take(batch.num_rows))
        self.tally.update(batch)
        self.rows += batch.num_rows
        self._tell(self.rows)
