from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from clarify_engine.matrix import to_matrix
from support_shap import table


def test_numbers_truth_values_and_nulls_become_floats() -> None:
    batch = table(a=[1, 2, None], b=[True, None, False], c=[0.5, None, -1.5])
    expected = [[1, 1, 0.5], [2, np.nan, np.nan], [np.nan, 0, -1.5]]
    assert np.array_equal(to_matrix(batch), expected, equal_nan=True)
    coded = pa.RecordBatch.from_arrays(
        [column.dictionary_encode() for column in batch.columns], names=batch.schema.names
    )
    assert np.array_equal(to_matrix(coded), expected, equal_nan=True)


def test_a_part_of_a_table_and_more_rows_than_are_filled_at_once() -> None:
    cells = np.arange(20_000)
    coded = pa.DictionaryArray.from_arrays(cells % 7, pa.array([0.5, 1, None, 3, 4, 5, 6]))
    batch = table(a=cells, b=coded).slice(3, 15_000)
    matrix = to_matrix(batch)
    assert matrix.flags.c_contiguous
    assert np.array_equal(matrix[:, 0], cells[3:15_003])
    assert np.array_equal(matrix[:, 1], np.asarray(batch.column(1).dictionary_decode()), True)


def test_texts_are_refused() -> None:
    with pytest.raises(TypeError, match="string"):
        to_matrix(table(a=["1"]))
