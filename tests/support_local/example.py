"""The committed example, a way to load its files (scripts, not packages), and what explains it."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Callable
from math import factorial
from pathlib import Path
from types import ModuleType

import numpy as np

Predict = Callable[[np.ndarray], np.ndarray]
EXAMPLES = Path(__file__).parents[2] / "examples"
DIABETES, STAGES = EXAMPLES / "diabetes", EXAMPLES / "stages"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def patients(data: Path, model: Path) -> tuple[list[str], np.ndarray, Predict]:
    """Return the features' names, the rows of a dataset, and what an unpacked model predicts."""
    served = load(model / "code" / "inference.py")
    loaded = served.model_fn(model)
    with data.open(newline="") as file:
        table = list(csv.DictReader(file))
    names = loaded["features"]
    rows = np.array([[float(row[name]) for name in names] for row in table])
    return names, rows, lambda features: served.predict_fn(features, loaded)


def partial_dependence(
    predict: Predict, rows: np.ndarray, feature: int, buckets: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres of equal buckets of a feature, and the average prediction at each."""
    edges = np.linspace(rows[:, feature].min(), rows[:, feature].max(), buckets + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    made = np.repeat(rows[None], buckets, axis=0)
    made[:, :, feature] = centres[:, None]
    return centres, predict(made.reshape(-1, rows.shape[1])).reshape(buckets, -1).mean(axis=1)


def baseline() -> np.ndarray:
    """Return the baseline row of the example's config."""
    config = json.loads((DIABETES / "analysis_config.json").read_text())
    (row,) = config["methods"]["shap"]["baseline"]
    return np.array(row, float)


def shapley_values(predict: Predict, rows: np.ndarray, absent: np.ndarray) -> np.ndarray:
    """Return Shapley values (rows, features) by their definition: every order's weight, no fit.

    phi_j = sum over S without j of |S|! (M - |S| - 1)! / M! * (v(S + j) - v(S)), where v(S) is the
    prediction with the features of S from the row and the others from `absent`.
    """
    count = rows.shape[1]
    present = (np.arange(2**count)[:, None] >> np.arange(count)) & 1 == 1
    made = np.where(present[:, None, :], rows[None], absent[None, None])
    value = predict(made.reshape(-1, count)).reshape(2**count, len(rows))
    sizes = present.sum(axis=1)
    phi = np.empty((len(rows), count))
    for feature in range(count):
        without = np.flatnonzero(~present[:, feature])
        weights = [
            factorial(size) * factorial(count - size - 1) / factorial(count)
            for size in sizes[without]
        ]
        gains = value[without | (1 << feature)] - value[without]
        phi[:, feature] = np.array(weights) @ gains
    return phi
