"""What a column is taken for, and what the results say where it has no curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from clarify_contract.findings import Finding
from clarify_engine.errors import AnalysisError
from clarify_engine.pdp import PdpGrid, PdpPredictions
from clarify_engine.pdp.columns import MAX_CATEGORIES

# The words of the developer guide.
UNSUPPORTED = (
    "Detected data type is not supported for PDP. "
    "PDP can only be computed for numerical or categorical columns"
)


def refused(cells: pa.Array) -> dict[str, Any] | None:
    """Return the entry of a column of which the model is not asked; None if it would be."""
    grid = PdpGrid(["c"], 15)
    grid.update(pa.record_batch({"c": cells}))
    (curve,) = grid.curves(["c"])
    if curve.error is None:
        return None
    predictions = PdpPredictions([curve], ["c"], must_not_be_asked)
    predictions.update(pa.record_batch({"c": cells}))
    (entry,) = predictions.section(["label0"])
    (warning,) = predictions.warnings
    assert (warning.id, warning.severity) == ("pdp-no-curve", "warning")
    assert entry.keys() == {"feature_name", "data_type", "error"}
    return entry


def must_not_be_asked(batch: pa.RecordBatch) -> Any:
    raise AssertionError("there is nothing to ask")


def test_different_sentences_are_free_text() -> None:
    cells = pa.array(["the food was good", "it took far too long", "never again for me"])
    assert refused(cells) == {
        "feature_name": "c",
        "data_type": "free_text",
        "error": UNSUPPORTED,
    }


@pytest.mark.parametrize(
    "cells",
    [
        ["existing credits paid back duly till now", "no credits taken so far"] * 3,
        ["Ann", "Bob", "Cid"],
        ["New York", "Los Angeles"],
        [str(number) for number in range(MAX_CATEGORIES)],
    ],
    ids=["sentences that repeat", "different words", "two words", "many codes"],
)
def test_other_texts_are_categories(cells: list[str]) -> None:
    assert refused(pa.array(cells)) is None


def test_too_many_different_texts_are_free_text() -> None:
    entry = refused(pa.array([str(number) for number in range(MAX_CATEGORIES + 1)]))
    assert entry is not None
    assert entry["data_type"] == "free_text"


def test_too_many_texts_are_noticed_over_batches_and_not_kept() -> None:
    grid = PdpGrid(["c"], 15)
    for start in range(0, 3 * MAX_CATEGORIES, 100):
        grid.update(pa.record_batch({"c": [str(start + number) for number in range(100)]}))
    (curve,) = grid.curves(["c"])
    assert curve.data_type == "free_text"
    assert len(curve.values) == 0


@pytest.mark.parametrize(
    ("type_", "data_type"),
    [(pa.int64(), "numerical"), (pa.string(), "categorical"), (pa.bool_(), "categorical")],
    ids=str,
)
def test_a_column_without_values_says_so(type_: pa.DataType, data_type: str) -> None:
    assert refused(pa.array([None, None], type_)) == {
        "feature_name": "c",
        "data_type": data_type,
        "error": "The column has no values.",
    }


def test_without_rows_nothing_is_known() -> None:
    with pytest.raises(AnalysisError, match=r"The dataset has no rows\."):
        PdpGrid(["c"], 15).curves(["c"])


def test_the_other_columns_get_their_curves() -> None:
    batch = pa.record_batch({"c": ["one two three", "four five six"], "n": [0.0, 1.0]})
    grid = PdpGrid(["c", "n"], 2)
    grid.update(batch)
    predictions = PdpPredictions(
        grid.curves(["c", "n"]), ["c", "n"], lambda rows: np.zeros((rows.num_rows, 1))
    )
    predictions.update(batch)
    text, number = predictions.section(["label0"])
    assert text["error"] == UNSUPPORTED
    assert number["model_predictions"] == [[0.0, 0.0]]


def test_a_warning_names_the_column_and_no_cell() -> None:
    cells = ["secret words in here", "more secret words there"]
    grid = PdpGrid(["c"], 2)
    grid.update(pa.record_batch({"c": cells}))
    warnings = PdpPredictions(grid.curves(["c"]), ["c"], must_not_be_asked).warnings
    assert all(isinstance(warning, Finding) and "'c'" in str(warning) for warning in warnings)
    assert "secret" not in " ".join(map(str, warnings))
