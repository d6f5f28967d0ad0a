"""Baselines computed from a dataset by clustering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from threadpoolctl import threadpool_limits

from clarify_contract import AnalysisConfig
from clarify_engine.baseline import Baseline, computing, open_baseline
from clarify_engine.data import open_dataset


def computed(folder: Path, columns: dict[str, Any], seed: int = 1, **shap: Any) -> Baseline:
    """Compute the baseline of a Parquet dataset with these columns and a label."""
    table = pa.table(columns)
    path = folder / "data.parquet"
    pq.write_table(table.append_column("label", pa.array([0] * len(table))), path)
    config = AnalysisConfig(
        dataset_type="application/x-parquet",
        label="label",
        methods={"shap": shap},
        predictor={"endpoint_name": "model", "content_type": "text/csv"},
    )
    dataset = open_dataset(config, path, fetch=Path)
    return open_baseline(config, dataset, Path, seed=seed, tell=lambda rows: None)


def blobs(*centres: tuple[float, float], sizes: tuple[int, ...]) -> dict[str, Any]:
    """Return two columns of well separated groups of points."""
    random = np.random.default_rng(5)
    points = np.concatenate(
        [random.normal(centre, 0.1, (n, 2)) for centre, n in zip(centres, sizes, strict=True)]
    )
    return {"x": points[:, 0], "y": points[:, 1]}


def test_one_cluster_has_the_means_and_the_most_frequent_categories(tmp_path: Path) -> None:
    columns = {
        "whole": [1, 2, 5],  # mean 2.67
        "number": [1.0, 2.0, 6.0],
        "text": ["b", "a", "b"],
        "flag": [True, False, True],
    }
    found = computed(tmp_path, columns, num_clusters=1)
    assert found.rows.to_pylist() == [{"whole": 3, "number": 3.0, "text": "b", "flag": True}]
    assert [field.type for field in found.rows.schema] == [
        pa.int64(),
        pa.float64(),
        pa.string(),
        pa.bool_(),
    ]
    assert (found.computed, found.clusters, found.warnings) == (True, 1, ())


def test_clear_groups_are_found_the_largest_first(tmp_path: Path) -> None:
    columns = blobs((0, 0), (9, 0), (0, 9), sizes=(30, 60, 45))
    found = computed(tmp_path, columns)
    assert found.clusters == 3
    halves = [slice(30, 90), slice(90, 135), slice(0, 30)]
    for row, members in zip(found.rows.to_pylist(), halves, strict=True):
        assert row["x"] == pytest.approx(columns["x"][members].mean(), abs=1e-12)
        assert row["y"] == pytest.approx(columns["y"][members].mean(), abs=1e-12)


def test_groups_of_categories_are_found(tmp_path: Path) -> None:
    columns = {
        "a": ["x"] * 40 + ["y"] * 60,
        "b": ["p"] * 40 + ["q"] * 60,
        "c": [1] * 40 + [2] * 60,
    }
    found = computed(tmp_path, columns)
    assert found.rows.to_pylist() == [{"a": "y", "b": "q", "c": 2}, {"a": "x", "b": "p", "c": 1}]


def test_rows_without_groups_are_one_cluster(tmp_path: Path) -> None:
    points = np.random.default_rng(3).normal(size=(500, 6))
    found = computed(tmp_path, {f"x{place}": points[:, place] for place in range(6)})
    assert found.clusters == 1
    assert list(found.rows.to_pylist()[0].values()) == pytest.approx(points.mean(axis=0), abs=1e-12)


def test_scales_of_columns_do_not_matter(tmp_path: Path) -> None:
    columns = blobs((0, 0), (0, 9), sizes=(20, 30))
    noise = np.random.default_rng(2).normal(size=50) * 1e300
    found = computed(tmp_path, {**columns, "wide": noise}, num_clusters=2)
    assert [round(row["y"]) for row in found.rows.to_pylist()] == [9, 0]


def test_missing_cells_lie_in_the_middle_and_do_not_pull_the_mean(tmp_path: Path) -> None:
    columns = {
        "x": pa.array([None, 1.0, 3.0, float("inf")]),
        "t": pa.array([None, None, "b", None]),
        "none": pa.array([None] * 4, pa.string()),
        "empty": pa.array([None] * 4, pa.int64()),
    }
    found = computed(tmp_path, columns, num_clusters=1)
    assert found.rows.to_pylist() == [{"x": 2.0, "t": "b", "none": None, "empty": None}]
    assert found.rows.schema.field("none").type == pa.string()


def test_fewer_different_rows_than_clusters_make_fewer_rows_and_a_warning(tmp_path: Path) -> None:
    columns = {"x": [1, 1, 2, 2, 2], "t": list("aabbb")}
    found = computed(tmp_path, columns, num_clusters=4)
    assert found.rows.to_pylist() == [{"x": 2, "t": "b"}, {"x": 1, "t": "a"}]
    assert found.clusters == 2
    (warning,) = found.warnings
    assert (warning.id, warning.severity) == ("baseline-fewer-rows", "warning")


def test_rows_that_differ_in_their_last_digits_only_raise_no_warning_of_python(
    tmp_path: Path,
) -> None:
    columns = {"x": [1.0, 1.0 + 2e-16, 5.0, 5.0 + 1e-15]}
    assert computed(tmp_path, columns, num_clusters=4).clusters in (2, 3, 4)


def test_one_row_is_its_own_baseline(tmp_path: Path) -> None:
    assert computed(tmp_path, {"x": [7], "t": ["a"]}).rows.to_pylist() == [{"x": 7, "t": "a"}]


def test_a_seed_decides_whatever_the_number_of_threads(tmp_path: Path) -> None:
    points = np.random.default_rng(8).normal(size=(3000, 5))
    columns = {f"x{place}": points[:, place] for place in range(5)}
    with threadpool_limits(1):
        alone = computed(tmp_path, columns, num_clusters=7)
    again = computed(tmp_path, columns, num_clusters=7)
    other = computed(tmp_path, columns, num_clusters=7, seed=2)
    assert again.rows.equals(alone.rows)
    assert not other.rows.equals(alone.rows)


@pytest.mark.parametrize("seed", [-1, 2**40])
def test_any_whole_number_is_a_seed(seed: int, tmp_path: Path) -> None:
    assert computed(tmp_path, {"x": [1, 2]}, seed=seed, num_clusters=1).clusters == 1


def test_only_a_sample_is_clustered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "SAMPLE_ROWS", 100)
    x = np.random.default_rng(4).normal(size=20_000)
    (row,) = computed(tmp_path, {"x": x}, num_clusters=1).rows.to_pylist()
    assert row["x"] != pytest.approx(x.mean(), abs=1e-9)
    assert row["x"] == pytest.approx(x.mean(), abs=0.5)


def test_a_row_that_comes_often_weighs_as_often(tmp_path: Path) -> None:
    # Without weights 4.9 is nearer to 0 than to 10; a hundred zeros do not move for it.
    found = computed(tmp_path, {"x": [0.0] * 100 + [4.9, 10.0]}, num_clusters=2)
    assert found.rows.to_pylist() == [{"x": 0.0}, {"x": pytest.approx(7.45)}]
