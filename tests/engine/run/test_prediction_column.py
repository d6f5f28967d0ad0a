"""Predicted labels get one type over the whole column, as pandas would infer it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from clarify_engine.errors import AnalysisError
from clarify_engine.predict import PredictionColumn


def stored(folder: Path, batches: list[list[Any]], *, is_text: bool = False) -> PredictionColumn:
    column = PredictionColumn(folder / "predictions")
    for batch in batches:
        column.append(batch, is_text=is_text)
    return column


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        ([[1, 0], [1]], pa.int64()),
        ([[1, 0], [0.5]], pa.float64()),
        ([[1, 0], ["yes"]], pa.string()),
        ([["1"], ["0"]], pa.string()),
        ([[True], [False]], pa.bool_()),
        ([[True], [0]], pa.string()),
        ([[2**70]], pa.string()),
    ],
)
def test_values_of_json_keep_their_type(
    tmp_path: Path, batches: list[list[Any]], expected: pa.DataType
) -> None:
    assert stored(tmp_path, batches).type == expected


@pytest.mark.parametrize(
    "texts",
    [["1", "0"], ["1.0", "0"], ["1e3", "2"], ["yes", "1"], ["True", "False"], ["-3", "+4"]],
)
def test_texts_of_csv_are_read_as_pandas_reads_them(tmp_path: Path, texts: list[str]) -> None:
    (tmp_path / "response.csv").write_text("\n".join(texts))
    by_pandas = pd.read_csv(tmp_path / "response.csv", header=None)[0]
    column = stored(tmp_path, [[text] for text in texts], is_text=True)
    assert column.read().take(len(texts)).to_pylist() == by_pandas.tolist()


def test_a_late_text_makes_the_early_numbers_text_as_they_were_written(tmp_path: Path) -> None:
    column = stored(tmp_path, [["01", "2"], ["cat"]], is_text=True)
    assert column.read().take(3).to_pylist() == ["01", "2", "cat"]


def test_pieces_may_be_cut_anywhere_and_read_again(tmp_path: Path) -> None:
    column = stored(tmp_path, [[1, 2, 3], [], [4], [5, 6]])
    assert column.rows == 6
    for cuts in ([6], [1, 5], [2, 2, 2], [0, 4, 2]):
        reader = column.read()
        pieces = [reader.take(count) for count in cuts]
        assert [len(piece) for piece in pieces] == cuts
        assert pa.concat_arrays(pieces).to_pylist() == [1, 2, 3, 4, 5, 6]


def test_thresholded_labels_may_be_read_as_the_observed_label_has_them(tmp_path: Path) -> None:
    column = stored(tmp_path, [[1, 0]])
    assert column.read(pa.float64()).take(2).to_pylist() == [1.0, 0.0]
    assert column.read(pa.bool_()).take(2).to_pylist() == [True, False]


@pytest.mark.parametrize("label", [None, ["a"], {"a": 1}, float("nan")])
def test_what_is_no_label_is_refused(tmp_path: Path, label: Any) -> None:
    with pytest.raises(AnalysisError, match="where a label should be"):
        stored(tmp_path, [[label]])
