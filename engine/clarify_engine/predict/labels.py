"""From labels and scores to one predicted label a record (developer guide: "Post-training bias").

A single score is compared with the threshold, a list of scores decides by its greatest entry.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from clarify_engine.errors import AnalysisError
from clarify_engine.predict.answer import Answer
from clarify_engine.predict.predictor import Predictor
from clarify_engine.predict.problems import NOT_A_NUMBER, problem, unreadable

DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class PredictedBatch:
    """Predictions for the rows of one batch.

    Attributes
    ----------
    labels
        One predicted label each, as the model gave it, or 0 or 1 by the threshold.
    is_text
        Whether a number may stand there as text, as in a CSV response.
    """

    labels: list[Any]
    is_text: bool


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
            if isinstance(answer.scores, np.ndarray):
                return self._by_array(answer.scores)
            return [self._by_score(score) for score in answer.scores or []]
        if answer.scores is None:
            if any(isinstance(label, (list, dict)) for label in answer.labels):
                raise unreadable(
                    "label-list",
                    "label",
                    "several labels for a record, without their scores",
                    "one label, or a list of labels and probability with the list of their scores",
                    "Set probability to the place of the scores.",
                )
            return answer.labels
        return [
            _greatest(label, score) if isinstance(label, list) else label
            for label, score in zip(answer.labels, answer.scores, strict=True)
        ]

    def _by_array(self, scores: np.ndarray[Any, Any]) -> list[Any]:
        """Do what `_by_score` does for each row of an array."""
        if np.isnan(scores).any():
            raise _no_score("NaN")
        headers = self.label_headers
        if scores.ndim == 2 and scores.shape[1] == 1 and len(headers or ()) <= 1:
            scores = scores[:, 0]
        if scores.ndim == 1:
            if len(headers or ()) > 1:
                raise _scores_and_labels(1, len(headers or ()))
            return (scores > self.threshold).astype(int).tolist()  # type: ignore[no-any-return]
        if headers is None:
            raise _scores_without_labels(scores.shape[1])
        if scores.shape[1] != len(headers):
            raise _scores_and_labels(scores.shape[1], len(headers))
        return [headers[index] for index in scores.argmax(axis=1).tolist()]

    def _by_score(self, score: Any) -> Any:
        if isinstance(score, list) and len(score) == 1 and len(self.label_headers or ()) <= 1:
            score = score[0]
        if isinstance(score, list):
            if self.label_headers is None:
                raise _scores_without_labels(len(score))
            return _greatest(self.label_headers, score)
        if len(self.label_headers or ()) > 1:
            raise _scores_and_labels(1, len(self.label_headers or ()))
        return int(_number(score) > self.threshold)


@dataclass(slots=True)
class LabelModel:
    """A model that is asked for predicted labels.

    Parameters
    ----------
    predictor
        The model.
    rule
        How its answer becomes a label.
    """

    predictor: Predictor
    rule: LabelRule
    _gives_labels: bool = field(default=False, init=False)

    def predict(self, features: pa.RecordBatch) -> PredictedBatch:
        """Return one predicted label for each row of a batch, in its order.

        Raises
        ------
        AnalysisError
            If the model cannot be asked, or its answer gives no labels.
        """
        answer = self.predictor.answer(features)
        if answer.labels is not None:
            self._gives_labels = True
        return PredictedBatch(self.rule.labels(answer), answer.is_text)

    @property
    def rule_decides(self) -> bool:
        """Whether labels were 0 and 1 by the threshold, and not the model's or the config's own."""
        return not self._gives_labels and len(self.rule.label_headers or ()) <= 1


def _greatest(labels: Sequence[Any], scores: Any) -> Any:
    if not isinstance(scores, list) or len(scores) != len(labels):
        count = len(scores) if isinstance(scores, list) else 1
        raise _scores_and_labels(count, len(labels))
    numbers = [_number(score) for score in scores]
    return labels[numbers.index(max(numbers))]


def _number(score: Any) -> float:
    try:
        if isinstance(score, (bool, list, dict)):
            raise ValueError
        number = float(score)
    except (TypeError, ValueError):
        raise _no_score("a value that is no number") from None
    if math.isnan(number):
        # NaN is greater than no threshold: it would pass for a confident 0.
        raise _no_score("NaN")
    return number


def _no_score(given: str) -> AnalysisError:
    return problem(
        NOT_A_NUMBER,
        "score-not-number",
        "probability",
        given=given,
        allowed="a number for each record, or a list of numbers",
        fix="Check where the response holds scores, and set label if it holds labels.",
    )


def _scores_without_labels(count: int) -> AnalysisError:
    return unreadable(
        "scores-without-labels",
        "label_headers",
        f"{count} scores for a record, and no labels for them",
        "one label for each score",
        "Set label_headers to the labels, in the order of the scores.",
    )


def _scores_and_labels(scores: int, labels: int) -> AnalysisError:
    return unreadable(
        "scores-and-labels",
        "probability",
        f"{scores} scores for {labels} labels of a record",
        "one score for each label",
        "Compare label, label_headers and probability with a response of the model.",
    )
