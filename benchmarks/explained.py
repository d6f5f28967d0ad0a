"""What the benchmarks of explanations explain, and a model as a function of tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from clarify_contract.config.predictor import Predictor
from clarify_engine.matrix import to_matrix
from clarify_engine.predict import Scores, open_predictor, scoring

# Feature -> (values, share of each in UCI Adult, about), as integer codes; the most frequent first.
CODED = {
    "Workclass": [0.74, 0.08, 0.07, 0.04, 0.04, 0.03],
    "Education": [0.33, 0.22, 0.16, 0.06, 0.05, 0.04, 0.04, 0.03, 0.02, 0.02, 0.02, 0.01],
    "Marital Status": [0.47, 0.32, 0.14, 0.03, 0.03, 0.01],
    "Occupation": [0.14, 0.13, 0.13, 0.12, 0.12, 0.11, 0.07, 0.05, 0.05, 0.03, 0.03, 0.02],
    "Relationship": [0.41, 0.26, 0.15, 0.11, 0.04, 0.03],
    "Ethnic group": [0.86, 0.09, 0.03, 0.01, 0.01],
    "Sex": [0.68, 0.32],
    "Country": [0.91, 0.02, 0.02, 0.02, 0.01, 0.01, 0.01],
}
ADULT = ["Age", *CODED, "Capital Gain", "Capital Loss", "Hours per week"]
ADULT_14 = [*ADULT, "fnlwgt", "Education-Num"]


def adult_like(rows: int, features: list[str] = ADULT, seed: int = 2026) -> np.ndarray:
    """Make rows of whole numbers with about the shares of UCI Adult's values."""
    rng = np.random.default_rng(seed)
    columns = {
        "Age": rng.gamma(6.0, 3.6, rows).astype(int) + 17,
        "Capital Gain": np.where(rng.random(rows) < 0.92, 0, rng.integers(114, 20_000, rows)),
        "Capital Loss": np.where(rng.random(rows) < 0.95, 0, rng.integers(155, 3_000, rows)),
        "Hours per week": np.where(rng.random(rows) < 0.47, 40, rng.integers(10, 80, rows)),
        "fnlwgt": rng.integers(12_285, 1_490_400, rows),
        "Education-Num": rng.integers(1, 17, rows),
    }
    for name, shares in CODED.items():
        columns[name] = rng.choice(len(shares), rows, p=np.array(shares) / sum(shares))
    return np.column_stack([columns[name] for name in features]).astype(float)


def adult_baseline(features: list[str] = ADULT) -> np.ndarray:
    """Return the row of the most frequent values: many features of a row are equal to it."""
    values = {"Age": 36, "Hours per week": 40, "fnlwgt": 189_794, "Education-Num": 9}
    return np.array([[values.get(name, 0) for name in features]], dtype=float)


def continuous(rows: int, features: int = 12, seed: int = 2026) -> np.ndarray:
    """Make rows of which no value comes twice."""
    return np.random.default_rng(seed).normal(size=(rows, features))


def fitted(kind: str, data: np.ndarray) -> Any:
    """Fit a model ("logistic" or "boosting") to an outcome with interactions and noise."""
    rng = np.random.default_rng(7)
    scaled = (data - data.mean(axis=0)) / data.std(axis=0)
    linear = scaled @ rng.normal(size=data.shape[1])
    crossed = (scaled[:, ::2] * scaled[:, 1::2]).sum(axis=1)
    outcome = linear + 0.5 * crossed + rng.logistic(size=len(data)) > 0.5
    if kind == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression()).fit(data, outcome)
    model = GradientBoostingClassifier(n_estimators=100, max_depth=3, random_state=0)
    return model.fit(data, outcome)


def table(data: np.ndarray, names: list[str] | None = None) -> pa.RecordBatch:
    """Return the rows as a dataset would give them: whole columns as int64."""
    names = names or [f"x{i}" for i in range(data.shape[1])]
    columns = [c.astype(np.int64) if (c == np.round(c)).all() else c for c in data.T]
    return pa.RecordBatch.from_arrays([pa.array(np.ascontiguousarray(c)) for c in columns], names)


def probability(model: Any) -> Callable[[np.ndarray], np.ndarray]:
    """Return the model as both sides call it: the probability of the positive class, (rows,)."""
    return lambda cells: model.predict_proba(cells)[:, 1]


class Called:
    """A model in this process, as the engine calls one: a `clarify_engine.predict.Tabular`."""

    reference = "in process"

    def __init__(self, model: Callable[[np.ndarray], np.ndarray]) -> None:
        self._model = model

    def scores(self, features: pa.RecordBatch) -> np.ndarray:
        return self._model(to_matrix(features))


def scores_of(model: Any, features: list[str], workers: int = 1) -> Scores:
    """Return a model as a function from tables to scores, asked in CSV where it wants bodies."""
    asked = Predictor(endpoint_name="not-asked")
    return scoring(
        open_predictor(model, asked, dataset_type="text/csv", features=features, workers=workers)
    )
