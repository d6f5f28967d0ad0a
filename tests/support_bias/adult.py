"""The real data, model and output that the metrics are held against (see SOURCES.md there)."""

from __future__ import annotations

import io
import json
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from support_real import real

THRESHOLD = 0.46301859617233276  # "threshold" in additional-params.json of the artifact


def folder() -> Path:
    return real("adult_linear_learner")


def config() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder() / "bias_analysis_config.json").read_text())
    return loaded


def output() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder() / "bias_analysis.json").read_text())
    return loaded


def batch() -> pa.RecordBatch:
    """The 666 rows with their labels, and predictions from the artifact's weights."""
    instances = json.loads((folder() / "validation-dataset.json").read_text())["instances"]
    *names, label = config()["headers"]
    features = np.array([row["features"] for row in instances], dtype=np.int64)
    columns = dict(zip(names, features.T, strict=True))
    columns[label] = np.array([row["label"] for row in instances], dtype=np.int64)
    columns["predicted_label"] = (_scores(features) > THRESHOLD).astype(np.int64)
    return pa.RecordBatch.from_pydict(columns)


def _scores(features: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    weight, bias = _parameters()
    logits = features.astype(np.float64) @ weight.astype(np.float64) + float(bias.item())
    scores: np.ndarray[Any, Any] = 1 / (1 + np.exp(-logits.ravel()))
    return scores


def _parameters() -> list[np.ndarray[Any, Any]]:
    """Read the arrays of an MXNet parameter file: a list of shapes and float32 data."""
    with tarfile.open(folder() / "ll-adult-prediction-model.tar.gz") as archive:
        member = archive.extractfile("model_algo-1")
        assert member is not None
        data = zipfile.ZipFile(io.BytesIO(member.read())).read("mx-mod-0000.params")
    position = 0

    def take(form: str) -> tuple[Any, ...]:
        nonlocal position
        found = struct.unpack_from(f"<{form}", data, position)
        position += struct.calcsize(f"<{form}")
        return found

    _magic, _reserved, count = take("QQQ")
    arrays = []
    for _ in range(count):
        _array_magic, _storage, dimensions = take("IiI")
        shape = take(f"{dimensions}q")
        _device, _device_id, data_type = take("iii")
        assert data_type == 0, "not float32"
        arrays.append(np.array(take(f"{int(np.prod(shape))}f"), np.float32).reshape(shape))
    return arrays
