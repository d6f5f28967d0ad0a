"""Kernel SHAP for many rows: what each feature adds to a prediction, and over all rows."""

from clarify_engine.shap.aggregate import Aggregate, Aggregation
from clarify_engine.shap.design import Estimator
from clarify_engine.shap.kernel import BLOCK_ROWS, KernelShap, Scores
from clarify_engine.shap.local_values import LocalValues

__all__ = [
    "BLOCK_ROWS",
    "Aggregate",
    "Aggregation",
    "Estimator",
    "KernelShap",
    "LocalValues",
    "Scores",
]
