"""A model's answer as numbers: what every explanation is computed from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from clarify_engine.errors import AnalysisError
from clarify_engine.predict.answer import Answer
from clarify_engine.predict.predictor import Predictor
from clarify_engine.predict.problems import NOT_A_NUMBER, problem, unreadable

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Scores = Callable[[pa.RecordBatch], Matrix]
"""From rows of features to scores, shape (rows, classes)."""


def score_matrix(answer: Answer) -> Matrix:
    """Return an answer as numbers, shape (rows, classes).

    These are the scores where the config says where they stand, else the labels read as numbers
    (the SageMaker SDK writes the place of the scores into `predictor.label`). One score is one
    class.

    Raises
    ------
    AnalysisError
        If a score is a text, NaN or infinite, or if rows have different numbers of scores or
        labels in different orders.
    """
    key = "label" if answer.scores is None else "probability"
    values = answer.labels if answer.scores is None else answer.scores
    if not isinstance(values, np.ndarray):
        values = _numbers(values or [], key)
        _check_order_of_labels(answer)
    if values.dtype.kind not in "biuf":
        raise _no_score(key, "a value that is no number")
    matrix = np.asarray(values, np.float64)
    if not np.isfinite(matrix).all():
        raise _no_score(key, "NaN or an infinite number")
    return matrix.reshape(len(matrix), -1) if len(matrix) else matrix.reshape(0, 1)


def scoring(predictor: Predictor) -> Scores:
    """Return the model as a function from rows to scores.

    Each call checks that there is one row of scores for each row, and as many classes as before.
    """
    classes: set[int] = set()

    def scores(features: pa.RecordBatch) -> Matrix:
        matrix = score_matrix(predictor.answer(features))
        if len(matrix) != features.num_rows:
            raise unreadable(
                "response-count",
                "probability",
                f"{len(matrix)} predictions for {features.num_rows} records",
                "one prediction for each record",
                "Let the model answer for every record.",
            )
        if features.num_rows:
            classes.add(matrix.shape[1])
        if len(classes) > 1:
            raise _ragged("probability", classes)
        return matrix

    return scores


def _numbers(values: list[Any], key: str) -> np.ndarray[Any, Any]:
    widths = {len(value) if isinstance(value, list) else 0 for value in values}
    if len(widths) > 1:
        raise _ragged(key, widths)
    flat = values if widths <= {0} else [score for value in values for score in value]
    if not {type(score) for score in flat} <= {int, float, str}:
        raise _no_score(key, "a value that is no number")
    try:
        numbers = np.array(list(map(float, flat)), np.float64)
    except (ValueError, OverflowError):
        raise _no_score(key, "a value that is no number") from None
    return numbers.reshape(len(values), -1) if values else numbers


def _check_order_of_labels(answer: Answer) -> None:
    """Refuse lists of labels that name the classes in another order for each record."""
    labels = answer.labels or []
    if answer.scores is None or not labels or not isinstance(labels[0], list):
        return
    if any(label != labels[0] for label in labels):
        raise unreadable(
            "labels-order",
            "label",
            "lists of labels that differ from record to record",
            "the same labels in the same order for each record, one for each score",
            "Let the model answer with the scores in a fixed order of the classes.",
        )


def _no_score(key: str, given: str) -> AnalysisError:
    return problem(
        NOT_A_NUMBER,
        "score-not-number",
        key,
        given=given,
        allowed="a finite number for each record, or a list of them",
        fix="Check where the response holds scores, and set probability to that place.",
    )


def _ragged(key: str, widths: set[int]) -> AnalysisError:
    counts = " and ".join(str(max(width, 1)) for width in sorted(widths))
    return unreadable(
        "response-classes",
        key,
        f"{counts} scores for a record",
        "the same number of scores for each record",
        "Let the model answer with one score for each class, for every record.",
    )
