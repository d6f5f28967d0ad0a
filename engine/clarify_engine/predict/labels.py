"""From labels and scores to one predicted label a record (developer guide: "Post-training bias").

A single score is compared with the threshold, a list of scores decides by its greatest entry.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clarify_engine.errors import AnalysisError
from clarify_engine.predict.response import Answer

DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class LabelRule:
    """How a model's answer becomes predicted labels.

    Parameters
    ----------
    threshold
        A record is 1 where its score is greater, else 0.
    label_headers
        Label of each score where a record has several, in the order of the scores.
    """

    threshold: float = DEFAULT_THRESHOLD
    label_headers: tuple[str | int, ...] | None = None

    def labels(self, answer: Answer) -> list[Any]:
        """Return the predicted label of each record: as the model gave it, or 0 or 1 by threshold.

        Raises
        ------
        AnalysisError
            If scores are not numbers, or labels and scores do not fit each other.
        """
        if answer.labels is None:
            return [self._by_score(score) for score in answer.scores or []]
        if answer.scores is None:
            if any(isinstance(label, (list, dict)) for label in answer.labels):
                raise AnalysisError(
                    "`predictor.label` gives a list of labels for a record. Set "
                    "`predictor.probability` to the list of their scores."
                )
            return answer.labels
        return [
            _greatest(label, score) if isinstance(label, list) else label
            for label, score in zip(answer.labels, answer.scores, strict=True)
        ]

    def _by_score(self, score: Any) -> Any:
        if isinstance(score, list) and len(score) == 1 and len(self.label_headers or ()) <= 1:
            score = score[0]
        if isinstance(score, list):
            if self.label_headers is None:
                raise AnalysisError(
                    f"The model gives {len(score)} scores for a record. Set "
                    "`predictor.label_headers` to the labels that they belong to, in their order."
                )
            return _greatest(self.label_headers, score)
        if len(self.label_headers or ()) > 1:
            raise AnalysisError(
                f"`predictor.label_headers` names {len(self.label_headers or ())} labels, but the "
                "model gives one score for a record."
            )
        return int(_number(score) > self.threshold)


def _greatest(labels: Sequence[Any], scores: Any) -> Any:
    if not isinstance(scores, list) or len(scores) != len(labels):
        count = len(scores) if isinstance(scores, list) else 1
        raise AnalysisError(f"The model gives {count} scores for {len(labels)} labels of a record.")
    numbers = [_number(score) for score in scores]
    return labels[numbers.index(max(numbers))]


def _number(score: Any) -> float:
    try:
        if isinstance(score, (bool, list, dict)):
            raise ValueError
        number = float(score)
    except (TypeError, ValueError):
        raise AnalysisError("Could not convert string to float.") from None
    if math.isnan(number):
        # NaN is greater than no threshold: it would pass for a confident 0.
        raise AnalysisError("The model gives a score that is not a number (NaN).")
    return number
