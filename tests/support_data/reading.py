"""Open datasets from texts and look at what a pass gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from clarify_contract import AnalysisConfig
from clarify_engine.data import Dataset, open_dataset


class Collected:
    """A consumer that keeps all batches, and holds that their types do not change."""

    def __init__(self) -> None:
        self.batches: list[pa.RecordBatch] = []

    def update(self, batch: pa.RecordBatch) -> None:
        assert not self.batches or batch.schema == self.batches[0].schema
        self.batches.append(batch)

    @property
    def table(self) -> pa.Table:
        return pa.Table.from_batches(self.batches)


def config(dataset_type: str = "text/csv", **keys: Any) -> AnalysisConfig:
    """Return a bias config; keys that are None are left out."""
    given: dict[str, Any] = {
        "dataset_type": dataset_type,
        "label": "label",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "group", "value_or_threshold": [1]}],
        "methods": {"pre_training_bias": {"methods": "all"}},
        **keys,
    }
    return AnalysisConfig(**{key: value for key, value in given.items() if value is not None})


def local(files: Mapping[str, Path]) -> Any:
    """Return a fetch function that knows these S3 URIs."""
    return files.__getitem__


def nothing_to_fetch(uri: str) -> Path:
    raise AssertionError("this dataset has nothing to fetch")


def opened(source: Path, **keys: Any) -> Dataset:
    return open_dataset(config(**keys), source, fetch=nothing_to_fetch)


def table(dataset: Dataset, columns: list[str] | None = None) -> pa.Table:
    return dataset.scan(columns, Collected).table
