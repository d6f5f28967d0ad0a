"""A callable of one's own: rows in, predictions out, in processes that end with it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from clarify_contract.config.predictor import Predictor
from clarify_engine.errors import AnalysisError
from clarify_engine.predict import Tabular, open_predictor, score_matrix
from clarify_local.models import function, open_model

CANARY = "canary-0c44"
MINE = """
import os, time
import numpy as np

print("what it prints is no answer")

class Model:
    def predict_proba(self, rows):
        score = rows[:, 0] / 10
        return np.column_stack([1 - score, score])

model = Model()
number = 7

def total(rows): return rows.sum(axis=1)
def told(rows): return [f"{rows.dtype} {row.tolist()}" for row in rows]
def labels(rows): return np.array(["yes", "no"], dtype=object)[:len(rows)]
def process(rows):
    time.sleep(0.2)
    return np.full(len(rows), os.getpid())

def one(rows): return 0.5
def short(rows): return rows[1:, 0]
def deep(rows): return np.zeros((len(rows), 2, 2))
def nan(rows): return np.full(len(rows), np.nan)
def mixed(rows): return np.array([1, "canary-0c44"], dtype=object)
def raises(rows): raise ValueError(f"cannot read {rows[0]}")
def dies(rows): os._exit(7)
def wrong(rows): return globals()[rows[0, 0]](rows)

def hangs(rows): time.sleep(60)
def variable(rows): return [os.environ["MINE"]]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    # What Python itself or the worker needs must not be found here.
    (tmp_path / "struct.py").write_text("raise RuntimeError('shadowed')")
    monkeypatch.chdir(tmp_path)


@contextmanager
def opened(name: str, workers: int = 1) -> Iterator[Tabular]:
    with open_model(f"mine:{name}", workers) as model:
        assert isinstance(model, Tabular)
        yield model


NUMBERS = pa.record_batch({"a": [1, 2, 3], "b": [0.5, 0.25, -1.0]})


def test_numbers_come_as_floats_and_texts_as_objects() -> None:
    numbers = pa.record_batch(
        {"a": pa.array([1, None]), "b": pa.array([True, False]), "c": pa.array([0.5, None])}
    )
    texts = pa.record_batch({"a": pa.array([1, None]), "b": pa.array([f"{CANARY}", None])})
    encoded = pa.record_batch(
        {"a": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1]), pa.array([10, 20]))}
    )
    with opened("told") as model:
        assert model.reference == "mine:told"
        assert model.scores(numbers).tolist() == [
            "float64 [1.0, 1.0, 0.5]",
            "float64 [nan, 0.0, nan]",
        ]
        assert model.scores(texts).tolist() == [f"object [1, '{CANARY}']", "object [None, None]"]
        assert model.scores(encoded).tolist() == [f"float64 [{n}]" for n in (20.0, 10.0, 20.0)]


def test_what_a_callable_returns_are_scores_and_texts_are_labels() -> None:
    def answer(name: str, **config: object) -> object:
        with opened(name) as model:
            predictor = open_predictor(
                model,
                Predictor.model_validate({"endpoint_name": "e", **config}),
                dataset_type="application/jsonlines",
                features=("a", "b"),
                workers=1,
            )
            return predictor.answer(NUMBERS.slice(0, 2))

    assert score_matrix(
        answer("total", content_template="$features", probability="s")
    ).tolist() == [
        [1.5],
        [2.25],
    ]
    assert score_matrix(answer("model.predict_proba")).tolist() == [[0.9, 0.1], [0.8, 0.2]]
    assert answer("labels").labels == ["yes", "no"]


def test_as_many_processes_as_workers_answer_at_once_and_end_with_the_block() -> None:
    with opened("process", workers=2) as model:
        predictor = open_predictor(
            model,
            Predictor.model_validate({"endpoint_name": "e"}),
            dataset_type="text/csv",
            features=("a", "b"),
            workers=2,
        )
        pids = set(score_matrix(predictor.answer(NUMBERS)).astype(int).ravel().tolist())
        assert len(pids) == 2
        assert os.getpid() not in pids
    for pid in pids:
        for _ in range(100):
            if not Path(f"/proc/{pid}").exists():
                break
            time.sleep(0.02)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tabular]:
    """A callable that does wrong what its first cell says."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "mine.py").write_text(MINE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with opened("wrong") as model:
            yield model


@pytest.mark.parametrize(
    ("does", "message"),
    [
        ("one", "a single value predictions for 2 records"),
        ("short", "1 predictions for 2 records"),
        ("deep", "2 x 2 x 2 predictions for 2 records"),
        ("nan", "NaN or an infinite number"),
        ("mixed", "TypeError in what it calls"),
        ("raises", r"ValueError in mine\.py, line \d"),
        ("dies", r"process ended \(exit code 7\)"),
    ],
)
def test_what_a_callable_may_do_wrong_ends_it_without_its_words(
    wrong: Tabular, does: str, message: str
) -> None:
    rows = pa.record_batch({"a": [does, does], "b": [CANARY, CANARY]})
    predictor = open_predictor(
        wrong,
        Predictor.model_validate({"endpoint_name": "e"}),
        dataset_type="text/csv",
        features=("a", "b"),
        workers=1,
    )
    with pytest.raises(AnalysisError, match=message) as caught:
        score_matrix(predictor.answer(rows))
    assert CANARY not in str(caught.value)


def test_a_callable_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function, "CALL_SECONDS", 0.3)
    with (
        opened("hangs") as model,
        pytest.raises(AnalysisError, match=r"no answer within 0\.3 seconds"),
    ):
        model.scores(NUMBERS)


def test_a_callable_has_the_environment_of_whoever_runs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MINE", "kept")
    with opened("variable") as model:
        assert model.scores(NUMBERS.slice(0, 1)).tolist() == ["kept"]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("absent_module:f", "No module named 'absent_module'"),
        ("mine:absent", "has no attribute 'absent'"),
        ("mine:number", "mine:number is no callable"),
    ],
)
def test_a_callable_that_is_not_there_says_what_is_missing(spec: str, reason: str) -> None:
    with pytest.raises(AnalysisError, match=reason), open_model(spec, 2):
        pytest.fail("it was opened")


def test_a_large_dictionary_is_not_sent_with_a_few_rows() -> None:
    values = pa.array(np.arange(100_000.0))
    few = pa.DictionaryArray.from_arrays(pa.array([99_999, 0]), values)
    light = function._lighter(pa.record_batch({"a": few}))
    assert light.schema.types == [pa.float64()]
    assert light.column(0).to_pylist() == [99_999.0, 0.0]
