"""Partial dependence by the whole engine beside scikit-learn's, on real rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.inspection import partial_dependence
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from clarify_contract.config import AnalysisConfig
from clarify_engine.run import analyze
from support_real import real

FOLDER = "adult_linear_learner"
ASKED = ["Age", "fnlwgt", "Capital Gain", "Hours per week"]


class Called:
    """A model of scikit-learn, called with rows."""

    reference = "scikit-learn"

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator

    def scores(self, features: pa.RecordBatch) -> np.ndarray[Any, Any]:
        decoded = [
            column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            for column in features.columns
        ]
        cells = np.column_stack([np.asarray(column, np.float64) for column in decoded])
        scores: np.ndarray[Any, Any] = self._estimator.predict_proba(cells)
        return scores


@pytest.mark.parametrize(
    "estimator",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),
        GradientBoostingClassifier(n_estimators=20, random_state=0),
    ],
    ids=["logistic", "boosting"],
)
def test_curves_are_those_of_scikit_learn_on_the_same_grid(estimator: Any, tmp_path: Path) -> None:
    data = real(f"{FOLDER}/validation-dataset.jsonl")
    records = [json.loads(line) for line in data.read_text().splitlines()]
    rows = np.array([record["features"] for record in records], np.float64)
    estimator.fit(rows, [record["label"] for record in records])
    headers = json.loads(real(f"{FOLDER}/bias_analysis_config.json").read_text())["headers"]
    config = AnalysisConfig.load(
        {
            "dataset_type": "application/jsonlines",
            "features": "features",
            "label": "label",
            "headers": headers,
            "predictor": {
                "endpoint_name": "not-asked",
                "content_template": '{"features":$features}',
                "probability": "score",
            },
            "methods": {"pdp": {"features": ASKED, "grid_resolution": 12}},
        }
    )

    document = analyze(config, data, tmp_path / "output", model=Called(estimator)).document

    curves = document["explanations"]["pdp"]
    assert [curve["feature_name"] for curve in curves] == ASKED
    for curve in curves:
        place = headers.index(curve["feature_name"])
        expected = partial_dependence(
            estimator,
            rows,
            [place],
            custom_values={place: np.array(curve["feature_values"])},
            response_method="predict_proba",
            method="brute",
            kind="average",
        )["average"]
        assert len(curve["feature_values"]) == 12
        # Of two classes scikit-learn gives the second one only.
        np.testing.assert_allclose(curve["model_predictions"][1:], expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(curve["model_predictions"][:1], 1 - expected, rtol=0, atol=1e-12)
