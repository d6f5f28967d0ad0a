"""Partial dependence beside scikit-learn's, and beside buckets of the real service."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.inspection import partial_dependence
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from clarify_engine.pdp import PdpGrid, PdpPredictions
from support_real import real

FEATURES = ["x", "age", "colour", "member"]


def table(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "x": rng.lognormal(size=rows),
            "age": rng.integers(18, 80, rows).astype(np.float64),
            "colour": rng.choice(["red", "green", "blue"], rows),
            "member": rng.random(rows) < 0.3,
        }
    )


def model(classes: int, estimator: Any) -> Any:
    data = table(400)
    score = data["x"] + data["age"] / 40 + data["member"] + (data["colour"] == "red")
    target = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    encoder = make_column_transformer(
        (OneHotEncoder(), ["colour"]), remainder="passthrough", sparse_threshold=0
    )
    return make_pipeline(encoder, estimator).fit(data, target)


@pytest.mark.parametrize(
    ("classes", "estimator"),
    [
        (2, GradientBoostingClassifier(n_estimators=20, random_state=0)),
        (3, LogisticRegression(max_iter=2000)),
    ],
    ids=["two classes", "three classes"],
)
def test_partial_dependence_is_that_of_scikit_learn(classes: int, estimator: Any) -> None:
    fitted, data = model(classes, estimator), table(700)

    def scores(batch: pa.RecordBatch) -> NDArray[np.float64]:
        sent = pd.DataFrame(
            {
                name: column.dictionary_decode().to_pylist()
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            }
        )
        found: NDArray[np.float64] = fitted.predict_proba(sent)
        # Of two classes scikit-learn gives the second one only.
        return found[:, 1:] if classes == 2 else found

    grid = PdpGrid(FEATURES, 15)
    batches = pa.Table.from_pandas(data, preserve_index=False).to_batches(max_chunksize=300)
    batches = [batch.cast(schema(batch)) for batch in batches]
    for batch in batches:
        grid.update(batch)
    predictions = PdpPredictions(grid.curves(FEATURES), FEATURES, scores, block_rows=1000)
    for batch in batches:
        predictions.update(batch)
    for entry in predictions.section([str(index) for index in range(classes)]):
        name = entry["feature_name"]
        expected = partial_dependence(
            fitted,
            data,
            [name],
            custom_values={name: np.array(entry["feature_values"])},
            response_method="predict_proba",
            method="brute",
            kind="average",
            categorical_features=["colour", "member"],
        )
        np.testing.assert_allclose(
            entry["model_predictions"], expected["average"], rtol=0, atol=1e-12
        )


def schema(batch: pa.RecordBatch) -> pa.Schema:
    """Return the schema with texts as the dataset has them."""
    return pa.schema(
        [
            field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
            for field in batch.schema
        ]
    )


def test_centres_are_those_of_the_service() -> None:
    # The sample shows four values of an age; a range of 19 to 75 in 15 buckets, the SDK's default,
    # explains them.
    sample = json.loads(real("model_card/clarify_explanability.json").read_text())
    (age, _) = sample["explanations"]["pdp"]
    grid = PdpGrid(["Age"], 15)
    grid.update(pa.record_batch({"Age": [75, 19, 33]}))
    (curve,) = grid.curves(["Age"])
    first = curve.values.to_pylist()[:4]
    # The third one has a digit too many (28.333366… for 28.3333…): the file was edited by hand.
    assert first == pytest.approx(age["feature_values"], abs=4e-5)
    assert [first[0], first[1], first[3]] == pytest.approx(
        [20.866666666666667, 24.6, 32.06666666666666], abs=1e-14
    )
