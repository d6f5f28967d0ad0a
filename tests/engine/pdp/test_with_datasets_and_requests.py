"""Partial dependence between a dataset that is read in passes and requests to an endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from clarify_contract import AnalysisConfig
from clarify_engine.data import open_dataset
from clarify_engine.pdp import PdpGrid, PdpPredictions
from clarify_engine.predict import RequestFormat

BATCH = pa.record_batch(
    {
        "a": [0, 2],
        "x": pa.array([1.5, None]),
        "t": ['say "hi"', None],
        "b": [True, False],
    }
)


def bodies(content_type: str) -> list[str]:
    """Return what an endpoint gets for the curve of ``a`` in two buckets."""
    names = BATCH.schema.names
    format_ = RequestFormat(content_type, tuple(names))
    sent: list[str] = []

    def scores(batch: pa.RecordBatch) -> NDArray[np.float64]:
        records = format_.records(format_.cells(batch), 0, batch.num_rows)
        sent.append(format_.body(records).decode())
        return np.zeros((batch.num_rows, 1))

    grid = PdpGrid(["a"], 2)
    grid.update(BATCH)
    PdpPredictions(grid.curves(["a"]), names, scores).update(BATCH)
    return sent


@pytest.mark.parametrize(
    ("content_type", "lines"),
    [
        (
            "text/csv",
            [
                '0.5,1.5,"say ""hi""",True',
                "0.5,,,False",
                '1.5,1.5,"say ""hi""",True',
                "1.5,,,False",
            ],
        ),
        (
            "application/jsonlines",
            [
                r'[0.5,1.5,"say \"hi\"",true]',
                "[0.5,null,null,false]",
                r'[1.5,1.5,"say \"hi\"",true]',
                "[1.5,null,null,false]",
            ],
        ),
    ],
)
def test_a_request_has_the_other_cells_as_the_dataset_has_them(
    content_type: str, lines: list[str]
) -> None:
    assert bodies(content_type) == ["\n".join(lines)]


def test_a_column_whose_type_widens_late_is_read_again(tmp_path: Path) -> None:
    # The first block of 1 MB holds integers only; the last row is a fraction.
    rows = 400_000
    path = tmp_path / "data.csv"
    path.write_text("x,label\n" + "4,no\n" * rows + "8.5,yes\n")
    config = AnalysisConfig(
        dataset_type="text/csv",
        label="label",
        methods={"pdp": {"features": ["x"], "grid_resolution": 3}},
        predictor={"endpoint_name": "model", "content_type": "text/csv"},
    )
    dataset = open_dataset(config, path, fetch=Path)

    def doubled(batch: pa.RecordBatch) -> NDArray[np.float64]:
        x: Any = batch.column("x").dictionary_decode()
        return 2 * x.to_numpy().reshape(-1, 1)

    made: list[PdpGrid] = []

    def make() -> PdpGrid:
        made.append(PdpGrid(dataset.features, 3))
        return made[-1]

    curves = dataset.scan(dataset.features, make).curves(["x"])
    assert len(made) == 2
    found = dataset.scan(
        dataset.features, lambda: PdpPredictions(curves, dataset.features, doubled)
    )
    (entry,) = found.section(["label0"])
    assert found.rows == rows + 1
    assert entry["feature_values"] == [4.75, 6.25, 7.75]
    assert entry["data_distribution"] == [rows / (rows + 1), 0, 1 / (rows + 1)]
    assert entry["model_predictions"] == [[9.5, 12.5, 15.5]]
