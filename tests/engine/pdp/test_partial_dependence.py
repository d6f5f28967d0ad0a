"""Partial dependence: its values, its shares, and how the model is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from clarify_engine.pdp import PdpGrid, PdpPredictions

Batch = pa.RecordBatch


def section(
    batches: list[Batch],
    scores: Any,
    features: list[str] | None = None,
    *,
    resolution: int = 2,
    block_rows: int = 1000,
) -> list[dict[str, Any]]:
    """Do both passes over batches and return the section for one class named ``yes``."""
    columns = batches[0].schema.names
    grid = PdpGrid(columns, resolution)
    for batch in batches:
        grid.update(batch)
    curves = grid.curves(features or columns)
    predictions = PdpPredictions(curves, columns, scores, block_rows=block_rows)
    for batch in batches:
        predictions.update(batch)
    return predictions.section(["yes"])


def plain(batch: Batch, name: str) -> NDArray[Any]:
    """Return a column of what a model was sent, whatever its encoding."""
    cells = batch.column(name)
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    return np.asarray(cells.to_numpy(zero_copy_only=False))


def product(batch: Batch) -> NDArray[np.float64]:
    return (plain(batch, "a") * plain(batch, "b"))[:, np.newaxis].astype(np.float64)


def constant(batch: Batch) -> NDArray[np.float64]:
    return np.zeros((batch.num_rows, 1))


def test_a_product_worked_by_hand() -> None:
    # a in [0, 8] cut in two: centres 2 and 6. The mean of b is 10/4, that of a 14/4.
    batch = pa.record_batch({"a": [0.0, 2.0, 4.0, 8.0], "b": [1.0, 2.0, 3.0, 4.0]})
    assert section([batch], product) == [
        {
            "feature_name": "a",
            "data_type": "numerical",
            "feature_values": [2.0, 6.0],
            "data_distribution": [0.5, 0.5],  # 4 begins the second bucket, 8 still belongs to it
            "model_predictions": [[5.0, 15.0]],
            "label_headers": ["yes"],
        },
        {
            "feature_name": "b",
            "data_type": "numerical",
            "feature_values": [1.75, 3.25],
            "data_distribution": [0.5, 0.5],
            "model_predictions": [[1.75 * 3.5, 3.25 * 3.5]],
            "label_headers": ["yes"],
        },
    ]


def test_texts_and_booleans_have_a_value_each_in_ascending_order() -> None:
    batch = pa.record_batch({"text": ["b", "a", "b", "c"], "flag": [True, False, True, True]})
    text, flag = section([batch], constant)
    assert (text["data_type"], flag["data_type"]) == ("categorical", "categorical")
    assert text["feature_values"] == ["a", "b", "c"]
    assert text["data_distribution"] == [0.25, 0.5, 0.25]
    assert flag["feature_values"] == [False, True]
    assert flag["data_distribution"] == [0.25, 0.75]


def test_each_class_has_a_curve() -> None:
    def two(batch: Batch) -> NDArray[np.float64]:
        a = plain(batch, "a").astype(np.float64)
        return np.column_stack([a, 1 - a])

    (entry,) = section([pa.record_batch({"a": [0.0, 1.0]})], two)
    assert entry["model_predictions"] == [[0.25, 0.75], [0.75, 0.25]]


def test_an_int_column_is_asked_for_at_the_written_values() -> None:
    asked: list[float] = []

    def note(batch: Batch) -> NDArray[np.float64]:
        asked.extend(plain(batch, "age"))
        return constant(batch)

    (entry,) = section([pa.record_batch({"age": [20, 23]})], note)
    assert entry["feature_values"] == [20.75, 22.25]
    assert asked == [20.75, 20.75, 22.25, 22.25]


def test_other_columns_keep_their_types_and_missing_cells() -> None:
    seen: list[Batch] = []

    def note(batch: Batch) -> NDArray[np.float64]:
        seen.append(batch)
        return constant(batch)

    batch = pa.record_batch({"a": [0.0, 1.0], "n": pa.array([None, 3]), "t": ["x", None]})
    section([batch], note, ["a"])
    (sent,) = seen
    assert sent.schema.names == ["a", "n", "t"]
    assert sent.column("n").dictionary_decode().to_pylist() == [None, 3, None, 3]
    assert sent.column("n").type.value_type == pa.int64()
    assert sent.column("t").dictionary_decode().to_pylist() == ["x", None, "x", None]


def test_missing_and_infinite_cells_are_in_no_share_but_are_predicted() -> None:
    rows: list[int] = []

    def note(batch: Batch) -> NDArray[np.float64]:
        rows.append(batch.num_rows)
        return constant(batch)

    cells = pa.array([0.0, None, 1.0, float("inf"), 1.0])
    (entry,) = section([pa.record_batch({"a": cells})], note)
    assert entry["feature_values"] == [0.25, 0.75]
    assert entry["data_distribution"] == [1 / 3, 2 / 3]
    assert sum(rows) == 5 * 2


def test_a_constant_column_has_one_value() -> None:
    (entry,) = section([pa.record_batch({"a": [7, 7, 7]})], constant, resolution=15)
    assert entry["feature_values"] == [7.0]
    assert entry["data_distribution"] == [1.0]


@pytest.mark.parametrize("block_rows", [1, 4, 33, 150])
def test_the_model_is_never_asked_about_more_rows_than_a_block_has(block_rows: int) -> None:
    sizes: list[int] = []

    def note(batch: Batch) -> NDArray[np.float64]:
        sizes.append(batch.num_rows)
        return product(batch)

    rng = np.random.default_rng(1)
    batch = pa.record_batch({"a": rng.normal(size=70), "b": rng.normal(size=70)})
    parts = section([batch], note, resolution=5, block_rows=block_rows)
    assert max(sizes) == block_rows // 5 * 5 or max(sizes) == block_rows < 5
    assert sum(sizes) == 70 * 5 * 2
    for one, other in zip(section([batch], product, resolution=5), parts, strict=True):
        assert one["data_distribution"] == other["data_distribution"]
        np.testing.assert_allclose(
            one["model_predictions"], other["model_predictions"], rtol=0, atol=1e-14
        )


def test_progress_tells_rows_and_predictions_and_classes_are_known_then() -> None:
    def three(batch: Batch) -> NDArray[np.float64]:
        return np.zeros((batch.num_rows, 3))

    batch = pa.record_batch({"a": [0.0, 1.0, 2.0], "t": ["x", "y", "x"]})
    grid = PdpGrid(["a", "t"], 4)
    grid.update(batch)
    told: list[tuple[int, int]] = []
    predictions = PdpPredictions(
        grid.curves(["a", "t"]), ["a", "t"], three, lambda *what: told.append(what)
    )
    assert predictions.classes == 0
    predictions.update(batch)
    assert predictions.classes == 3
    assert told[-1] == (3, 3 * predictions.predictions_per_row) == (3, 3 * (4 + 2))


numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.lists(st.none() | numbers, min_size=1, max_size=40).filter(
        lambda c: any(cell is not None for cell in c)
    ),
    st.integers(1, 30),
)
def test_shares_add_up_to_one_and_values_stay_in_range(
    cells: list[float | None], resolution: int
) -> None:
    batch = pa.record_batch({"a": pa.array(cells, pa.float64())})
    (entry,) = section([batch], constant, resolution=resolution)
    given_cells = [cell for cell in cells if cell is not None]
    values = entry["feature_values"]
    assert sum(entry["data_distribution"]) == pytest.approx(1, abs=1e-12)
    assert min(given_cells) <= min(values) <= max(values) <= max(given_cells)
    assert values == sorted(values)
    assert len(values) == (1 if min(given_cells) == max(given_cells) else resolution)


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.sampled_from("abc") | st.none()), min_size=1),
    st.randoms(use_true_random=False),
    st.integers(1, 9),
)
def test_order_and_batches_of_rows_change_nothing(
    rows: list[tuple[int, str | None]], random: Any, size: int
) -> None:
    def of(rows: list[tuple[int, str | None]]) -> Batch:
        schema = pa.schema({"a": pa.int64(), "t": pa.string()})
        columns = zip(*rows, strict=True)
        return pa.record_batch(
            [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema
        )

    def a_if_t_is_a(batch: Batch) -> NDArray[np.float64]:
        return ((plain(batch, "t") == "a") * plain(batch, "a"))[:, np.newaxis].astype(np.float64)

    whole = section([of(rows)], a_if_t_is_a, resolution=4)
    random.shuffle(rows)
    parts = [of(rows[start : start + size]) for start in range(0, len(rows), size)]
    for one, other in zip(whole, section(parts, a_if_t_is_a, resolution=4), strict=True):
        assert one.keys() == other.keys()
        for key in one.keys() & {"feature_values", "data_distribution", "error"}:
            assert one[key] == other[key]
        if "error" not in one:
            np.testing.assert_allclose(
                one["model_predictions"], other["model_predictions"], rtol=0, atol=1e-12
            )
