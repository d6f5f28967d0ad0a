"""Serves the example's model: gradient-boosted trees stored as plain JSON, read with numpy alone.

The four functions are SageMaker's convention for a model artifact: `model.tar.gz` holds this file
as `code/inference.py`.
"""

import io
import json
from pathlib import Path

import numpy as np


def model_fn(model_dir):
    """Read `model.json`: the trees, the score every patient starts from, and the learning rate."""
    model = json.loads(Path(model_dir, "model.json").read_text(encoding="utf-8"))
    model["trees"] = [
        {name: np.asarray(values) for name, values in tree.items()} for tree in model["trees"]
    ]
    return model


def input_fn(body, content_type):
    """Turn CSV rows without a header into a table of numbers, one row per patient."""
    if content_type.split(";")[0].strip() != "text/csv":
        raise ValueError(f"this model reads text/csv, not {content_type}")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return np.loadtxt(io.StringIO(text), delimiter=",", ndmin=2)


def predict_fn(rows, model):
    """Return each patient's probability of high progression."""
    if rows.shape[1] != len(model["features"]):
        raise ValueError(f"this model reads {len(model['features'])} columns, got {rows.shape[1]}")
    # scikit-learn compares features as 32-bit floats with thresholds as 64-bit floats.
    rows = rows.astype(np.float32)
    score = np.full(len(rows), model["initial_score"])
    for tree in model["trees"]:
        score += model["learning_rate"] * _leaf_values(tree, rows)
    return 1 / (1 + np.exp(-score))


def output_fn(probabilities, accept):
    """Write one probability per line."""
    if accept.split(";")[0].strip() not in ("text/csv", "*/*"):
        raise ValueError(f"this model writes text/csv, not {accept}")
    return "".join(f"{probability!r}\n" for probability in probabilities.tolist())


def _leaf_values(tree, rows):
    """Walk every row down one tree; a node whose left child is -1 is a leaf."""
    node = np.zeros(len(rows), dtype=int)
    while True:
        inner = np.flatnonzero(tree["left"][node] >= 0)
        if not len(inner):
            return tree["value"][node]
        at = node[inner]
        goes_left = rows[inner, tree["feature"][at]] <= tree["threshold"][at]
        node[inner] = np.where(goes_left, tree["left"][at], tree["right"][at])
