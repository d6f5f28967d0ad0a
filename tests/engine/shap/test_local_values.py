from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from clarify_engine.shap import LocalValues


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_features_vary_first_and_the_join_column_is_last(tmp_path: Path) -> None:
    path = tmp_path / "explanations_shap" / "out.csv"
    with LocalValues(path, ["F1", "F2"], ["L1", "L2"], "id") as local:
        local.write(np.array([[[1.0, 2.0], [3.0, 4.0]]]), pa.array(["a,b"]))
        local.write(np.array([[[5.0, 6.0], [7.0, 8.0]]]), pa.array(['"']).dictionary_encode())
    assert read(path) == [
        ["F1_L1", "F2_L1", "F1_L2", "F2_L2", "id"],
        ["1", "3", "2", "4", "a,b"],
        ["5", "7", "6", "8", '"'],
    ]


def test_numbers_read_back_as_they_are(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(500, 3, 1)) * 10.0 ** rng.integers(-300, 300, (500, 3, 1))
    values[0, :, 0] = [5e-324, -0.0, 1 / 3]
    path = tmp_path / "out.csv"
    with LocalValues(path, ["a", "b", "c"], ["label0"]) as local:
        local.write(values)
    header, *rows = read(path)
    assert header == ["a_label0", "b_label0", "c_label0"]
    assert np.array_equal(np.array(rows, dtype=float), values[:, :, 0])


def test_names_with_commas_and_quotes_read_back(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with LocalValues(path, ['in "EUR", net'], ["y"], "a,b") as local:
        local.write(np.zeros((1, 1, 1)), pa.array([7]))
    assert read(path) == [['in "EUR", net_y', "a,b"], ["0", "7"]]


def test_values_that_do_not_fit_the_columns_are_refused(tmp_path: Path) -> None:
    with LocalValues(tmp_path / "out.csv", ["a"], ["y"], "id") as local:
        with pytest.raises(ValueError, match="expected 1 for a row, got 2"):
            local.write(np.zeros((1, 2, 1)), pa.array([7]))
        with pytest.raises(ValueError, match="join"):
            local.write(np.zeros((1, 1, 1)))
