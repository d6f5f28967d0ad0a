"""A model.tar.gz on the command line: the same answers with bodies and with arrays."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from clarify_contract.config.predictor import Predictor as Config
from clarify_engine.errors import AnalysisError
from clarify_engine.predict import (
    EndpointModel,
    ModelFailure,
    Predictor,
    Tabular,
    Transport,
    open_predictor,
    score_matrix,
)
from clarify_local.models import open_model
from support_local.models import model

CANARY = "canary-8d10"
SUMS = """
import numpy as np
def model_fn(model_dir): return None
def predict_fn(rows, model):
    if rows.dtype == object:
        rows = np.array([[float(cell or 0) for cell in row] for row in rows])
    return np.column_stack([rows.sum(axis=1), rows[:, 0]])
"""
OWN = """
def model_fn(model_dir): return None
def input_fn(body, content_type):
    if "canary" in body: raise KeyError(body)
    return [float(line.split(",")[0]) for line in body.splitlines()]
def predict_fn(rows, model): return rows
"""
ROWS = pa.record_batch({"a": [1, 2, 3], "b": [0.5, math.pi, -1e-9]})
WITH_HOLES = pa.record_batch({"a": pa.array([1, None, 3]), "b": [0.5, 0.25, 4.0]})


def packed(folder: Path, code: str) -> Path:
    (path := folder / "model.tar.gz").write_bytes(model(code))
    return path


def asked(opened: Transport | Tabular, **config: object) -> Predictor:
    return open_predictor(
        opened,
        Config.model_validate({"endpoint_name": "e", **config}),
        dataset_type="text/csv",
        features=("a", "b"),
        workers=1,
    )


def test_arrays_and_bodies_get_the_same_answers(tmp_path: Path) -> None:
    path = packed(tmp_path, SUMS)
    with open_model(str(path), 1) as opened:
        assert isinstance(opened, Tabular)
        assert isinstance(opened, Transport)
        arrays = asked(opened)
        bodies = asked(opened, accept_type="application/json")
        assert not isinstance(arrays, EndpointModel)
        assert isinstance(bodies, EndpointModel)
        for rows in (ROWS, WITH_HOLES):
            assert np.array_equal(
                score_matrix(arrays.answer(rows)), score_matrix(bodies.answer(rows))
            )
        assert score_matrix(arrays.answer(WITH_HOLES)).tolist() == [[1.5, 1], [0.25, 0], [7, 3]]
        # The column indices of a CSV answer count the columns of the array.
        column = asked(opened, probability=1).answer(ROWS)
        assert score_matrix(column).tolist() == [[1.0], [2.0], [3.0]]
        with pytest.raises(AnalysisError, match="column 2 of a response of 2 columns"):
            asked(opened, probability=2).answer(ROWS)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert arrays.reference == f"model.tar.gz sha256:{digest}"


def test_an_encoded_column_with_a_hole_goes_as_csv(tmp_path: Path) -> None:
    holes = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array([1, None]))
    rows = pa.record_batch({"a": holes, "b": [0.5, 0.25, 4.0]})
    with open_model(str(packed(tmp_path, SUMS)), 1) as opened:
        scores = score_matrix(asked(opened).answer(rows))
    assert scores.tolist() == [[1.5, 1], [0.25, 0], [5, 1]]


def test_handlers_of_its_own_get_bodies(tmp_path: Path) -> None:
    with open_model(str(packed(tmp_path, OWN)), 2) as opened:
        assert not isinstance(opened, Tabular)
        assert score_matrix(asked(opened).answer(ROWS)).tolist() == [[1.0], [2.0], [3.0]]
        assert isinstance(opened, Transport)
        with pytest.raises(ModelFailure) as caught:
            opened.invoke(CANARY.encode(), "text/csv", "text/csv")
        assert caught.value.given == "KeyError in code/inference.py, line 4"


def test_a_failure_on_rows_is_told_by_its_place(tmp_path: Path) -> None:
    rows = pa.record_batch({"a": [CANARY], "b": [1]})
    with (
        open_model(str(packed(tmp_path, SUMS)), 1) as opened,
        pytest.raises(AnalysisError, match=r"ValueError in code/inference\.py, line 6") as caught,
    ):
        asked(opened).answer(rows)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no archive", "no readable .tar.gz"),
        (model("raise OSError('bad weights')"), "bad weights"),
    ],
)
def test_an_artifact_that_does_not_load_says_why(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (path := tmp_path / "model.tar.gz").write_bytes(content)
    with pytest.raises(AnalysisError, match=reason), open_model(str(path), 1):
        pytest.fail("it was opened")
