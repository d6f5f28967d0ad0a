"""The data and the config of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from clarify_contract import POST_TRAINING, AnalysisConfig

HERE = Path(__file__).parent
DATA = HERE / ".data"

CHUNK = 1 << 20
EDUCATION = pa.array(["Bachelors", "HS-grad", "11th", "Masters", "Some-college", "Doctorate"])
COUNTED = ["Sex", "Age", "Target", "Predicted"]


def people(rows: int) -> Iterator[pa.RecordBatch]:
    """Yield rows like those of UCI Adult, a chunk at a time, the same ones at every call."""
    rng = np.random.default_rng(2026)
    for start in range(0, rows, CHUNK):
        n = min(CHUNK, rows - start)
        sex = rng.integers(0, 2, n)
        age = rng.integers(17, 91, n)
        target = (rng.random(n) < 0.2 + 0.1 * sex).astype(np.int64)
        flipped = rng.random(n) < 0.15
        yield pa.RecordBatch.from_pydict(
            {
                "Sex": sex,
                "Age": age,
                "Hours": rng.normal(40, 12, n).round(2),
                "Weight": rng.integers(12_285, 1_490_400, n),
                "Education": EDUCATION.take(pa.array(rng.integers(0, len(EDUCATION), n))),
                "Target": target,
                "Predicted": np.where(flipped, 1 - target, target),
            }
        )


def config(dataset_type: str) -> AnalysisConfig:
    """Ask for the 20 metrics that need no neighbours, on files of `people`."""
    post = [code for code in POST_TRAINING if code != "FT"]
    return AnalysisConfig.load(
        {
            "dataset_type": dataset_type,
            "label": "Target",
            "label_values_or_threshold": [1],
            "predicted_label": "Predicted",
            "facet": [{"name_or_index": "Sex", "value_or_threshold": [0]}],
            "group_variable": "Age",
            "methods": {
                "pre_training_bias": {"methods": "all"},
                "post_training_bias": {"methods": post},
            },
        }
    )
