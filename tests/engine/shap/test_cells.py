"""What counts as a difference from the baseline, and what the model gets to see."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from clarify_engine.shap import KernelShap
from support_shap import Row, Watched, all_by_definition, scores, table

COLUMNS: dict[str, tuple[list[Any], list[Any]]] = {
    "age": ([17, 40, None], [40]),
    "rate": ([0.5, None, 2.5], [None]),
    "job": (["clerk", "", None], ["clerk"]),
    "member": ([True, False, None], [False]),
}
ROWS = table(**{name: cells for name, (cells, _) in COLUMNS.items()})
BASELINE = pa.RecordBatch.from_arrays(
    [pa.array(cells, ROWS.schema.field(name).type) for name, (_, cells) in COLUMNS.items()],
    names=list(COLUMNS),
)


def mixed(row: Row) -> list[float]:
    """Understand nulls, texts, truth values and numbers, all of them at once."""
    age = 30 if row["age"] is None else row["age"]
    rate = -1.0 if row["rate"] is None else row["rate"]
    return [age * (1 + rate) + 10 * len(row["job"] or "none") * (row["member"] is True)]


def test_cells_of_all_kinds_are_explained_by_the_definition() -> None:
    shap = KernelShap(scores(mixed), BASELINE, seed=1)
    np.testing.assert_allclose(
        shap.explain(ROWS), all_by_definition(mixed, ROWS, BASELINE), atol=1e-9
    )


def test_the_model_gets_cells_as_they_are() -> None:
    model = Watched(scores(mixed))
    KernelShap(model, BASELINE, seed=1).explain(ROWS)
    given = [row for batch in model.batches for row in batch.to_pylist()]
    for name, (cells, baseline) in COLUMNS.items():
        assert {repr(row[name]) for row in given} == {repr(cell) for cell in cells + baseline}
    for batch in model.batches:
        for column, field in zip(batch.columns, ROWS.schema, strict=True):
            plain = column.dictionary if pa.types.is_dictionary(column.type) else column
            assert plain.type == field.type


def test_a_cell_equal_to_the_baseline_has_no_value_and_costs_no_prediction() -> None:
    """Null equals null. The first row differs in all but `job`, the second in `job` alone."""
    model = Watched(scores(mixed))
    shap = KernelShap(model, BASELINE, seed=1)
    values = shap.explain(ROWS.slice(0, 2))[:, :, 0]
    assert values[0, 2] == 0
    assert np.flatnonzero(values[1]).tolist() in ([], [2])
    assert shap.predictions == 1 + (1 + 2**3 - 2) + 1


def test_with_several_baseline_rows_a_feature_varies_if_any_differs() -> None:
    baseline = table(a=[1, 1], b=["x", "y"], c=[None, None])
    rows = table(a=[1], b=["x"], c=[2.0])

    def model(row: Row) -> list[float]:
        return [row["a"] + 3 * (row["b"] == "x") + (row["c"] or 0) * (row["b"] == "y")]

    shap = KernelShap(scores(model), baseline, seed=1)
    values = shap.explain(rows)
    np.testing.assert_allclose(values, all_by_definition(model, rows, baseline), atol=1e-12)
    # Against the first baseline row only c varies, which takes no more predictions.
    assert shap.predictions == 2 + 1 + (2**2 - 2)


def test_dictionaries_are_read_like_their_cells() -> None:
    coded = pa.RecordBatch.from_arrays(
        [column.dictionary_encode() for column in ROWS.columns], names=ROWS.schema.names
    )
    plain = KernelShap(scores(mixed), BASELINE, seed=1).explain(ROWS)
    assert np.array_equal(KernelShap(scores(mixed), BASELINE, seed=1).explain(coded), plain)


def test_whole_numbers_stay_whole_beside_a_whole_baseline_of_floats() -> None:
    model = Watched(scores(lambda row: [row["a"] + row["b"]]))
    KernelShap(model, table(a=[2.0], b=[1.0]), seed=1).explain(table(a=[5], b=[7]))
    assert {type(row["a"]) for batch in model.batches[1:] for row in batch.to_pylist()} == {int}


def test_a_fraction_in_the_baseline_of_whole_numbers_is_kept() -> None:
    shap = KernelShap(scores(lambda row: [row["a"] * row["b"]]), table(a=[2.5], b=[1]), seed=1)
    assert shap.explain(table(a=[5], b=[3]))[0, :, 0].tolist() == [5.0, 7.5]


def test_a_baseline_column_of_nulls_has_any_type() -> None:
    baseline = table(a=pa.nulls(1), b=[1])
    shap = KernelShap(scores(lambda row: [len(row["a"] or "") * row["b"]]), baseline, seed=1)
    assert shap.explain(table(a=["four"], b=[3]))[0, :, 0].tolist() == [8.0, 4.0]


def test_texts_against_numbers_are_refused() -> None:
    shap = KernelShap(lambda batch: np.zeros((len(batch), 1)), table(a=[1]), seed=1)
    with pytest.raises(ValueError, match="int64, and string"):
        shap.explain(table(a=["1"]))


def test_other_columns_than_the_baseline_are_refused() -> None:
    shap = KernelShap(lambda batch: np.zeros((len(batch), 1)), table(a=[1], b=[1]), seed=1)
    with pytest.raises(ValueError, match="columns of the baseline"):
        shap.explain(table(b=[1], a=[1]))
