"""Answers as numbers: what an explanation may be computed from, and what it may not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from clarify_engine.errors import AnalysisError
from clarify_engine.predict import Answer, score_matrix, scoring

CANARY = "canary-91b0"


class Says:
    """A predictor that gives prepared answers."""

    reference = "a stand-in"

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)

    def answer(self, features: pa.RecordBatch) -> Answer:
        return self._answers.pop(0)


def rows(count: int) -> pa.RecordBatch:
    return pa.record_batch({"x": list(range(count))})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(None, [0.25, 0.5]), [[0.25], [0.5]]),
        (Answer(None, np.array([0.25, 0.5])), [[0.25], [0.5]]),
        (Answer(None, ["0.25", "1"]), [[0.25], [1.0]]),
        (Answer(None, [[0.1, 0.9], [0.8, 0.2]]), [[0.1, 0.9], [0.8, 0.2]]),
        (Answer(None, [["0.1", "0.9"]]), [[0.1, 0.9]]),
        (Answer(None, np.array([[1, 2, 3]])), [[1.0, 2.0, 3.0]]),
        # The SDK writes the place of the scores into `label`.
        (Answer(["0.25", "1"], None, is_text=True), [[0.25], [1.0]]),
        (Answer([3, 4], None), [[3.0], [4.0]]),
        (Answer(["dog", "cat"], [0.25, 0.5]), [[0.25], [0.5]]),
        (Answer([["cat", "dog"]] * 2, [[0.1, 0.9], [0.8, 0.2]]), [[0.1, 0.9], [0.8, 0.2]]),
    ],
)
def test_scores_are_a_column_for_each_class(answer: Answer, expected: list[list[float]]) -> None:
    matrix = score_matrix(answer)
    assert matrix.dtype == np.float64
    assert matrix.tolist() == expected


def test_no_rows_are_one_class_of_nothing() -> None:
    assert score_matrix(Answer(None, [])).shape == (0, 1)
    assert score_matrix(Answer(None, None)).shape == (0, 1)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(None, [CANARY]), "probability: got a value that is no number"),
        (Answer([CANARY], None), "label: got a value that is no number"),
        (Answer(None, [True]), "a value that is no number"),
        (Answer(None, [{CANARY: 1}]), "a value that is no number"),
        (Answer(None, [[[1]]]), "a value that is no number"),
        (Answer(None, [10**400]), "a value that is no number"),
        (Answer(None, ["nan"]), "NaN or an infinite number"),
        (Answer(None, [0.5, float("inf")]), "NaN or an infinite number"),
        (Answer(None, np.array([0.5, np.nan])), "NaN or an infinite number"),
        (Answer(None, [0.5, [0.5, 0.5]]), "1 and 2 scores for a record"),
        (Answer(None, [[0.5], [0.5, 0.5]]), "1 and 2 scores for a record"),
        (Answer([["a", CANARY], [CANARY, "a"]], [[0.1, 0.9]] * 2), "labels-order"),
    ],
)
def test_what_is_no_number_for_each_class_is_refused(answer: Answer, message: str) -> None:
    with pytest.raises(AnalysisError, match=message) as caught:
        score_matrix(answer)
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_model_as_a_function_gives_a_row_of_scores_for_each_row() -> None:
    scores = scoring(Says(Answer(None, [0.5, 0.25]), Answer(None, [])))
    assert scores(rows(2)).tolist() == [[0.5], [0.25]]
    assert scores(rows(0)).shape == (0, 1)


def test_another_number_of_rows_is_refused() -> None:
    with pytest.raises(AnalysisError, match="1 predictions for 2 records"):
        scoring(Says(Answer(None, [0.5])))(rows(2))


def test_another_number_of_classes_in_a_later_call_is_refused() -> None:
    scores = scoring(Says(Answer(None, [[0.5, 0.5]]), Answer(None, [[0.2, 0.3, 0.5]])))
    scores(rows(1))
    with pytest.raises(AnalysisError, match="2 and 3 scores for a record"):
        scores(rows(1))


def test_the_classes_are_compared_only_where_there_were_rows() -> None:
    answers: list[Any] = [Answer(None, None), Answer(None, [[0.5, 0.5]])]
    scores = scoring(Says(*answers))
    scores(rows(0))
    assert scores(rows(1)).shape == (1, 2)
