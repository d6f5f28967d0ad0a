"""The baseline of SHAP values: rows that say what it means that a feature is absent."""

from clarify_engine.baseline.opening import open_baseline
from clarify_engine.baseline.rows import Baseline

__all__ = ["Baseline", "open_baseline"]
