"""A model that takes rows: cut into calls, and read by the config's addresses."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from clarify_contract.config.predictor import Predictor
from clarify_engine.errors import AnalysisError
from clarify_engine.predict import (
    Answer,
    EndpointModel,
    LabelModel,
    LabelRule,
    open_predictor,
    score_matrix,
)
from clarify_engine.predict.tabular import ROWS_PER_CALL


class Gives:
    """Returns what a function makes of the first column."""

    reference = "a stand-in"

    def __init__(self, make: Any) -> None:
        self._make = make
        self._lock = threading.Lock()
        self.calls: list[int] = []

    def scores(self, features: pa.RecordBatch) -> np.ndarray[Any, Any]:
        with self._lock:
            self.calls.append(features.num_rows)
        return np.asarray(self._make(features.column(0).to_numpy()))


class GivesBoth(Gives):
    """Takes bodies, too."""

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        return b"0.75", accept


def ask(
    model: Gives, rows: int, *, workers: int = 1, dataset_type: str = "text/csv", **config: Any
) -> Answer:
    predictor = open_predictor(
        model,
        Predictor(endpoint_name="e", **config),
        dataset_type=dataset_type,
        features=("x",),
        workers=workers,
    )
    assert predictor.reference == "a stand-in"
    return predictor.answer(pa.record_batch({"x": np.arange(float(rows))}))


@pytest.mark.parametrize(
    ("rows", "workers", "calls"),
    [
        (10, 1, [10]),
        (10, 3, [3, 3, 4]),
        (2, 4, [1, 1]),
        (ROWS_PER_CALL + 1, 1, [ROWS_PER_CALL // 2, ROWS_PER_CALL // 2 + 1]),
        (0, 2, []),
    ],
)
def test_rows_are_cut_into_calls_that_keep_all_workers_busy(
    rows: int, workers: int, calls: list[int]
) -> None:
    model = Gives(lambda x: x / 2)
    matrix = score_matrix(ask(model, rows, workers=workers))
    assert matrix.tolist() == [[n / 2] for n in range(rows)]
    assert sorted(model.calls) == calls


def test_numbers_are_scores_and_texts_are_labels() -> None:
    scores = ask(Gives(lambda x: x), 2)
    assert scores.labels is None
    labels = ask(Gives(lambda x: ["a" if cell else "b" for cell in x]), 2)
    assert (labels.labels, labels.scores, labels.is_text) == (["b", "a"], None, False)


@pytest.mark.parametrize(
    ("config", "labels", "scores"),
    [
        ({"label": 0}, [0.0, 1.0], None),
        ({"label": 1}, [0.5, 0.5], None),
        ({"probability": 1}, None, [0.5, 0.5]),
        ({"label": 0, "probability": 1}, [0.0, 1.0], [0.5, 0.5]),
    ],
)
def test_column_indices_count_the_columns_of_what_it_returns(
    config: dict[str, int], labels: list[float] | None, scores: list[float] | None
) -> None:
    answer = ask(Gives(lambda x: np.column_stack([x, x * 0 + 0.5])), 2, **config)
    assert answer.labels == labels
    assert (None if answer.scores is None else list(answer.scores)) == scores


def test_a_path_to_labels_alone_makes_one_number_a_label_and_several_scores() -> None:
    lines = {"dataset_type": "application/jsonlines", "label": "p", "content_template": "$features"}
    assert ask(Gives(lambda x: x + 3), 2, **lines).labels == [3.0, 4.0]
    several = ask(Gives(lambda x: np.column_stack([x, x])), 2, **lines)
    assert several.labels is None
    assert score_matrix(several).shape == (2, 2)


def test_an_index_beyond_its_columns_is_refused() -> None:
    with pytest.raises(AnalysisError, match="column 1 of a response of 1 columns"):
        ask(Gives(lambda x: x), 2, probability=1)


def test_what_takes_rows_and_bodies_gets_rows_only_for_plain_csv() -> None:
    model = GivesBoth(lambda x: x + 0.25)
    assert score_matrix(ask(model, 1)).tolist() == [[0.25]]
    answered = ask(model, 1, dataset_type="application/json", record_template="$features")
    assert score_matrix(answered).tolist() == [[0.75]]
    opened = open_predictor(
        model,
        Predictor(endpoint_name="e", accept_type="application/json"),
        dataset_type="text/csv",
        features=("x",),
        workers=1,
    )
    assert isinstance(opened, EndpointModel)


@pytest.mark.parametrize(
    ("rule", "matrix", "expected"),
    [
        (LabelRule(0.5), [0.5, 0.75], [0, 1]),
        (LabelRule(0.5), [[0.5], [0.75]], [0, 1]),
        (LabelRule(0.5, ("no", "yes")), [[0.5, 0.5], [0.2, 0.8]], ["no", "yes"]),
    ],
)
def test_arrays_of_scores_become_labels_as_lists_do(
    rule: LabelRule, matrix: list[Any], expected: list[Any]
) -> None:
    assert rule.labels(Answer(None, np.array(matrix))) == expected
    assert rule.labels(Answer(None, matrix)) == expected


@pytest.mark.parametrize(
    ("rule", "matrix", "message"),
    [
        (LabelRule(), [0.5, np.nan], "got NaN"),
        (LabelRule(), [[0.5, 0.5]], "2 scores for a record, and no labels"),
        (LabelRule(0.5, ("a", "b", "c")), [[0.5, 0.5]], "2 scores for 3 labels"),
        (LabelRule(0.5, ("a", "b")), [0.5], "1 scores for 2 labels"),
    ],
)
def test_arrays_of_scores_are_refused_as_lists_are(
    rule: LabelRule, matrix: list[Any], message: str
) -> None:
    for scores in (matrix, np.array(matrix)):
        with pytest.raises(AnalysisError, match=message):
            rule.labels(Answer(None, scores))


def test_the_threshold_decides_unless_labels_were_given() -> None:
    rows = pa.record_batch({"x": [0.0, 1.0]})

    def decides(make: Any, rule: LabelRule) -> bool:
        predictor = open_predictor(
            Gives(make), Predictor(endpoint_name="e"), dataset_type="text/csv", features=("x",),
            workers=1,
        )  # fmt: skip
        model = LabelModel(predictor, rule)
        model.predict(rows)
        return model.rule_decides

    assert decides(lambda x: x, LabelRule())
    assert not decides(lambda x: ["a", "b"], LabelRule())
    assert not decides(lambda x: np.column_stack([x, 1 - x]), LabelRule(0.5, ("a", "b")))
