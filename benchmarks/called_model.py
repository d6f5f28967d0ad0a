"""The callable of `shap_adult.py`, imported by the engine's processes: called_model:predict."""

import joblib
import numpy as np
from people import DATA

MODEL = joblib.load(DATA / "adult-model.joblib")


def predict(cells: np.ndarray) -> np.ndarray:
    return MODEL.predict_proba(cells)[:, 1]
